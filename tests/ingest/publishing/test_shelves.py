"""Every document in use, with its state, and its sections with their translations."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import IndexUnavailableError
from bot.shelf import Holding, Rendered, Shelf, State
from ingest.publishing.shelves import KnowledgeShelves
from ingest.sync import sync
from tests.support.clock import Clock
from tests.support.publishing import own_settings

MATTER = (
    "---\ntitle: {title}\nkind: faq\nlast_verified: {day}\n{more}---\n## Q?\n\nA.\n"
)
CATALOGUE = """\
faq/old.md:
  "Q?":
    asks: ["Frage?"]
    of: "0000000000"
    answer: "Antwort."
guidance/fees.md:
  "Refunds":
    draft: asks
    asks: ["Geld zurück?"]
"""


@pytest.fixture
def own(tmp_path: Path, sample_data: Path, encoder: Encoder) -> Settings:
    settings = own_settings(tmp_path, sample_data)
    texts = {
        "old.md": MATTER.format(title="Old", day="2025-11-01", more=""),
        "ended.md": MATTER.format(
            title="Ended", day="2026-11-01", more="valid_until: 2026-11-02\n"
        ),
        "due.md": MATTER.format(
            title="Due", day="2026-11-01", more="recheck_by: 2026-11-20\n"
        ),
        "empty.txt": "  ",
        "broken.md": "---\nkind: gossip\n---\nText.\n",
    }
    for name, text in texts.items():
        (settings.knowledge_dir / "faq" / name).write_text(text, "utf-8")
    languages = settings.knowledge_dir / "languages"
    languages.mkdir()
    (languages / "de.yaml").write_text(CATALOGUE, "utf-8")
    sync(settings, encoder=encoder)
    return settings


def holding(shelf: Shelf, path: str) -> Holding:
    return next(one for one in shelf.holdings if one.path == path)


async def test_documents_are_fresh_due_ended_empty_or_refused(
    own: Settings, clock: Clock
) -> None:
    shelf = await KnowledgeShelves(own, clock=clock).all()
    states = {one.path: one.state for one in shelf.holdings}
    assert states == {
        "faq/broken.md": State.REFUSED,
        "faq/certificate.md": State.FRESH,
        "faq/due.md": State.OVERDUE,
        "faq/empty.txt": State.EMPTY,
        "faq/ended.md": State.ENDED,
        "faq/old.md": State.OVERDUE,
        "guidance/duration.md": State.FRESH,
        "guidance/fees.md": State.FRESH,
        "guidance/visa.md": State.FRESH,
    }
    assert "line 2: kind" in holding(shelf, "faq/broken.md").reason
    assert shelf.made_at <= datetime.now(UTC)


async def test_translations_are_counted_as_used_stale_or_drafts(
    own: Settings, clock: Clock
) -> None:
    shelves = KnowledgeShelves(own, clock=clock)
    shelf = await shelves.all()
    old = holding(shelf, "faq/old.md")
    assert old.languages == {"de": Rendered(asks=1, stale=1)}
    assert (old.stale, old.drafts) == (1, 0)
    assert holding(shelf, "guidance/fees.md").drafts == 1
    (section,) = await shelves.sections("faq/old.md")
    (german,) = section.renderings
    assert (german.answer, german.stale, german.draft) == ("Antwort.", True, False)
    refunds = (await shelves.sections("guidance/fees.md"))[1]
    assert refunds.heading == "Refunds"
    assert [one.draft for one in refunds.renderings if one.asks] == [True]


async def test_what_is_seen_follows_the_index_and_the_catalogues(
    own: Settings, clock: Clock, encoder: Encoder
) -> None:
    shelves = KnowledgeShelves(own, clock=clock)
    first = await shelves.all()
    assert await shelves.all() is first
    (own.knowledge_dir / "languages" / "de.yaml").write_text("", "utf-8")
    assert not holding(await shelves.all(), "faq/old.md").languages
    (own.knowledge_dir / "faq" / "due.md").unlink()
    sync(own, encoder=encoder)
    paths = [one.path for one in (await shelves.all()).holdings]
    assert "faq/due.md" not in paths


async def test_without_an_index_it_is_said_what_to_do(settings: Settings) -> None:
    with pytest.raises(IndexUnavailableError, match="ingest sync"):
        await KnowledgeShelves(settings).all()
