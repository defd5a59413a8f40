"""A search shows what is found for some words, and why."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import IndexUnavailableError
from ingest.search import search
from ingest.sync import sync
from tests.support.knowledge import write_knowledge


@pytest.fixture
def searched(sample_data: Path) -> Settings:
    return Settings(data_dir=sample_data)


def test_a_hit_names_its_document_headings_and_scores(searched: Settings) -> None:
    best = search(searched, "how much is a blocked account", limit=3)[0]
    assert (best.document, best.title) == (
        "guidance/visa.md",
        "Student visas and short courses",
    )
    assert best.headings == ("Germany",)
    assert 0.3 < best.text < 1.0
    assert best.asked == best.text  # its heading is a name that asks nothing
    assert best.lexical > 1.0
    assert 0.5 < best.share <= 1.0


def test_hits_come_best_first_and_no_more_than_asked_for(searched: Settings) -> None:
    hits = search(searched, "refund", limit=4)
    assert len(hits) == 4
    assert hits[0].headings == ("Refunds",)
    assert [hit.share for hit in hits] == sorted(
        (hit.share for hit in hits), reverse=True
    )
    assert search(searched, "refund", limit=1) == hits[:1]


def test_words_that_stand_nowhere_are_only_found_by_meaning(searched: Settings) -> None:
    hits = search(searched, "¿Me devuelven el dinero?", limit=5)
    assert hits[0].headings == ("Refunds",)
    assert {hit.lexical for hit in hits} == {0.0}


def test_a_document_that_is_out_of_date_is_not_found(tmp_path: Path) -> None:
    folder = write_knowledge(tmp_path / "knowledge")
    for path in folder.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("kind:", "valid_until: 2020-01-01\nkind:"))
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=folder)
    sync(settings)
    assert search(settings, "visa", limit=5) == []


def test_a_search_without_an_index_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(IndexUnavailableError, match="run python -m ingest sync"):
        search(settings, "visa", limit=5)
