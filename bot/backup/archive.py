"""The file that a backup is: a compressed archive, and what it says of itself."""

import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from bot.errors import BackupError

FORMAT = 1
ABOUT, DATABASE, KNOWLEDGE = "backup.json", "database.sqlite3", "knowledge"
OWN = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backup says of itself."""

    format: int
    made_at: str
    sha256: str


def pack(file: Path, *, database: Path, knowledge: Path, made_at: datetime) -> None:
    """Write a backup, for its owner only; nothing is there until all of it is.

    Raises:
        BackupError: there is such a file already.
    """
    if file.exists():
        raise BackupError(f"{file} is there already; name another file")
    about = About(format=FORMAT, made_at=made_at.isoformat(), sha256=_digest(database))
    described = database.with_name(ABOUT)
    described.write_text(json.dumps(asdict(about)), "utf-8")
    partial = file.with_name(f"{file.name}.partial")
    opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN)
    try:
        with os.fdopen(opened, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz") as archive:
                archive.add(described, ABOUT)
                archive.add(database, DATABASE)
                if knowledge.is_dir():
                    archive.add(knowledge.resolve(), KNOWLEDGE)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def unpacked(file: Path, folder: Path) -> Iterator[About]:
    """The parts of a backup in a folder that is there as long as the context lasts.

    Raises:
        BackupError: it is no backup, a newer one, or damaged.
    """
    folder.mkdir(parents=True)
    try:
        yield _unpack(file, folder)
    finally:
        shutil.rmtree(folder)


def _unpack(file: Path, folder: Path) -> About:
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        about = About(**json.loads((folder / ABOUT).read_text("utf-8")))
    except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{file} is no backup, or damaged") from error
    except FileNotFoundError as error:
        raise BackupError(f"{file} cannot be found, or is no backup") from error
    if about.format != FORMAT:
        raise BackupError(f"{file} was made by a newer program; install that")
    if about.sha256 != _digest(folder / DATABASE):
        raise BackupError(f"{file} is damaged: its database is not as it was written")
    return about


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
