"""What is asked of whoever keeps the documents: read, try, publish, restore.

``ingest`` does it; nothing here knows how.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Deed(StrEnum):
    """What was done to a document; ``found`` is how it was when nobody here had."""

    FOUND = "found"
    ADDED = "added"
    EDITED = "edited"
    RESTORED = "restored"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document as it is in the folder; ``version`` is the sum of its bytes."""

    path: str
    content: bytes
    version: str

    @property
    def text(self) -> str:
        """Its text, where it is one."""
        return self.content.decode("utf-8-sig", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What stands below a heading of a Markdown document, as it is written.

    ``level`` is 0 of what stands above the first heading; ``lines`` are the first line
    of it and the one behind it, from 0.
    """

    number: int
    level: int
    heading: str
    text: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A section as it is told: its name in catalogues, its headings, and its words."""

    name: str
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a content would be as a document; ``findings`` are worth a look, no more."""

    path: str
    title: str = ""
    kind: str = ""
    source: str | None = None
    last_verified: date | None = None
    recheck_by: date | None = None
    sections: tuple[Told, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version that is kept: what somebody did, and what was there then.

    ``by`` is a name, empty for what was found; ``version`` is None of what was removed.
    """

    number: int
    at: datetime
    by: str
    deed: Deed
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file or a page that has come in and is not a document yet.

    ``token`` is what it is known by for a day; ``url`` is where a page is from;
    ``seen`` is the version whose place it takes, None where there is no document yet.
    """

    token: str
    path: str
    content: bytes
    url: str | None
    seen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What is in use from now on; ``seconds`` is how long that took."""

    path: str
    version: str | None
    generation: str
    seconds: float


class Composer(Protocol):
    """Changes parts of a Markdown text, without writing anything.

    Every method raises ``DocumentError`` where the text, or what is asked for, is not
    as it should be.
    """

    def parts(self, path: str, text: str) -> Sequence[Part]:
        """What stands above the first heading, and below each."""
        ...

    def with_part(
        self, path: str, text: str, number: int | None, *, heading: str, words: str
    ) -> str:
        """The text with another part in place of one, or one more at its end."""
        ...

    def without_part(self, path: str, text: str, number: int) -> str:
        """The text without one of its parts."""
        ...

    def matter(self, path: str, text: str) -> Mapping[str, str]:
        """Title, kind, source and dates, as they are written; empty where not."""
        ...

    def with_matter(self, path: str, text: str, fields: Mapping[str, str]) -> str:
        """The text with these fields of front matter; an empty one is taken out."""
        ...

    def new_document(
        self, fields: Mapping[str, str], sections: Sequence[tuple[str, str]]
    ) -> str:
        """A document with these fields and sections (heading and text)."""
        ...


class Publisher(Protocol):
    """Reads and changes the folder of documents, and what is answered from it.

    Every method raises ``DocumentError`` for a path outside the folder, and
    ``NotFoundError`` where there is no such document. ``texts`` changes texts.
    """

    @property
    def texts(self) -> Composer:
        """What changes parts of a text."""
        ...

    async def read(self, path: str) -> Written:
        """A document, or the catalogue of a language."""
        ...

    async def tried(self, path: str, content: bytes) -> Trial:
        """What the content would be there.

        Raises:
            DocumentError: it would be refused; a line for each reason.
        """
        ...

    async def publish(
        self, path: str, content: bytes, *, seen: str | None, by: str
    ) -> Published:
        """Put the content into the folder and at once into answers.

        ``seen`` is the version that the editor had before them, None of a new document.
        Nothing is changed where an error is raised.

        Raises:
            DocumentError: it is refused; a line for each reason.
            ChangedMeanwhileError: there is another version now, or one at all.
            BotError: the index cannot be built.
        """
        ...

    async def remove(self, path: str, *, seen: str, by: str) -> Published:
        """Take a document out of the folder and of answers; raises as ``publish``."""
        ...

    async def history(self, path: str) -> Sequence[Kept]:
        """The versions that are kept, newest first."""
        ...

    async def kept(self, path: str, number: int) -> Written:
        """A version that is kept."""
        ...

    async def restore(
        self, path: str, number: int, *, seen: str | None, by: str
    ) -> Published:
        """Publish a kept version again; raises as ``publish`` does."""
        ...

    async def arrived(self, path: str, content: bytes) -> Arrival:
        """Keep a file for a day, until somebody has read what would be told of it."""
        ...

    async def fetched(self, url: str) -> Arrival:
        """Fetch a page as the document that it would be.

        Raises:
            BotError: it cannot be had, or must not be.
        """
        ...

    async def arrival(self, token: str) -> Arrival:
        """What waits under that name."""
        ...

    async def publish_arrival(
        self, token: str, *, seen: str | None, by: str
    ) -> Published:
        """Publish what waits; a page is fetched again from then on, as of others.

        Raises as ``publish`` does; what waits waits on then.
        """
        ...

    async def approve(
        self, path: str, *, document: str, heading: str, seen: str, by: str
    ) -> Published:
        """A person has read the drafts of a section in a catalogue: they are used."""
        ...
