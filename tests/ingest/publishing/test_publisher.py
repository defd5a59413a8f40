"""A document is changed in the folder and in answers together, or not at all."""

import asyncio
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import (
    BotError,
    ChangedMeanwhileError,
    DocumentError,
    NotFoundError,
)
from bot.publishing import Deed
from ingest.publishing.publisher import KnowledgePublisher
from tests.support.clock import Clock
from tests.support.indexing import generation_of
from tests.support.publishing import (
    files_of,
    own_settings,
    publisher_of,
    told_by_index,
)

FEES = "guidance/fees.md"
NO_DOCUMENTS = [
    "../secret.md",
    "guidance/../../secret.md",
    "/etc/passwd",
    "guidance//fees.md",
    "guidance/.hidden.md",
    ".git/config",
    "guidance/fees.md\0.txt",
    "guidance\\fees.md",
    "",
    "guidance",
    "organisation.yaml",
    "examples/wants.yaml",
    "languages/vectors.npz",
    "faq/" + "x" * 200 + ".md",
    "outside/secret.md",
]
OLD, NEW = b"450 euros", b"475 euros"


@pytest.fixture
def own(tmp_path: Path, sample_data: Path) -> Settings:
    return own_settings(tmp_path, sample_data)


@pytest.fixture
def publisher(own: Settings, encoder: Encoder, clock: Clock) -> KnowledgePublisher:
    return publisher_of(own, encoder, clock)


async def test_what_is_published_is_in_the_folder_and_in_the_index(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    before = await publisher.read(FEES)
    changed = before.content.replace(OLD, NEW)

    done = await publisher.publish(FEES, changed, seen=before.version, by="Ana")

    assert (own.knowledge_dir / FEES).read_bytes() == changed
    told = told_by_index(own, FEES)
    assert "475 euros" in told
    assert "450 euros" not in told
    assert done.version == (await publisher.read(FEES)).version
    assert done.generation == generation_of(own)


async def test_an_edit_of_what_has_changed_meanwhile_is_refused_with_both_texts(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    seen = (await publisher.read(FEES)).version
    content = (own.knowledge_dir / FEES).read_bytes()
    mine, theirs = content.replace(OLD, b"480 euros"), content.replace(OLD, NEW)
    await publisher.publish(FEES, theirs, seen=seen, by="Ben")

    with pytest.raises(ChangedMeanwhileError) as refused:
        await publisher.publish(FEES, mine, seen=seen, by="Ana")

    assert (refused.value.yours, refused.value.now) == (mine, theirs)
    assert refused.value.version == (await publisher.read(FEES)).version
    assert (own.knowledge_dir / FEES).read_bytes() == theirs


async def test_of_two_edits_at_once_one_wins_and_the_other_is_asked(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    before = await publisher.read(FEES)
    edits = [before.content.replace(OLD, b"%d euros" % sum_) for sum_ in (501, 502)]

    ends = await asyncio.gather(
        *(publisher.publish(FEES, one, seen=before.version, by="Ana") for one in edits),
        return_exceptions=True,
    )

    assert sum(isinstance(end, ChangedMeanwhileError) for end in ends) == 1
    assert (own.knowledge_dir / FEES).read_bytes() in edits


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"2026-05-12", b"2026-13-12", f"{FEES}:5: last_verified"),
        (b"kind: guidance", b"kind: gossip", f"{FEES}:3: kind"),
        (b"https://example.org/fees", b"example", f"{FEES}:4: source"),
        (b"\n---\nThe fee", b"\nThe fee", f"{FEES}:1: front matter is not closed"),
    ],
)
async def test_a_mistake_is_refused_by_name_line_and_reason_and_nothing_changes(
    publisher: KnowledgePublisher, own: Settings, old: bytes, new: bytes, reason: str
) -> None:
    before = await publisher.read(FEES)
    files, generation = files_of(own.knowledge_dir), generation_of(own)

    with pytest.raises(DocumentError, match=reason):
        await publisher.publish(
            FEES, before.content.replace(old, new), seen=before.version, by="Ana"
        )

    assert files_of(own.knowledge_dir) == files
    assert generation_of(own) == generation
    assert await publisher.history(FEES) == []


