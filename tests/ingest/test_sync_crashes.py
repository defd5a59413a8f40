"""A sync that is killed at any moment leaves an index that works."""

import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import IndexUnavailableError
from ingest.outcomes import SyncReport
from ingest.sync import sync
from tests.support.indexing import (
    LATER,
    STEPS,
    generation_of,
    generations,
    indexed_documents,
    kept_on_a_server,
    store_of,
    sync_and_die,
)
from tests.support.knowledge import DOCUMENTS, write_knowledge

REMOVED = "guidance/fees.md"
OLD = set(DOCUMENTS)
NEW = OLD - {REMOVED}
LONGEST_DELAY_SECONDS = 0.2
KILLED = {-signal.SIGKILL, -signal.SIGALRM}


@pytest.fixture(params=["embedded", "server"])
def own(request: pytest.FixtureRequest, tmp_path: Path, sample_data: Path) -> Settings:
    """Settings with an index of documents one of which has just been removed.

    Nothing new is to be embedded, so that a process starts without torch.
    """
    shutil.copytree(sample_data, tmp_path / "data")
    knowledge = write_knowledge(tmp_path / "knowledge")
    (knowledge / REMOVED).unlink()
    settings = Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)
    if request.param == "embedded":
        return settings
    return kept_on_a_server(settings, request.getfixturevalue("chroma_url"))


def sync_later(settings: Settings, *, encoder: Encoder | None = None) -> SyncReport:
    """Sync when what a killed one has reserved on a server has run out."""
    return sync(settings, store=store_of(settings, ahead=LATER), encoder=encoder)


@pytest.mark.parametrize("step", STEPS)
def test_a_sync_killed_at_a_step_leaves_a_whole_index(own: Settings, step: str) -> None:
    before = generation_of(own)
    assert sync_and_die(own, step) == -signal.SIGKILL
    switched = step == "clean"
    assert indexed_documents(own) == (NEW if switched else OLD)
    report = sync_later(own)
    assert report.changed is not switched
    assert indexed_documents(own) == NEW
    assert generations(own) == {before, report.generation}


@pytest.mark.parametrize("step", ["build", "switch"])
def test_a_first_sync_that_is_killed_does_not_hinder_the_next(
    own: Settings, encoder: Encoder, step: str
) -> None:
    shutil.rmtree(own.index_dir)
    if own.chroma_url:
        own = own.model_copy(update={"chroma_url": f"{own.chroma_url}-fresh"})
    assert sync_and_die(own, step) == -signal.SIGKILL
    with pytest.raises(IndexUnavailableError, match="there is no index"):
        indexed_documents(own)
    report = sync_later(own, encoder=encoder)
    assert indexed_documents(own) == NEW
    assert generations(own) == {report.generation}


def test_what_a_killed_sync_left_is_removed_even_if_nothing_changed_after_all(
    own: Settings,
) -> None:
    before = generation_of(own)
    assert sync_and_die(own, "switch") == -signal.SIGKILL
    assert len(generations(own)) == 2
    write_knowledge(own.knowledge_dir)
    assert sync_later(own).changed is False
    assert generations(own) == {before}


@pytest.mark.soak
@pytest.mark.parametrize("seed", [20261124])
def test_syncs_killed_at_random_never_leave_the_index_unusable(
    own: Settings, seed: int, times: Callable[[int], int]
) -> None:
    chance = random.Random(seed)  # noqa: S311  not a secret
    before = NEW if sync(own).changed else set()
    statuses = set()
    for number in range(times(300)):
        # Renaming changes the index and embeds nothing.
        path = next(own.knowledge_dir.glob("guidance/visa*.md"))
        path.rename(path.with_name(f"visa {number}.md"))
        after = (before - {name for name in before if "visa" in name}) | {
            f"guidance/visa {number}.md"
        }
        step = chance.choice(STEPS)
        delay = chance.choice([0.0, chance.uniform(0.001, LONGEST_DELAY_SECONDS)])
        ahead = number * LATER
        statuses.add(sync_and_die(own, step, delay=delay, ahead=ahead))
        found = indexed_documents(own)
        assert found in (before, after), (number, step, delay)
        if chance.random() < 1 / 2:
            sync(own, store=store_of(own, ahead=ahead + LATER / 2))
            found = indexed_documents(own)
            assert found == after, (number, step, delay)
            assert len(generations(own)) <= 2
        before = found
    assert statuses <= {*KILLED, 0}
    assert statuses & KILLED
