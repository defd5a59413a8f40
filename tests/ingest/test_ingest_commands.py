"""``python -m ingest``, as the operator sees it."""

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Settings
from ingest.__main__ import main
from ingest.progress import Progress
from tests.support.indexing import indexed_documents
from tests.support.knowledge import DOCUMENTS, write_knowledge

# As if the disk were full: no file may become larger than so many bytes.
SYNC_ON_A_FULL_DISK = """
import resource, sys
from ingest.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(["sync"]))
"""
NAME_WHAT_IS_LOADED = "import ingest.sync_command, sys; print(*sys.modules)"
DRAW_A_BAR = """
from ingest.progress import Progress
with Progress.for_terminal().bar("embedding", total=3) as advance:
    advance(3)
"""


@pytest.fixture
def own(tmp_path: Path, sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The environment names documents, and an index of them, that may change."""
    shutil.copytree(sample_data, tmp_path / "data")
    knowledge = write_knowledge(tmp_path / "knowledge")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    return Settings()


def test_a_sync_says_what_it_did(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.knowledge_dir / "faq" / "certificate.md").unlink()
    assert main(["sync"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("indexed 3 documents, 9 chunks: 0 texts embedded, ")
    assert "; now using 20" in said.out
    assert said.err == ""
    assert main(["sync"]) == 0
    assert capsys.readouterr().out == (
        "nothing changed: 3 documents, 9 chunks; nothing embedded\n"
    )


def test_a_sync_loads_nothing_that_only_answers_or_many_embeddings_need() -> None:
    command = [sys.executable, "-c", NAME_WHAT_IS_LOADED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "chromadb" in loaded
    assert not loaded & {
        *("bm25s", "sklearn", "torch", "trafilatura", "transformers", "pypdf"),
        *("bot.answering.assembly", "bot.answering.retrieval.index"),
    }


def test_a_sync_can_be_read_by_a_program(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.pop("seconds") > 0
    files = report.pop("files")
    assert [file["path"] for file in files] == sorted(DOCUMENTS)
    assert {file["status"] for file in files} == {"indexed"}
    assert {file["change"] for file in files} == {"same"}
    assert sum(file["chunks"] for file in files) == 11
    assert report == {
        "changed": False,
        "generation": (own.index_dir / "current").read_text().strip(),
        "documents": 4,
        "chunks": 11,
        "embedded": 0,
        "reused": 24,
        "removed": [],
    }


def test_a_broken_document_is_named_and_the_others_go_in(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.knowledge_dir / "fees 2026.md").write_text("---\nfee: 3\n---\nText.")
    (own.knowledge_dir / "签证.md").write_text("---\ntitle: x\n")
    assert main(["sync"]) == 0
    said = capsys.readouterr()
    (line,) = (one for one in said.out.splitlines() if one.startswith("签证.md"))
    assert "refused" in line
    assert line.endswith("line 1: front matter is not closed with a line ---")
    assert indexed_documents(own) == {*DOCUMENTS, "fees 2026.md"}


def test_a_search_shows_documents_headings_and_scores(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "how do I get a refund", "--limit", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0] == "1. Course fees and refunds > Refunds  [guidance/fees.md]"
    assert lines[1].startswith("   share 0.")
    for name in ("text 0.", "asked 0.", "words "):
        assert name in lines[1]
    assert lines[2].startswith("2. ")


def test_a_search_can_be_read_by_a_program(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "how do I get a refund", "--limit", "1", "--json"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert hit["document"] == "guidance/fees.md"
    assert hit["headings"] == ["Refunds"]
    assert set(hit) == {
        *("document", "page", "title", "headings"),
        *("share", "text", "asked", "lexical"),
    }


def test_a_search_that_finds_nothing_says_so(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in own.knowledge_dir.rglob("*.md"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("kind:", "valid_until: 2020-01-01\nkind:"))
    assert main(["sync"]) == 0
    capsys.readouterr()
    assert main(["search", "refund"]) == 0
    assert capsys.readouterr().out == "nothing found\n"


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_that_makes_no_sense_is_refused(
    limit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["search", "refund", "--limit", limit])
    assert "argument --limit: " in capsys.readouterr().err


def test_a_search_without_an_index_says_what_to_do(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(own.index_dir)
    assert main(["search", "refund"]) == 1
    assert capsys.readouterr().err == (
        "error: there is no index of the documents yet; run python -m ingest sync\n"
    )


def test_a_data_folder_that_cannot_be_made_is_an_error_in_words(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    occupied = own.data_dir / "occupied"
    occupied.write_text("a file")
    monkeypatch.setenv("DATA_DIR", str(occupied))
    assert main(["sync"]) == 1
    error = capsys.readouterr().err
    assert error == f"error: [Errno 20] Not a directory: '{occupied}/index'\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is writable for root")
def test_a_read_only_data_folder_is_an_error_in_words(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.knowledge_dir / "faq" / "certificate.md").unlink()
    own.index_dir.chmod(0o555)
    try:
        assert main(["sync"]) == 1
    finally:
        own.index_dir.chmod(0o755)
    assert capsys.readouterr().err.startswith("error: [Errno 13] Permission denied")
    assert indexed_documents(own) == set(DOCUMENTS)


@pytest.mark.parametrize("size", ["1000", "100000"])
def test_a_full_disk_is_an_error_in_words_and_costs_nothing(
    own: Settings, size: str
) -> None:
    (own.knowledge_dir / "faq" / "certificate.md").unlink()
    done = subprocess.run(
        [sys.executable, "-c", SYNC_ON_A_FULL_DISK, size],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: the index cannot be written to ")
    assert "is the disk full?" in done.stderr
    assert "Traceback" not in done.stderr
    assert indexed_documents(own) == set(DOCUMENTS)
    assert [path.name for path in own.index_dir.iterdir() if path.is_dir()] == [
        (own.index_dir / "current").read_text().strip()
    ]


def test_a_setting_that_is_wrong_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "none")
    assert main(["sync"]) == 1
    assert capsys.readouterr().err.startswith("error: PORT: ")


def test_a_bar_is_drawn_on_a_terminal() -> None:
    mine, theirs = pty.openpty()
    with os.fdopen(mine, "rb", buffering=0) as screen, os.fdopen(theirs) as terminal:
        subprocess.run(
            [sys.executable, "-c", DRAW_A_BAR],
            cwd=Path(__file__).parents[2],
            stderr=terminal,
            check=True,
        )
        drawn = screen.read(4096).decode()
    assert "embedding" in drawn
    assert "3/3" in drawn


def test_a_step_within_a_step_has_no_bar_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress(shown=True)
    with progress.bar("drafting", total=1) as advance:
        with progress.bar("embedding", total=3) as more:
            more(3)
        advance(1)
    with progress.bar("checking", total=1):
        pass
    drawn = capsys.readouterr().err
    assert "drafting" in drawn
    assert "embedding" not in drawn
    assert "checking" in drawn


def test_no_bar_is_drawn_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress.for_terminal().bar("embedding", total=3) as advance:
        advance(3)
    assert capsys.readouterr() == ("", "")


def test_the_encoder_is_prepared_where_it_will_be_looked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["prepare-encoder"]) == 0
    folder = Path(capsys.readouterr().out.rstrip().rpartition(" ")[2])
    assert folder.exists()
