"""Where generations of the index live, and the pointer that names the current one."""

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import IndexUnavailableError

FORMAT = 1
POINTER = "current"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was built from; ``fingerprint`` covers every document.

    ``previous`` is the generation that it followed, which is kept for a rollback.
    """

    format: int
    generation: str
    created_at: str
    embedding_model: str
    dimension: int
    chunker: int
    fingerprint: str
    documents: int
    chunks: int
    sentences: int
    previous: str | None = None


def new_generation(now: datetime) -> str:
    """A name that sorts by time and is never given twice."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of a generation: with it, the generation is whole."""
    _write_atomically(folder / MANIFEST, json.dumps(asdict(manifest), indent=2))


def read_manifest(folder: Path) -> Manifest:
    """What a generation was built from."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexUnavailableError(
            f"the index in {folder} is damaged; run python -m ingest sync"
        ) from error
    if manifest.format != FORMAT:
        raise IndexUnavailableError(
            f"the index in {folder} has format {manifest.format}, this program reads "
            f"{FORMAT}; run python -m ingest sync"
        )
    return manifest


def current_generation(index_dir: Path) -> str | None:
    """The name of the generation in use, if there is one."""
    try:
        text = (index_dir / POINTER).read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    return text.strip() or None


def switch_to(index_dir: Path, generation: str) -> None:
    """From here on ``generation`` is used; atomic, and safe against a power cut."""
    _write_atomically(index_dir / POINTER, generation + "\n")


def remove_others(index_dir: Path, *, keep: Sequence[str | None]) -> None:
    """Remove what crashed runs left and what nobody can roll back to any more."""
    for folder in index_dir.iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _write_atomically(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
