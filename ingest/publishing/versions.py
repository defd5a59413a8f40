"""Every version of a document that was published here, beside the other data.

``DATA_DIR/versions/<sum of the path>/`` has a line for each in ``log.jsonl``, and the
contents by their sums. Nothing of it is in ``KNOWLEDGE_DIR``, which stays as it is
written by hand.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.errors import DocumentError, NotFoundError
from bot.publishing import Deed, Kept
from bot.whole_file import write_whole

FOLDER, LOG = "versions", "log.jsonl"
NAME_LENGTH = 32


def version_of(content: bytes) -> str:
    """The sum of a content, by which a version is known."""
    return sha256(content).hexdigest()


class Versions:
    """What is kept of every document; one writes at a time."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def all(self, path: str) -> list[Kept]:
        """What was kept of a document, newest first."""
        try:
            lines = self._log(path).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        rows = enumerate(filter(None, map(_parsed, lines)), start=1)
        return [_kept(number, row) for number, row in rows][::-1]

    def content(self, path: str, number: int) -> bytes:
        """What a version holds.

        Raises:
            NotFoundError: there is no such version, or nothing in it.
        """
        found = next((one for one in self.all(path) if one.number == number), None)
        if found is None or found.version is None:
            raise NotFoundError(f"{path} has no version {number}")
        return (self._of(path) / found.version).read_bytes()

    def keep(
        self, path: str, content: bytes | None, deed: Deed, *, by: str, at: datetime
    ) -> None:
        """Write down what there is now; None where there is nothing any more.

        Raises:
            DocumentError: nothing can be written.
        """
        version = None if content is None else version_of(content)
        row = {"path": path, "at": at.isoformat(), "by": by, "deed": deed.value}
        line = json.dumps({**row, "version": version}, ensure_ascii=False)
        folder = self._of(path)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if content is not None and version and not (folder / version).exists():
                write_whole(folder / version, content)
            self._add(path, line)
        except OSError as error:
            reason = f"{path}: its version cannot be kept: {error.strerror}"
            raise DocumentError(reason) from error

    def keep_found(self, path: str, content: bytes, *, at: datetime) -> None:
        """Write down what somebody has put there by other means, if nobody has yet."""
        newest = next(iter(self.all(path)), None)
        if newest is None or newest.version != version_of(content):
            self.keep(path, content, Deed.FOUND, by="", at=at)

    def _add(self, path: str, line: str) -> None:
        with self._log(path).open("a", encoding="utf-8") as file:
            # On a line of its own, also behind one that a crash cut off.
            file.write(f"\n{line}\n" if file.tell() else f"{line}\n")
            file.flush()
            os.fsync(file.fileno())

    def _of(self, path: str) -> Path:
        return self._folder / sha256(path.encode()).hexdigest()[:NAME_LENGTH]

    def _log(self, path: str) -> Path:
        return self._of(path) / LOG


def _parsed(line: str) -> Mapping[str, Any] | None:
    """A line of the log; None where a process was killed in the middle of it."""
    try:
        row: Mapping[str, Any] = json.loads(line)
    except ValueError:
        return None
    return row


def _kept(number: int, row: Mapping[str, Any]) -> Kept:
    return Kept(
        number=number,
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        deed=Deed(row["deed"]),
        version=row["version"],
    )
