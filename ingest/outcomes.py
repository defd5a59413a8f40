"""What became of each file in a sync; kept with the generation it was built into."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class FileStatus(StrEnum):
    """How a file ended: there is no other way."""

    INDEXED = "indexed"
    EMPTY = "empty"
    REFUSED = "refused"


class Change(StrEnum):
    """What happened to a file since the generation before."""

    NEW = "new"
    EDITED = "edited"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """A file's end; ``reason`` says why, or what of it could not be read.

    ``added``, ``kept`` and ``gone`` compare the chunks of an edited file with those of
    the generation before, where those are known. ``may_pass`` says that more of it may
    be read another time; ``share`` is how much of its visible words was taken.
    """

    path: str
    status: FileStatus
    change: Change
    digest: str
    chunks: int = 0
    added: int | None = None
    kept: int | None = None
    gone: int | None = None
    reason: str | None = None
    may_pass: bool = False
    share: float | None = None

    def unchanged(self) -> "FileOutcome":
        """The same end once more, of a file that has not changed."""
        return replace(self, change=Change.SAME, added=None, kept=None, gone=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a sync did; ``embedded`` and ``reused`` count texts.

    ``files`` says how each file ended; ``removed`` names those that are gone since the
    generation before.
    """

    changed: bool
    generation: str
    documents: int
    chunks: int
    embedded: int
    reused: int
    seconds: float
    files: tuple[FileOutcome, ...] = ()
    removed: tuple[str, ...] = ()


def change_of(path: str, digest: str, before: Mapping[str, FileOutcome]) -> Change:
    """What happened to a file, by its digest."""
    known = before.get(path)
    if known is None:
        return Change.NEW
    return Change.SAME if known.digest == digest else Change.EDITED


def outcomes_to_json(outcomes: Sequence[FileOutcome]) -> str:
    """Outcomes as they are kept with a generation."""
    return json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False)


def outcomes_from_json(text: str | None) -> tuple[FileOutcome, ...] | None:
    """What ``outcomes_to_json`` wrote; None where that cannot be read."""
    try:
        return tuple(_outcome(row) for row in json.loads(text or ""))
    except (ValueError, TypeError, KeyError):
        return None


def _outcome(row: Mapping[str, Any]) -> FileOutcome:
    kinds = {"status": FileStatus(row["status"]), "change": Change(row["change"])}
    return FileOutcome(**{**row, **kinds})
