"""Staff look through the documents in a browser; admins change them there."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Response

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from ingest.sync import sync
from tests.support.assistants import answer
from tests.support.chat import arrive
from tests.support.house import House
from tests.support.knowledge import write_knowledge
from tests.support.publishing import told_by_index
from tests.support.servers import served
from tests.support.staff import Desk
from tests.support.website import Website, page

FEES = "guidance/fees.md"
PAGE = "/console/knowledge"
GERMAN = """\
guidance/fees.md:
  "Refunds":
    draft: true
    asks:
      - "Bekomme ich mein Geld zurück?"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder of documents that the tests may change."""
    folder = write_knowledge(tmp_path / "knowledge")
    (folder / "languages").mkdir()
    (folder / "languages" / "de.yaml").write_text(GERMAN, "utf-8")
    (folder / "guidance" / "broken.md").write_text("---\nkind: gossip\n---\nText.\n")
    return Settings(
        environment="development",
        data_dir=tmp_path / "data",
        knowledge_dir=folder,
        fetch_from_loopback=True,
        fetch_delay_seconds=0,
    )


@pytest.fixture
def indexed(staffed: House, encoder: Encoder) -> House:
    sync(staffed.parts.settings, encoder=encoder)
    return staffed


async def version_of(house: House, path: str = FEES) -> str:
    return (await house.parts.knowledge.publisher.read(path)).version


async def edit(desk: Desk, house: House, **fields: str) -> tuple[int, str]:
    """Send the form of an edit; its status and page."""
    given = {"path": FEES, "seen": await version_of(house), "do": "publish", **fields}
    found = await desk.post(f"{PAGE}/edit", scripted=False, **given)
    return found.status_code, " ".join(found.text.split())


async def test_every_document_is_listed_with_its_state_and_what_waits(
    indexed: House, ben: Desk
) -> None:
    shown = await ben.see(PAGE)
    assert "Course fees and refunds" in shown
    assert "1 draft<" in shown
    assert "line 2: kind: Input should be" in shown
    refused = await ben.see(f"{PAGE}?state=refused")
    assert "Course fees" not in refused
    assert "guidance/broken.md" in refused
    assert "Course fees" in await ben.see(f"{PAGE}?q=FEES+refund&kind=guidance")
    assert "Nothing was found." in await ben.see(f"{PAGE}?q=zebra")
    assert "Add a document" not in shown
    assert re.findall(r'aria-current="true">(\w+)', shown) == ["Knowledge"]
    assert 'id="keys"' not in shown
    assert 'id="keys"' in await ben.see("/console")


async def test_without_an_index_the_page_says_what_to_do(
    staffed: House, ben: Desk
) -> None:
    found = await ben.client.get(PAGE)
    assert found.status_code == 409
    assert "run python -m ingest sync" in found.text


async def test_a_document_shows_its_sections_as_they_are_told_and_how_they_did(
    indexed: House, ben: Desk
) -> None:
    told = answer("You get it back.")
    kept = replace(told.provenance, sections=(f"{FEES}#Refunds",))
    indexed.assistant.reply = lambda _: replace(told, provenance=kept)
    visitor = await arrive(indexed.client)
    await visitor.say("Refund?")
    await indexed.work(after=0)

    shown = await ben.see(f"{PAGE}/document?path={FEES}")

    assert "You get all of your money back within 14 days" in shown
    assert "told 1 time in 90 days" in shown
    assert "not told in 90 days" in shown
    assert "Bekomme ich mein Geld zurück?" in shown
    assert "a draft: not used yet" in shown
    assert "Edit" not in shown.split('id="section-1"')[1]
    missing = await ben.client.get(f"{PAGE}/document?path=faq/none.md")
    assert missing.status_code == 404
    outside = await ben.client.get(f"{PAGE}/document?path=../bot.sqlite3")
    assert outside.status_code == 409


async def test_a_section_is_previewed_then_published_and_written_down(
    indexed: House, ana: Desk
) -> None:
    settings = indexed.parts.settings
    before = (settings.knowledge_dir / FEES).read_bytes()
    form = await ana.see(f"{PAGE}/edit?path={FEES}&part=1")
    assert 'value="Refunds"' in form
    words = "You get **half** of it <b>back</b>."
    fields = {"part": "1", "heading": "Refunds?", "words": words}

    status, shown = await edit(ana, indexed, do="preview", **fields)
    assert status == 200
    assert "<strong>half</strong> of it &lt;b&gt;back&lt;/b&gt;." in shown
    assert (settings.knowledge_dir / FEES).read_bytes() == before

    status, _ = await edit(ana, indexed, last_verified="2026-11-24", **fields)
    assert status == 303
    assert "half" in told_by_index(settings, FEES)
    assert "within 14 days" not in told_by_index(settings, FEES)
    text = (settings.knowledge_dir / FEES).read_text("utf-8")
    assert "last_verified: 2026-11-24\n" in text
    history = f'<a href="{PAGE}/history?path={FEES}">{FEES}</a>'
    assert f"<td>published {history}" in await ana.see("/console/office")


async def test_a_mistake_is_said_beside_the_form_and_no_word_is_lost(
    indexed: House, ana: Desk
) -> None:
    status, shown = await edit(
        ana, indexed, part="1", heading="Refunds", words="Mine.", source="nowhere"
    )
    assert status == 409
    assert "guidance/fees.md:4: source: an address starts with https://" in shown
    assert "Mine.</textarea>" in shown


async def test_who_edits_what_has_changed_meanwhile_sees_both_texts(
    indexed: House, ana: Desk
) -> None:
    seen = await version_of(indexed)
    await edit(ana, indexed, part="1", heading="Refunds", words="Theirs.")
    opened = {"part": "1", "opened": "Refunds", "seen": seen}
    mine = {**opened, "heading": "Refunds?", "words": "Mine."}

    status, shown = await edit(ana, indexed, **mine)

    assert status == 409
    assert "Somebody has changed this document since you opened it" in shown
    assert "Mine.</textarea>" in shown
    assert ">Theirs.</pre>" in shown
    assert "Theirs." in told_by_index(indexed.parts.settings, FEES)
    assert f'name="seen" value="{await version_of(indexed)}"' in shown
    assert 'name="part" value="1"' in shown


@pytest.mark.parametrize("there", ["## Refunds\n\nA.\n\n## Refunds\n\nB.\n", "None.\n"])
async def test_a_section_that_cannot_be_told_from_others_any_more_is_not_published(
    indexed: House, ana: Desk, there: str
) -> None:
    seen = await version_of(indexed)
    await edit(ana, indexed, words=there)
    mine = {"part": "1", "opened": "Refunds", "heading": "Refunds", "words": "Mine."}

    for _ in range(2):
        status, shown = await edit(ana, indexed, seen=seen, **mine)
        assert status == 409
        assert "copy your words" in shown
        assert "Mine.</textarea>" in shown
        assert f'name="seen" value="{seen}"' in shown


async def test_a_text_in_another_encoding_is_not_edited(
    indexed: House, ana: Desk
) -> None:
    folder = indexed.parts.settings.knowledge_dir
    content = "question,answer\nGebühr?,fünf Euro\n".encode("latin-1")
    (folder / "faq" / "fee.csv").write_bytes(content)

    found = await ana.client.get(f"{PAGE}/edit?path=faq/fee.csv")
    assert (found.status_code, "is not UTF-8" in found.text) == (409, True)
    given = {"path": "faq/fee.csv", "seen": await version_of(indexed, "faq/fee.csv")}
    status, _ = await edit(ana, indexed, words="question,answer\nFee?,5\n", **given)
    assert status == 409
    assert (folder / "faq" / "fee.csv").read_bytes() == content


async def test_a_document_with_broken_front_matter_is_opened_and_mended(
    indexed: House, ana: Desk
) -> None:
    broken = "guidance/broken.md"
    shown = await ana.see(f"{PAGE}/document?path={broken}")
    assert '<p class="problem">guidance/broken.md:2: kind' in shown
    form = await ana.see(f"{PAGE}/edit?path={broken}")
    assert "kind: gossip" in form
    assert "Add a section" not in shown
    head = "---\ntitle: Tea\nkind: guidance\nlast_verified: 2026-11-24\n---\n"
    mended = head + "## Tea?\n\nTea.\n"
    seen = await version_of(indexed, broken)
    status, page_of_it = await edit(ana, indexed, path=broken, seen=seen, words=mended)
    assert status == 303, page_of_it


async def test_the_page_of_a_table_says_what_is_told_of_it(
    indexed: House, ana: Desk
) -> None:
    folder = indexed.parts.settings.knowledge_dir
    (folder / "faq" / "tea.csv").write_text("question,answer\nTea?,1 euro.\n", "utf-8")
    assert "faq/tea.csv" in await ana.see(f"{PAGE}/document?path=faq/tea.csv")


async def test_a_version_is_compared_and_restored(indexed: House, ana: Desk) -> None:
    await edit(ana, indexed, part="1", heading="Refunds", words="Nothing back.")
    shown = await ana.see(f"{PAGE}/history?path={FEES}")
    assert "added: </span>Nothing back." in shown
    assert "taken out: </span>You get all of your money back" in shown

    restored = await ana.post(
        f"{PAGE}/restore", path=FEES, version="1", seen=await version_of(indexed)
    )
    assert restored.status_code == 204
    assert "within 14 days" in told_by_index(indexed.parts.settings, FEES)
    again = await ana.post(f"{PAGE}/restore", path=FEES, version="x", seen="")
    assert (again.status_code, again.json()["detail"]) == (409, "that is no number")


async def test_a_whole_text_is_edited_and_a_document_removed(
    indexed: House, ana: Desk
) -> None:
    settings = indexed.parts.settings
    text = (settings.knowledge_dir / FEES).read_text("utf-8")
    status, _ = await edit(ana, indexed, words=text.replace("450", "451"))
    assert status == 303
    assert "451 euros" in told_by_index(settings, FEES)
    await ana.post(f"{PAGE}/remove", path=FEES, seen=await version_of(indexed))
    assert told_by_index(settings, FEES) == ""
    assert "removed" in await ana.see(f"{PAGE}/history?path={FEES}")
    history = f'<a href="{PAGE}/history?path={FEES}">{FEES}</a>'
    assert f"<td>removed the document {history}" in await ana.see("/console/office")


async def test_a_draft_that_somebody_has_read_is_used(
    indexed: House, ana: Desk
) -> None:

    async def approved(language: str) -> int:
        done = await ana.post(
            f"{PAGE}/approve", path=FEES, heading="Refunds", language=language
        )
        return done.status_code

    assert await approved("de") == 204
    catalogue = indexed.parts.settings.knowledge_dir / "languages" / "de.yaml"
    assert catalogue.read_text("utf-8") == GERMAN.replace("    draft: true\n", "")
    shown = await ana.see(f"{PAGE}/document?path={FEES}")
    assert "Bekomme ich mein Geld zurück?" in shown
    assert "a draft" not in shown
    assert await approved("de") == 404
    assert await approved("../organisation") == 409


async def publish_shown(desk: Desk, shown: str) -> str:
    """Publish what a preview shows; where that leads."""
    done = await press_publish(desk, shown)
    assert done.status_code == 303, done.text
    return done.headers["Location"]


async def press_publish(desk: Desk, shown: str) -> Response:
    """Send the form of a preview."""
    given = {
        name: shown.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]
        for name in ("token", "seen")
    }
    return await desk.post(f"{PAGE}/arrived", scripted=False, **given)


async def test_an_upload_never_writes_over_what_somebody_published_meanwhile(
    indexed: House, ana: Desk
) -> None:
    settings = indexed.parts.settings
    given = {"title": "Where to park?", "kind": "faq", "last_verified": "2026-11-24"}
    mine, theirs = [
        (await ana.post(f"{PAGE}/new", scripted=False, words=words, **given)).text
        for words in ("Behind the house.", "Before the house.")
    ]
    await publish_shown(ana, theirs)

    refused = await press_publish(ana, mine)

    assert refused.status_code == 409
    assert "somebody has changed" in refused.text
    assert "Behind the house." in refused.text
    assert "Before" in told_by_index(settings, "faq/where-to-park.md")
    await publish_shown(ana, refused.text)
    assert "Behind" in told_by_index(settings, "faq/where-to-park.md")


async def test_a_page_that_cannot_be_listed_among_the_sources_is_not_published(
    indexed: House, ana: Desk
) -> None:
    folder = indexed.parts.settings.knowledge_dir
    (folder / "sources.yaml").write_text("pages: []\n", "utf-8")
    site = Website({"/rail": page("Rail studies", "It takes two years of work.")})
    async with served(site) as server:
        fetched = await ana.post(f"{PAGE}/fetch", scripted=False, url=f"{server}/rail")
    refused = await press_publish(ana, fetched.text)
    assert refused.status_code == 409
    assert "to its pages by hand" in refused.text
    assert not list(folder.glob("web/**/*.md"))
    (folder / "sources.yaml").unlink()
    await publish_shown(ana, fetched.text)
    assert f"{server}/rail" in (folder / "sources.yaml").read_text("utf-8")


async def test_a_document_is_written_uploaded_and_fetched(
    indexed: House, ana: Desk
) -> None:
    settings = indexed.parts.settings
    written = await ana.post(
        f"{PAGE}/new",
        scripted=False,
        title="Where to park?",
        kind="faq",
        last_verified="2026-11-24",
        words="Behind the house.",
    )
    assert "It becomes <code>faq/where-to-park.md</code>" in written.text
    where = await publish_shown(ana, written.text)
    assert where.endswith("document?path=faq%2Fwhere-to-park.md")
    assert "Behind the house." in told_by_index(settings, "faq/where-to-park.md")

    uploaded = await ana.client.post(
        f"{PAGE}/upload",
        data={"csrf": written.text.split('name="csrf" value="')[1][:64], "kind": "faq"},
        files={"file": ("../Our ch@rges!.CSV", b"question,answer\nTea?,1 euro.\n")},
    )
    assert "It becomes <code>faq/Our-ch-rges.csv</code>" in uploaded.text
    await publish_shown(ana, uploaded.text)
    assert "1 euro" in told_by_index(settings, "faq/Our-ch-rges.csv")

    site = Website({"/rail": page("Rail studies", "It takes two years of work.")})
    async with served(site) as server:
        fetched = await ana.post(f"{PAGE}/fetch", scripted=False, url=f"{server}/rail")
        assert "It takes two years of work." in fetched.text
        await publish_shown(ana, fetched.text)
    assert f'url: "{server}/rail"' in (
        settings.knowledge_dir / "sources.yaml"
    ).read_text("utf-8")


async def test_what_may_not_come_in_is_said_in_the_form(
    indexed: House, ana: Desk
) -> None:
    refused = [
        ("new", {"title": "...", "words": "x"}, "title: a document needs one"),
        ("upload", {}, "choose a file first"),
        ("fetch", {"url": "file:///etc/passwd"}, "https"),
        ("fetch", {"url": "http://169.254.169.254/latest"}, "169.254"),
        ("arrived", {"token": "../../bot.sqlite3"}, "waited too long"),
    ]
    for name, fields, reason in refused:
        found = await ana.post(f"{PAGE}/{name}", scripted=False, **fields)
        assert found.status_code in {404, 409}, name
        assert reason in found.text, (name, found.text)
