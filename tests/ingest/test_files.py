"""Which files under ``knowledge/`` are read, and which are refused."""

import os
from pathlib import Path

import pytest

from bot.errors import DocumentError
from ingest.documents import read_documents
from ingest.files import LARGEST, fingerprint, source_files

GOOD = """\
---
title: Visas
kind: guidance
last_verified: 2026-06-01
---
A visa takes eight weeks.
"""


def write(folder: Path, name: str, content: str = GOOD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def problems(folder: Path) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_documents(folder)
    return str(caught.value).splitlines()


def test_names_with_spaces_and_other_scripts_are_read_in_a_fixed_order(
    tmp_path: Path,
) -> None:
    names = ["a b/très long.md", "x.md/inside.md", "学生签证.md"]
    for name in reversed(names):
        write(tmp_path, name)
    assert [document.path for document in read_documents(tmp_path)] == names


def test_hidden_files_and_other_kinds_of_file_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "visa.md")
    write(tmp_path, ".draft.md", "not ready")
    write(tmp_path, ".git/notes.md", "not ready")
    write(tmp_path, "organisation.yaml", "name: Harbour")
    assert [document.path for document in read_documents(tmp_path)] == ["visa.md"]


@pytest.mark.parametrize("name", ["nowhere", "visa.md"])
def test_a_missing_folder_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path, "visa.md")
    assert problems(tmp_path / name) == [
        f"{tmp_path / name} is not a folder; set KNOWLEDGE_DIR"
    ]


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path) == [f"{tmp_path} holds no documents"]


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "visa.md")
    (tmp_path / "same.md").symlink_to("visa.md")
    assert [document.path for document in read_documents(tmp_path)] == [
        "same.md",
        "visa.md",
    ]


def test_a_link_that_leads_out_of_the_folder_is_refused_unread(tmp_path: Path) -> None:
    secret = write(tmp_path, "elsewhere/secret.md", GOOD + "the secret")
    folder = tmp_path / "knowledge"
    write(folder, "visa.md")
    (folder / "file.md").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    (folder / "lost.md").symlink_to("nowhere.md")
    (folder / "round.md").symlink_to("round.md")
    assert problems(folder) == [
        "file.md: is a link that leads out of KNOWLEDGE_DIR; put a copy here",
        "folder: is a link to a folder; put the documents themselves here",
        "lost.md: is not a file, or a link that leads nowhere",
        "round.md: is not a file, or a link that leads nowhere",
    ]
    assert not any(b"secret" in file.content for file in source_files(folder))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert problems(tmp_path) == [
        "pipe.md: is not a file, or a link that leads nowhere"
    ]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, "huge.md")
    os.truncate(path, LARGEST)
    assert source_files(tmp_path)[0].problem is None
    os.truncate(path, LARGEST + 1)
    assert problems(tmp_path) == ["huge.md: is larger than 20 MB; split it"]
    assert source_files(tmp_path)[0].content == b""


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable for root")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, "visa.md").chmod(0)
    assert problems(tmp_path) == ["visa.md: cannot be read: Permission denied"]


def test_a_name_that_is_not_utf_8_can_still_be_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(GOOD)
    (line,) = problems(tmp_path)
    assert line == "caf\ufffd.md: its name is not UTF-8; rename it"


def test_the_fingerprint_changes_with_names_contents_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "a.md")
    seen = [fingerprint(source_files(tmp_path))]
    path.write_text(GOOD + "More.\n")
    seen.append(fingerprint(source_files(tmp_path)))
    path.rename(tmp_path / "b.md")
    seen.append(fingerprint(source_files(tmp_path)))
    write(tmp_path, "c.md", "")
    seen.append(fingerprint(source_files(tmp_path)))
    assert len(set(seen)) == 4
    os.utime(tmp_path / "b.md", (0, 0))
    assert fingerprint(source_files(tmp_path)) == seen[-1]