async def test_a_reference_to_no_figure_is_refused(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    figures = "uk.fee:\n  value: 5\n  unit: GBP\n  source: https://example.org\n"
    (own.knowledge_dir / "figures.yaml").write_text(figures + "  as_of: 2026-05-12\n")
    before = await publisher.read(FEES)
    changed = before.content.replace(OLD, b"{{uk.fees}}")
    with pytest.raises(DocumentError, match=f"{FEES}:8: there is no figure"):
        await publisher.publish(FEES, changed, seen=before.version, by="Ana")


async def test_what_cannot_be_indexed_stays_as_it_was(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    """A broken catalogue stops a sync; the document is not half changed then."""
    languages = own.knowledge_dir / "languages"
    languages.mkdir()
    (languages / "de.yaml").write_text("guidance/fees.md: no mapping\n")
    before = await publisher.read(FEES)

    with pytest.raises(BotError, match=r"languages/de\.yaml"):
        await publisher.publish(
            FEES, before.content.replace(OLD, NEW), seen=before.version, by="Ana"
        )

    assert await publisher.read(FEES) == before
    assert "450 euros" in told_by_index(own, FEES)


async def test_a_publication_waits_for_a_sync_that_is_under_way(
    own: Settings, encoder: Encoder, clock: Clock
) -> None:
    other = open_store(own).writing()
    other.__enter__()
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        other.__exit__(None, None, None)

    publisher = KnowledgePublisher(own, encoder=encoder, clock=clock, pause=pause)
    before = await publisher.read(FEES)
    changed = before.content.replace(OLD, NEW)
    await publisher.publish(FEES, changed, seen=before.version, by="Ana")
    assert len(waited) == 1
    assert "475 euros" in told_by_index(own, FEES)


async def test_every_version_can_be_seen_and_restored(
    publisher: KnowledgePublisher, own: Settings, clock: Clock
) -> None:
    first = await publisher.read(FEES)
    second = first.content.replace(OLD, NEW)
    done = await publisher.publish(FEES, second, seen=first.version, by="Ana")
    clock.advance(60)

    await publisher.restore(FEES, 1, seen=done.version, by="Ben")

    history = await publisher.history(FEES)
    assert [(one.number, one.by, one.deed) for one in history] == [
        (3, "Ben", Deed.RESTORED),
        (2, "Ana", Deed.EDITED),
        (1, "", Deed.FOUND),
    ]
    assert history[0].at == clock()
    assert (await publisher.kept(FEES, 2)).content == second
    assert await publisher.read(FEES) == first
    assert "450 euros" in told_by_index(own, FEES)
    assert files_of(own.knowledge_dir).keys() & {"versions"} == set()


async def test_an_edit_by_other_means_is_a_version_too(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    first = await publisher.read(FEES)
    second = first.content.replace(OLD, NEW)
    await publisher.publish(FEES, second, seen=first.version, by="Ana")
    by_hand = first.content.replace(OLD, b"499 euros")
    (own.knowledge_dir / FEES).write_bytes(by_hand)

    seen = (await publisher.read(FEES)).version
    await publisher.publish(FEES, second, seen=seen, by="Ana")

    deeds = [one.deed for one in await publisher.history(FEES)]
    assert deeds == [Deed.EDITED, Deed.FOUND, Deed.EDITED, Deed.FOUND]
    assert (await publisher.kept(FEES, 3)).content == by_hand


async def test_a_document_can_be_added_removed_and_had_back(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    path = "faq/new/parking.md"
    text = b"---\ntitle: Parking\nkind: faq\nlast_verified: 2026-11-01\n---\n# Cars\n\nPark behind the house.\n"  # noqa: E501
    added = await publisher.publish(path, text, seen=None, by="Ana")
    assert "behind the house" in told_by_index(own, path)
    with pytest.raises(ChangedMeanwhileError):
        await publisher.publish(path, text, seen=None, by="Ana")

    assert added.version is not None
    await publisher.remove(path, seen=added.version, by="Ben")
    assert told_by_index(own, path) == ""
    with pytest.raises(NotFoundError):
        await publisher.read(path)

    await publisher.restore(path, 1, seen=None, by="Ana")
    assert "behind the house" in told_by_index(own, path)
    deeds = [one.deed for one in await publisher.history(path)]
    assert deeds == [Deed.RESTORED, Deed.REMOVED, Deed.ADDED]
    with pytest.raises(NotFoundError, match="version 2"):
        await publisher.kept(path, 2)


async def test_a_line_of_the_log_that_a_crash_cut_off_costs_nothing_else(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    before = await publisher.read(FEES)
    content = before.content.replace(OLD, NEW)
    done = await publisher.publish(FEES, content, seen=before.version, by="Ana")
    (log,) = (own.data_dir / "versions").rglob("log.jsonl")
    log.write_text(log.read_text("utf-8") + '{"path": "gui', "utf-8")

    await publisher.publish(FEES, before.content, seen=done.version, by="Ben")

    names = [one.by for one in await publisher.history(FEES)]
    assert names == ["Ben", "Ana", ""]


async def test_nothing_outside_the_documents_is_read_or_written(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    outside = own.data_dir.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (own.knowledge_dir / "outside").symlink_to(outside)
    before = files_of(own.data_dir.parent)
    for path in NO_DOCUMENTS:
        for doing in (
            publisher.read(path),
            publisher.tried(path, b"text"),
            publisher.publish(path, b"text", seen=None, by="Ana"),
            publisher.history(path),
            publisher.restore(path, 1, seen=None, by="Ana"),
        ):
            with pytest.raises(DocumentError):
                await doing
    assert files_of(own.data_dir.parent) == before


async def test_a_fetched_page_is_not_written_over(
    publisher: KnowledgePublisher,
) -> None:
    with pytest.raises(DocumentError, match=r"sources\.yaml"):
        await publisher.publish("web/site/page.md", b"text", seen=None, by="Ana")


async def test_a_text_that_is_too_large_is_refused(
    publisher: KnowledgePublisher,
) -> None:
    with pytest.raises(DocumentError, match="is larger than 20 MB"):
        await publisher.tried("faq/large.md", b"a" * (20 * 1024**2 + 1))


async def test_a_trial_says_what_would_be_told_and_what_is_worth_a_look(
    publisher: KnowledgePublisher,
) -> None:
    text = (
        "---\ntitle: Parking\nkind: faq\nlast_verified: 2026-11-01\n"
        "valid_until: 2026-11-02\n---\n## Where?\n\nBehind [the house](htp:/x).\n"
    )
    found = await publisher.tried("faq/parking.md", text.encode())
    assert [(one.headings, one.text) for one in found.sections] == [
        (("Where?",), "Behind [the house](htp:/x).")
    ]
    assert any("line 9: " in one for one in found.findings)
    assert "valid_until was 2026-11-02" in found.findings


async def test_a_file_of_another_format_is_tried_by_its_reader(
    publisher: KnowledgePublisher,
) -> None:
    table = b"question,answer\nWhere do I park?,Behind the house.\n"
    found = await publisher.tried("faq/parking.csv", table)
    assert "Behind the house" in found.sections[0].text
    with pytest.raises(DocumentError, match=r"faq/broken\.pdf: "):
        await publisher.tried("faq/broken.pdf", b"%PDF nothing")


async def test_a_catalogue_is_published_like_a_document(
    publisher: KnowledgePublisher, own: Settings
) -> None:
    path = "languages/de.yaml"
    text = b'guidance/fees.md:\n  "Refunds":\n    asks: ["Was ist mit Erstattungen?"]\n'
    await publisher.publish(path, text, seen=None, by="Ana")
    with pytest.raises(DocumentError, match=r"languages/de\.yaml:3"):
        await publisher.tried(path, text.replace(b"asks", b"answers"))
    assert (own.knowledge_dir / path).read_bytes() == text
