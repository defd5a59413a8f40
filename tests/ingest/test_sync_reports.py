"""A sync says of each file how it ended and what changed."""

import json
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.store.store import open_store
from bot.config import Settings
from ingest.__main__ import main
from ingest.outcomes import Change, FileOutcome, FileStatus, SyncReport
from ingest.report import FEW, in_words
from ingest.sync import sync
from tests.support.foreign import brochure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    return folder


def synced(folder: Path, encoder: Encoder) -> tuple[Settings, SyncReport]:
    settings = Settings(data_dir=folder.parent / "data", knowledge_dir=folder)
    return settings, sync(settings, encoder=encoder)


def test_a_sync_tells_what_changed_and_embeds_only_that(
    folder: Path, encoder: Encoder
) -> None:
    (folder / "a.pdf").write_bytes(brochure())
    (folder / "b.txt").write_text("Text.")
    (folder / "c.pdf").write_bytes(b"nothing like it")
    _, first = synced(folder, encoder)
    assert first.documents == 2
    assert {file.change for file in first.files} == {Change.NEW}
    (folder / "b.txt").write_text("Another text.")
    (folder / "c.pdf").unlink()
    (folder / "d.txt").write_text("More text.")
    settings, second = synced(folder, encoder)
    changes = {file.path: file.change for file in second.files}
    assert changes == {
        "a.pdf": Change.SAME,
        "b.txt": Change.EDITED,
        "d.txt": Change.NEW,
    }
    assert second.removed == ("c.pdf",)
    assert second.embedded == 3
    third = sync(settings)
    assert (third.changed, third.embedded, third.removed) == (False, 0, ())
    assert [file.path for file in third.files] == ["a.pdf", "b.txt", "d.txt"]
    assert {file.change for file in third.files} == {Change.SAME}


def test_of_an_edited_file_it_is_told_how_many_chunks_are_new_kept_and_gone(
    folder: Path, encoder: Encoder
) -> None:
    parts = [f"# {name}\n\n{name} is a subject of its own.\n" for name in "ABC"]
    head = "---\ntitle: T\nkind: guidance\nlast_verified: 2026-06-01\n---\n"
    (folder / "a.md").write_text(head + "\n".join(parts))
    synced(folder, encoder)
    parts[1] = "# B\n\nAnother text.\n"
    (folder / "a.md").write_text(head + "\n".join([*parts, "# D\n\nOne more.\n"]))
    _, second = synced(folder, encoder)
    (file,) = second.files
    assert (file.chunks, file.added, file.kept, file.gone) == (4, 2, 2, 1)
    assert "indexed (edited)       4  2 new, 2 kept, 1 gone" in in_words(second)
    (folder / "b.txt").write_text("Text.")
    _, third = synced(folder, encoder)
    assert {(one.added, one.kept, one.gone) for one in third.files} == {(None,) * 3}


def test_an_index_whose_files_are_not_known_is_built_anew(
    folder: Path, encoder: Encoder
) -> None:
    (folder / "a.txt").write_text("Text.")
    settings, report = synced(folder, encoder)
    kept = settings.index_dir / report.generation / "files.json"
    for damaged in ("", "[1]", '[{"path": "a.txt"}]'):
        kept.write_text(damaged)
        again = sync(settings)
        assert (again.changed, again.embedded) == (True, 0)
        kept = settings.index_dir / again.generation / "files.json"
        assert json.loads(kept.read_text())[0]["path"] == "a.txt"


def test_pages_are_kept_in_the_index(folder: Path, encoder: Encoder) -> None:
    (folder / "a.pdf").write_bytes(brochure())
    settings, _ = synced(folder, encoder)
    store = open_store(settings)
    name = store.current()
    assert name is not None
    assert [chunk.page for chunk in store.load(name).chunks] == [1, 1, 2, 2, 3]


def test_a_table_of_files_ends_a_sync(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.txt").write_text("Text.")
    (folder / "b.pdf").write_bytes(b"nothing like it")
    monkeypatch.setenv("DATA_DIR", str(folder.parent / "data"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(folder))
    table = [
        "file   status         chunks  changed  reason",
        "a.txt  indexed (new)       1",
        "b.pdf  refused (new)       0           is damaged, or not a PDF file",
        "",
        "2 files: 1 indexed, 0 empty, 1 refused",
    ]
    assert main(["sync"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == table
    assert main(["sync"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "nothing changed: 1 documents, 1 chunks; nothing embedded",
        "",
        "file   status   chunks  changed  reason",
        "b.pdf  refused       0           is damaged, or not a PDF file",
        "",
        "2 files: 1 indexed, 0 empty, 1 refused",
    ]
    (folder / "b.pdf").unlink()
    assert main(["sync"]) == 0
    assert "b.pdf  removed" in capsys.readouterr().out.splitlines()


def test_of_many_files_only_those_are_listed_that_something_is_to_be_said_of() -> None:
    files = [
        FileOutcome(
            path=f"{number}.txt",
            status=FileStatus.INDEXED,
            change=Change.SAME if number else Change.EDITED,
            digest="",
            chunks=1,
        )
        for number in range(FEW + 1)
    ]
    report = SyncReport(
        changed=True,
        generation="g",
        documents=len(files),
        chunks=len(files),
        embedded=1,
        reused=0,
        seconds=1.0,
        files=tuple(files),
    )
    assert in_words(report).splitlines()[2:] == [
        "file   status            chunks  changed  reason",
        "0.txt  indexed (edited)       1",
        "",
        "31 files: 31 indexed, 0 empty, 0 refused",
    ]
