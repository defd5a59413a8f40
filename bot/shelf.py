"""What the folder of documents holds, as staff look through it.

``ingest`` looks; nothing here knows how.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """How far a document may be relied on."""

    REFUSED = "refused"
    EMPTY = "empty"
    ENDED = "ended"
    OVERDUE = "overdue"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Of how many sections a language has what; a draft is not used yet."""

    asks: int = 0
    answers: int = 0
    stale: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A file of the folder; ``reason`` says why it is refused, or what is left out."""

    path: str
    title: str
    kind: str
    state: State
    reason: str = ""
    source: str | None = None
    last_verified: date | None = None
    recheck_by: date | None = None
    sections: int = 0
    languages: Mapping[str, Rendered] = field(default_factory=dict, hash=False)

    @property
    def stale(self) -> int:
        """How many answers in other languages are to other words than it has now."""
        return sum(one.stale for one in self.languages.values())

    @property
    def drafts(self) -> int:
        """How many entries wait for a person to read them."""
        return sum(one.drafts for one in self.languages.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a catalogue has for a section in a language."""

    language: str
    asks: tuple[str, ...] = ()
    answer: str = ""
    stale: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section as the index in use has it, by its name in catalogues."""

    name: str
    heading: str
    headings: tuple[str, ...]
    text: str
    as_of: date | None = None
    valid_until: date | None = None
    renderings: tuple[Rendering, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Every document, and when the index that answers was made of them."""

    made_at: datetime
    holdings: Sequence[Holding]


class Shelves(Protocol):
    """Looks through the documents in use."""

    async def all(self) -> Shelf:
        """Every document, by its path.

        Raises:
            BotError: there is no index, or a catalogue is broken.
        """
        ...

    async def sections(self, path: str) -> Sequence[Section]:
        """The sections of a document, in the order of its text; raises as ``all``."""
        ...
