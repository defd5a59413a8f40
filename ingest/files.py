"""Finds the documents under ``knowledge/`` and reads each of them once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from bot.errors import DocumentError

# The folder whose CSV files are lists of programmes.
PROGRAMMES = "programmes"
LARGEST = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file as it was found; ``problem`` says why it has no content."""

    path: str
    content: bytes = b""
    problem: str | None = None


def source_files(folder: Path) -> list[SourceFile]:
    """Every document below a folder, in a fixed order; hidden ones are not.

    Links are followed to files in the same folder only: nobody should publish
    ``/etc`` by a link that came with a download.

    Raises:
        DocumentError: there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise DocumentError(f"{folder} is not a folder; set KNOWLEDGE_DIR")
    files = [
        _read(path, folder)
        for path in sorted(folder.rglob("*"))
        if _is_source(path, folder) and not _is_hidden(path.relative_to(folder))
    ]
    if not files:
        raise DocumentError(f"{folder} holds no Markdown documents")
    return files


def fingerprint(files: Sequence[SourceFile]) -> str:
    """Changes when any document is added, edited, renamed or removed."""
    digest = blake2b(digest_size=16)
    for file in files:
        digest.update(f"{file.path}\0{file.problem}\0{len(file.content)}\0".encode())
        digest.update(file.content)
    return digest.hexdigest()


def _is_source(path: Path, folder: Path) -> bool:
    if path.is_dir():
        return path.is_symlink()
    listed = path.relative_to(folder).parts[0] == PROGRAMMES
    return path.suffix == ".md" or (listed and path.suffix.lower() == ".csv")


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read(path: Path, folder: Path) -> SourceFile:
    name = path.relative_to(folder).as_posix()
    shown = os.fsencode(name).decode("utf-8", "replace")
    problem = "its name is not UTF-8; rename it" if shown != name else None
    try:
        problem = problem or _problem(path, folder)
        content = b"" if problem else path.read_bytes()
    except OSError as error:
        problem, content = f"cannot be read: {error.strerror}", b""
    return SourceFile(path=shown, content=content, problem=problem)


def _problem(path: Path, folder: Path) -> str | None:
    if path.is_dir():
        return "is a link to a folder; put the documents themselves here"
    if not path.is_file():
        return "is not a file, or a link that leads nowhere"
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link that leads out of KNOWLEDGE_DIR; put a copy here"
    if path.stat().st_size > LARGEST:
        return f"is larger than {LARGEST // 1024**2} MB; split it"
    return None
