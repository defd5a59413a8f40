"""What comes from the web is kept up to date, and goes when its source goes."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import BotError, DocumentError
from bot.outside import PinnedBackend
from ingest.__main__ import main
from ingest.check import check
from ingest.documents import read_documents
from ingest.nightly import run_night
from ingest.web.fetching import Fetcher
from ingest.web.pages import page_path
from ingest.web.refreshing import Refreshed, Refresher
from ingest.web.sources import add_page, read_sources
from tests.support.clock import Clock
from tests.support.indexing import indexed_documents
from tests.support.knowledge import DOCUMENTS, write_knowledge
from tests.support.servers import served
from tests.support.website import Website, page

DAY = 86_400.0
TEXT = "The railway certificate of Harbour College takes nine weeks of evening study."


class Desk:
    """Documents, a web site, and a clock."""

    def __init__(self, folder: Path, address: str, site: Website) -> None:
        self.settings = Settings(
            data_dir=folder / "data",
            knowledge_dir=write_knowledge(folder / "knowledge"),
            fetch_from_loopback=True,
            fetch_delay_seconds=0.0,
        )
        self.address, self.site, self.clock = address, site, Clock()

    def sources(self, text: str) -> None:
        path = self.settings.knowledge_dir / "sources.yaml"
        path.write_text(text.replace("SITE", self.address), "utf-8")

    async def refresh(self, url: str = "", *, everything: bool = False) -> Refreshed:
        def work() -> Refreshed:
            backend = PinnedBackend(loopback_allowed=True)
            with Fetcher(backend, delay=0.0) as fetcher:
                refresher = Refresher(self.settings, fetcher, self.clock)
                return (
                    refresher.add(url) if url else refresher.run(everything=everything)
                )

        return await asyncio.to_thread(work)

    def document(self, path: str) -> Path:
        return self.settings.knowledge_dir / page_path(self.address + path)

    def pages(self) -> list[str]:
        folder = self.settings.knowledge_dir / "web"
        return sorted(p.name.rpartition("-")[0] for p in folder.rglob("*.md"))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    site = Website({"/rail": page("Railway certificate", TEXT)})
    async with served(site) as address:
        yield Desk(tmp_path, address, site)


async def test_a_page_becomes_a_document_without_what_is_around_it(
    desk: Desk,
) -> None:
    url = f"{desk.address}/rail"
    assert await desk.refresh(url) == Refreshed(written=[url])
    found = read_documents(desk.settings.knowledge_dir)
    (rail,) = [document for document in found if document.path.startswith("web/")]
    assert rail.path == page_path(url)
    assert rail.about.title == "Railway certificate"
    assert (rail.about.source, str(rail.about.last_verified)) == (url, "2026-11-24")
    assert TEXT in rail.body
    assert "## Who may apply" in rail.body
    assert "- Bring your passport" in rail.body
    assert "| Rail | 200 |" in rail.body
    assert "cookies" not in rail.body
    assert "About us" not in rail.body
    assert [
        source.url for source in read_sources(desk.settings.knowledge_dir).pages
    ] == [url]


async def test_a_page_that_cannot_be_had_is_not_kept(desk: Desk) -> None:
    url = f"{desk.address}/nothing"
    done = await desk.refresh(url)
    assert done.failed == {url: "the site answers with status 404"}
    assert desk.pages() == []
    assert not (desk.settings.knowledge_dir / "sources.yaml").exists()


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Response(b"\x89PNG", media_type="image/png"), "image/png is not a kind"),
        (Response("<html></html>", media_type="text/html"), "no text in it"),
        (Response(" ", media_type="text/plain"), "no text in it"),
        (Response(status_code=304), "nothing is known"),
    ],
)
async def test_what_holds_no_text_is_refused(
    answer: Response, problem: str, desk: Desk
) -> None:
    desk.site.pages["/a"] = answer
    done = await desk.refresh(f"{desk.address}/a")
    assert problem in done.failed[f"{desk.address}/a"]


@pytest.mark.parametrize(
    "content",
    [
        b"<p>Fee: 5 &lt;b&gt;EUR&lt;/b&gt; a day.",
        b"<ul><li><a href='/1'>Course 1</a><li><a href='/2'>Course 2</a></ul>",
        f"<div class='comments'><p>{TEXT}</p></div><p>{TEXT} It is so.".encode(),
        f"<meta charset='windows-1252'><p>{TEXT} Gebühr: 5 €.".encode("cp1252"),
    ],
    ids=["tags", "list", "comments", "charset"],
)
async def test_a_page_reads_the_same_from_the_web_and_from_a_file(
    content: bytes, desk: Desk
) -> None:
    desk.site.pages["/a"] = Response(content, headers={"Content-Type": "text/html"})
    await desk.refresh(f"{desk.address}/a")
    (desk.settings.knowledge_dir / "a.html").write_bytes(content)
    found = read_documents(desk.settings.knowledge_dir)
    (file,) = [document for document in found if document.path == "a.html"]
    (fetched,) = [document for document in found if document.path.startswith("web/")]
    assert fetched.body == file.body


async def test_what_is_no_text_is_refused(desk: Desk) -> None:
    noise = Response(bytes(range(32)) * 9, headers={"Content-Type": "text/html"})
    desk.site.pages["/a"] = noise
    done = await desk.refresh(f"{desk.address}/a")
    assert done.failed == {f"{desk.address}/a": "is not text"}


async def test_plain_text_is_taken_as_it_is(desk: Desk) -> None:
    desk.site.pages["/a.txt"] = PlainTextResponse("Fees are due in May.")
    await desk.refresh(f"{desk.address}/a.txt")
    assert desk.document("/a.txt").read_text().endswith("---\nFees are due in May.\n")


async def test_only_what_is_due_is_fetched(desk: Desk) -> None:
    desk.site.pages["/b"] = page("Bridges", TEXT)
    desk.sources(
        "pages:\n- url: SITE/rail\n  every: daily\n  topics: [rail]\n"
        "- url: SITE/b\n  every: weekly"
    )
    assert len((await desk.refresh()).written) == 2
    assert "topics:\n- rail\n" in desk.document("/rail").read_text()
    assert await desk.refresh() == Refreshed()
    desk.clock.advance(DAY)
    assert (await desk.refresh()).unchanged == [f"{desk.address}/rail"]
    desk.clock.advance(6 * DAY)
    assert len((await desk.refresh()).unchanged) == 2
    assert len((await desk.refresh(everything=True)).unchanged) == 2


async def test_a_changed_page_replaces_its_document(desk: Desk) -> None:
    desk.sources("pages: [{url: SITE/rail, every: daily}]")
    await desk.refresh()
    desk.site.pages["/rail"] = page("Railway certificate", TEXT.replace("nine", "ten"))
    desk.clock.advance(DAY)
    assert (await desk.refresh()).written == [f"{desk.address}/rail"]
    text = desk.document("/rail").read_text()
    assert "ten weeks" in text
    assert "last_verified: 2026-11-25" in text


def conditional(request: Request) -> Response:
    """A page that never changes, for whoever knows its tag."""
    if request.headers.get("if-none-match") == '"7"':
        return Response(status_code=304)
    return Response(page("Rail", TEXT), media_type="text/html", headers={"ETag": '"7"'})


async def test_an_unchanged_page_gets_a_new_date_now_and_then(desk: Desk) -> None:
    desk.site.pages["/rail"] = conditional
    desk.sources("pages: [{url: SITE/rail, every: daily}]")
    await desk.refresh()
    for days, day in ((29, "2026-11-24"), (1, "2026-12-24")):
        desk.clock.advance(days * DAY)
        assert (await desk.refresh()).unchanged == [f"{desk.address}/rail"]
        assert f"last_verified: {day}" in desk.document("/rail").read_text()
    desk.document("/rail").unlink()
    assert (await desk.refresh(everything=True)).written == [f"{desk.address}/rail"]


async def test_a_page_that_fails_keeps_its_document_and_is_found_by_a_check(
    desk: Desk, encoder: Encoder
) -> None:
    desk.sources("pages: [{url: SITE/rail, every: daily}]")
    await desk.refresh()
    del desk.site.pages["/rail"]
    desk.clock.advance(DAY)
    await desk.refresh()
    assert desk.document("/rail").exists()
    found = check(desk.settings, encoder=encoder, clock=desk.clock)
    assert [
        f"{one.where}: {one.message}" for one in found if "web" not in one.where
    ] == [f"sources.yaml: {desk.address}/rail: the site answers with status 404"]


async def test_what_failed_is_tried_again_the_next_night(desk: Desk) -> None:
    here = desk.address
    desk.site.pages |= {"/map.xml": sitemap(f"{here}/a"), "/list.xml": Response("no")}
    desk.sources(
        "pages: [{url: SITE/b}]\nsitemaps: [{url: SITE/map.xml}, {url: SITE/list.xml}]"
    )
    failed = await desk.refresh()
    assert set(failed.failed) == {f"{here}/{n}" for n in ("a", "b", "list.xml")}
    assert await desk.refresh() == Refreshed()
    desk.site.pages |= {f"/{n}": page(n, f"{TEXT} It is {n}.") for n in "abc"}
    desk.site.pages["/list.xml"] = sitemap(f"{here}/c")
    desk.clock.advance(DAY)
    done = await desk.refresh()
    assert (set(done.written), done.failed) == ({f"{here}/{n}" for n in "abc"}, {})
    assert desk.site.visits("/map.xml") == 1
    desk.clock.advance(DAY)
    assert await desk.refresh() == Refreshed()


async def test_a_page_that_failed_once_is_still_known_by_its_tag(desk: Desk) -> None:
    desk.site.pages["/rail"] = conditional
    desk.sources("pages: [{url: SITE/rail, every: daily}]")
    await desk.refresh()
    desk.site.pages["/rail"] = PlainTextResponse("", 503)
    desk.clock.advance(DAY)
    assert len((await desk.refresh()).failed) == 1
    desk.site.pages["/rail"] = conditional
    desk.clock.advance(DAY)
    assert (await desk.refresh()).unchanged == [f"{desk.address}/rail"]
    assert desk.site.headers[-1]["if-none-match"] == '"7"'


async def test_what_the_sources_say_of_a_page_is_taken_over_the_next_night(
    desk: Desk,
) -> None:
    here = desk.address
    desk.site.pages |= {"/rail": conditional, "/map.xml": sitemap(f"{here}/a")}
    desk.site.pages["/a"] = conditional
    told = "pages: [{{url: SITE/rail{0}}}]\nsitemaps: [{{url: SITE/map.xml{0}}}]"
    desk.sources(told.format(""))
    await desk.refresh()
    desk.sources(told.format(", kind: faq, country: [uk]"))
    assert set((await desk.refresh()).written) == {f"{here}/rail", f"{here}/a"}
    for path in ("/rail", "/a"):
        text = desk.document(path).read_text()
        assert "kind: faq\n" in text
        assert "country:\n- uk\n" in text
    assert await desk.refresh() == Refreshed()
    desk.sources(told.format(", kind: faq"))
    desk.site.pages["/rail"] = Response(status_code=304)
    done = await desk.refresh()
    assert done.written == [f"{here}/a"]
    assert "nothing is known" in done.failed[f"{here}/rail"]
    assert "country:" not in desk.document("/a").read_text()
    assert "country:" in desk.document("/rail").read_text()


async def test_what_is_said_of_a_page_by_itself_counts_more_than_of_its_site(
    desk: Desk,
) -> None:
    desk.site.pages["/map.xml"] = sitemap(f"{desk.address}/rail")
    desk.sources(
        "pages: [{url: SITE/rail, kind: faq}]\nsitemaps: [{url: SITE/map.xml}]"
    )
    await desk.refresh()
    assert desk.site.visits("/rail") == 1
    assert "kind: faq\n" in desk.document("/rail").read_text()


async def test_a_document_goes_with_its_source(desk: Desk) -> None:
    desk.sources("pages: [{url: SITE/rail}]")
    await desk.refresh()
    desk.sources("pages: []")
    assert (await desk.refresh()).removed == [f"{desk.address}/rail"]
    assert desk.pages() == []


def sitemap(*addresses: str) -> Response:
    listed = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return Response(f"<urlset>{listed}</urlset>", media_type="application/xml")


async def test_a_sitemap_brings_the_pages_of_its_site_and_takes_them_away(
    desk: Desk,
) -> None:
    here = desk.address
    desk.site.pages |= {
        "/sitemap.xml": Response(
            f"<sitemapindex><sitemap><loc>{here}/one.xml</loc></sitemap>"
            f"<sitemap><loc>{here}/sitemap.xml</loc></sitemap></sitemapindex>"
        ),
        "/one.xml": sitemap(
            *(f"{here}/c/{n}" for n in "abcd"), "https://example.org/c/x", f"{here}/z"
        ),
        **{f"/c/{n}": page(f"Course {n}", f"{TEXT} Course {n}.") for n in "abcd"},
    }
    desk.sources(
        "sitemaps: [{url: SITE/sitemap.xml, only: /c/, most: 3, every: daily}]"
    )
    assert len((await desk.refresh()).written) == 3
    assert desk.pages() == ["c-a", "c-b", "c-c"]
    desk.site.pages["/one.xml"] = sitemap(f"{here}/c/b")
    assert await desk.refresh() == Refreshed()
    desk.clock.advance(DAY)
    assert (await desk.refresh()).removed == [f"{here}/c/a", f"{here}/c/c"]
    desk.site.pages["/one.xml"] = sitemap()
    desk.clock.advance(DAY)
    assert "lists no page" in (await desk.refresh()).failed[f"{here}/sitemap.xml"]
    assert desk.pages() == ["c-b"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pages: [", r"sources\.yaml:1: not valid YAML"),
        ("pages:\n- url: example.org", r"pages\.0\.url: an address starts with"),
        ("pages:\n- url: https://a.org\n  every: hour", r"pages\.0\.every: Input"),
        ("sites: []", "sites: Extra inputs"),
    ],
)
async def test_a_mistake_in_the_sources_is_named(
    text: str, problem: str, desk: Desk, encoder: Encoder
) -> None:
    desk.sources(text)
    with pytest.raises(DocumentError, match=problem):
        await desk.refresh()
    found = check(desk.settings, encoder=encoder, clock=desk.clock)
    assert found[0].where.startswith("sources.yaml")
    (desk.settings.knowledge_dir / "sources.yaml").write_bytes(b"\xff")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_sources(desk.settings.knowledge_dir)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# ours\npages:\n    - url: https://a.org/  # first\n\nsitemaps: []\n",
        "pages:\n- url: https://a.org/\n  every: daily",
        "sitemaps: []\n",
    ],
)
def test_a_page_is_added_and_comments_stay(before: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(before)
    assert add_page(tmp_path, "https://b.org/?a=b#c: d")
    assert not add_page(tmp_path, "https://b.org/?a=b#c: d")
    urls = [source.url for source in read_sources(tmp_path).pages]
    assert urls[-1] == "https://b.org/?a=b#c: d"
    assert ("https://a.org/" in urls) is ("a.org" in before)
    assert set(before.splitlines()) <= set(path.read_text().splitlines())


@pytest.mark.parametrize("pages", ["[{url: https://a.org}]", "[]", ""])
def test_what_cannot_be_added_is_left_to_the_editor(pages: str, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(f"sitemaps: []\npages: {pages}\n")
    with pytest.raises(DocumentError, match=r"by hand|valid list"):
        add_page(tmp_path, "https://b.org")
    assert "b.org" not in (tmp_path / "sources.yaml").read_text()


async def test_a_damaged_memory_is_said_so(desk: Desk) -> None:
    desk.settings.data_dir.mkdir()
    (desk.settings.data_dir / "web.json").write_text("[")
    with pytest.raises(BotError, match="every page is fetched again"):
        await desk.refresh()


async def test_a_night_fetches_syncs_and_checks(desk: Desk, encoder: Encoder) -> None:
    desk.sources("pages: [{url: SITE/rail, every: daily}, {url: SITE/no}]")

    def night() -> dict[str, object]:
        report = run_night(desk.settings, encoder=encoder, clock=desk.clock)
        return report.as_fields()

    first = await asyncio.to_thread(night)
    assert (first["written"], first["failed"], first["synced"]) == (1, 1, True)
    assert first["findings"] == {"broken": 2}
    assert indexed_documents(desk.settings) == {
        *DOCUMENTS,
        page_path(f"{desk.address}/rail"),
    }
    again = await asyncio.to_thread(night)
    assert (again["written"], again["synced"], again["problem"]) == (0, False, None)
    (desk.settings.knowledge_dir / "new.md").write_text("---\nkind: odd\n---\nText.")
    desk.sources("pages: [")
    bad = await asyncio.to_thread(night)
    assert "sources.yaml:1" in str(bad["problem"])
    assert "new.md" not in str(bad["problem"])  # one bad document stops nothing


async def test_a_night_without_a_store_still_fetches_and_checks(
    desk: Desk, encoder: Encoder
) -> None:
    desk.sources("pages: [{url: SITE/rail}, {url: SITE/no}]")
    gone = desk.settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    report = await asyncio.to_thread(run_night, gone, encoder=encoder, clock=desk.clock)
    assert (report.written, report.failed, report.synced) == (1, 1, False)
    assert report.findings == {"broken": 2}
    assert "127.0.0.1:9" in str(report.problem)


async def test_a_night_without_documents_says_so(desk: Desk, encoder: Encoder) -> None:
    shutil.rmtree(desk.settings.knowledge_dir)
    report = await asyncio.to_thread(
        run_night, desk.settings, encoder=encoder, clock=desk.clock
    )
    assert (report.findings, report.synced) == ({}, False)
    assert str(report.problem).count("is not a folder") == 1


async def test_the_commands_say_what_they_fetched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(desk.settings.knowledge_dir))
    monkeypatch.setenv("DATA_DIR", str(desk.settings.data_dir))
    monkeypatch.setenv("FETCH_FROM_LOOPBACK", "true")
    monkeypatch.setenv("FETCH_DELAY_SECONDS", "0")
    desk.site.pages["/b"] = RedirectResponse("/rail")
    url = f"{desk.address}/b"
    assert await asyncio.to_thread(main, ["add-url", url]) == 0
    assert capsys.readouterr().out == (
        f"written: {url}\nrun python -m ingest sync to use what is new\n"
    )
    assert await asyncio.to_thread(main, ["fetch", "--all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == [url]
    desk.site.pages.clear()
    assert await asyncio.to_thread(main, ["fetch", "--all"]) == 1
    assert capsys.readouterr().out == (
        f"failed: {url}: the site answers with status 404\n"
    )
    assert await asyncio.to_thread(main, ["nightly"]) == 0
    assert json.loads(capsys.readouterr().out)["synced"] is True
