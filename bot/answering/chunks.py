"""What the index holds: chunks of documents and the sentences in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.conversations.ports import Citation


class SentenceKind(StrEnum):
    """How a sentence stood in its document, so that a list can stay a list."""

    PROSE = "prose"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a list item or a table row, as plain text that reads alone."""

    text: str
    kind: SentenceKind = SentenceKind.PROSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of a document, small enough to be one passage of evidence.

    ``document`` is the path under ``knowledge/``; ``headings`` the path of headings
    below the title; ``text`` the Markdown of the piece without its headings;
    ``sentences`` the same words as sentences, in order; ``page`` the number of the
    page that it begins on, where the document has pages.
    """

    id: str
    document: str
    position: int
    title: str
    headings: tuple[str, ...]
    text: str
    sentences: tuple[Sentence, ...]
    kind: str
    page: int | None = None
    url: str | None = None
    as_of: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    facets: Mapping[str, object] = field(default_factory=dict)

    @property
    def searchable(self) -> str:
        """What is embedded and indexed: title and headings give the text context."""
        return "\n".join((" > ".join((self.title, *self.headings)), self.text))

    def valid_on(self, day: date) -> bool:
        """Whether the document may be used on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def citations(chunks: Sequence[Chunk]) -> tuple[Citation, ...]:
    """One citation a document, or a page of it, in the order of the text."""
    found = {
        (chunk.document, chunk.page): Citation(
            title=chunk.title,
            source=chunk.document,
            page=chunk.page,
            url=chunk.url,
            as_of=chunk.as_of,
        )
        for chunk in chunks
    }
    return tuple(found.values())
