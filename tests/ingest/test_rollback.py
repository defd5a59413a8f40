"""A rollback goes back to the generation before, or changes nothing."""

import json
import shutil
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import BUNDLED_NAME
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.store.store import open_store
from bot.config import Settings
from bot.errors import SyncUnderwayError
from ingest.__main__ import main
from ingest.rollback import NothingBeforeError, rollback
from ingest.sync import sync
from tests.support.indexing import (
    HOLD,
    generation_of,
    generations,
    indexed_documents,
    kept_on_a_server,
    manifest_of,
    start_sync,
)
from tests.support.knowledge import DOCUMENTS, write_knowledge

GONE = "faq/certificate.md"


@pytest.fixture
def once(tmp_path: Path, sample_data: Path) -> Settings:
    """Documents and one generation of them."""
    shutil.copytree(sample_data, tmp_path / "data")
    knowledge = write_knowledge(tmp_path / "knowledge")
    return Settings(data_dir=tmp_path / "data", knowledge_dir=knowledge)


@pytest.fixture
def embedded(once: Settings) -> Settings:
    """A second generation, which misses a document."""
    (once.knowledge_dir / GONE).unlink()
    sync(once)
    return once


@pytest.fixture(params=["embedded", "server"])
def twice(request: pytest.FixtureRequest, once: Settings) -> Settings:
    """The same, in folders or on a Chroma server."""
    if request.param == "server":
        once = kept_on_a_server(once, request.getfixturevalue("chroma_url"))
    (once.knowledge_dir / GONE).unlink()
    sync(once)
    return once


def previous_of(settings: Settings) -> Path:
    previous = manifest_of(settings).previous
    assert previous is not None
    return settings.index_dir / previous


def test_a_rollback_brings_back_what_was_there_before(twice: Settings) -> None:
    left = generation_of(twice)
    done = rollback(twice)
    assert indexed_documents(twice) == set(DOCUMENTS)
    assert (done.left, done.documents, done.chunks) == (left, 4, 11)
    assert done.generation == generation_of(twice) != left


def test_a_server_that_is_reading_takes_it_up(twice: Settings) -> None:
    store = open_store(twice)
    store.look_every = 0.0
    library = IndexLibrary(store, embedding_model=BUNDLED_NAME)
    assert len(library.index().chunks) == 9
    rollback(twice)
    assert len(library.index().chunks) == 11


def test_the_next_sync_builds_from_the_documents_again(twice: Settings) -> None:
    rollback(twice)
    report = sync(twice)
    assert (report.changed, report.embedded) == (True, 0)
    assert indexed_documents(twice) == {name for name in DOCUMENTS if name != GONE}
    assert len(generations(twice)) == 2


def test_a_first_generation_stays_in_use(once: Settings) -> None:
    with pytest.raises(NothingBeforeError, match=r"no generation before 20.* in use"):
        rollback(once)
    assert indexed_documents(once) == set(DOCUMENTS)


def test_nobody_can_go_back_twice(twice: Settings) -> None:
    sync(twice)
    rollback(twice)
    with pytest.raises(NothingBeforeError, match="no generation before"):
        rollback(twice)


@pytest.mark.parametrize("folder", ["", "index"])
def test_without_an_index_there_is_nothing_to_go_back_to(
    folder: str, settings: Settings
) -> None:
    (settings.data_dir / folder).mkdir(parents=True)
    with pytest.raises(NothingBeforeError, match="run python -m ingest sync"):
        rollback(settings)


def test_a_generation_that_is_damaged_is_not_switched_to(embedded: Settings) -> None:
    (previous_of(embedded) / "chroma.sqlite3").write_bytes(b"damaged")
    before = generation_of(embedded)
    with pytest.raises(NothingBeforeError, match="nothing was changed"):
        rollback(embedded)
    assert generation_of(embedded) == before


def test_a_generation_of_another_model_is_not_switched_to(embedded: Settings) -> None:
    path = previous_of(embedded) / "manifest.json"
    fields = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(fields | {"embedding_model": "other"}), "utf-8")
    with pytest.raises(NothingBeforeError, match="made with 'other'"):
        rollback(embedded)


def test_a_rollback_waits_for_no_sync(twice: Settings) -> None:
    (twice.knowledge_dir / "guidance" / "fees.md").unlink()
    with start_sync(twice, "build", HOLD) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        with pytest.raises(SyncUnderwayError):
            rollback(twice)
        process.communicate("\n")


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_where_it_went(
    as_json: bool,
    twice: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(twice.data_dir))
    monkeypatch.setenv("CHROMA_URL", twice.chroma_url)
    left = generation_of(twice)
    assert main(["rollback", *(["--json"] if as_json else [])]) == 0
    said = capsys.readouterr().out
    generation = generation_of(twice)
    if as_json:
        assert json.loads(said)["generation"] == generation
    else:
        assert said.startswith(f"back to {generation}, made 20")
        assert f"4 documents, 11 chunks; {left} is no longer used" in said
    assert main(["rollback"]) == 1
    assert "there is no generation before" in capsys.readouterr().err
