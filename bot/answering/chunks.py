"""What the index holds: chunks of documents and the sentences in them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from bot.conversations.ports import Citation

DATES = ("as_of", "valid_from", "valid_until")
QUESTION_MARKS = ("?", "？", "؟")
# An answer has so many words at most; longer sections are shortened.
LONGEST_ANSWER = 90


class Role(StrEnum):
    """What a text is to the encoder."""

    QUERY = "query"
    PASSAGE = "passage"


class SentenceKind(StrEnum):
    """How a sentence stood in its document, so that a list can stay a list.

    A heading is searched like a sentence, since many are what people ask; it is never
    shown as part of an answer.
    """

    HEADING = "heading"
    PROSE = "prose"
    ITEM = "item"
    ROW = "row"


KINDS = {kind.value: kind for kind in SentenceKind}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a list item or a table row, as plain text that reads alone."""

    text: str
    kind: SentenceKind = SentenceKind.PROSE

    @property
    def asks(self) -> bool:
        """Whether it is a heading that is a question."""
        asks = self.text.rstrip().endswith(QUESTION_MARKS)
        return asks and self.kind is SentenceKind.HEADING


@dataclass(frozen=True, slots=True)
class Ask:
    """How people put a question, in a language (``hi-Latn`` is Hindi in Latin)."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of a document, small enough to be one passage of evidence.

    ``document`` is the path under ``knowledge/``; ``headings`` the path of headings
    below the title; ``text`` the Markdown of the piece without its headings;
    ``sentences`` the last heading, then the same words as sentences, in order;
    ``page`` the number of the page that it begins on, where the document has pages;
    ``asks`` are how people put it, the first of a language to be shown; ``answers``
    what it says in other languages, each checked against these very words; ``written``
    is its text as an editor wrote it, where that refers to figures; ``whole`` names the
    section that a part of one, told by itself, is from.
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
    facets: Mapping[str, object] = field(default_factory=dict, hash=False)
    asks: tuple[Ask, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict, hash=False)
    written: str = ""
    whole: str | None = None

    @property
    def name(self) -> str:
        """The section that it is, or a part of: ``path#heading``."""
        return f"{self.document}#{self.heading}"

    @property
    def heading(self) -> str:
        """The heading that it stands under, or the title."""
        return self.headings[-1] if self.headings else self.title

    @property
    def questions(self) -> tuple[str, ...]:
        """What people ask who look for it: the heading, then what catalogues have."""
        asks = self.heading.rstrip().endswith(QUESTION_MARKS)
        own = self.heading if asks else f"{self.title}: {self.heading}"
        return (own, *(ask.text for ask in self.asks), *self.rows)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows of its tables, where its heading is a name and asks nothing."""
        asks = self.asks or self.heading.rstrip().endswith(QUESTION_MARKS)
        rows = [one.text for one in self.sentences if one.kind is SentenceKind.ROW]
        if asks or len(rows) < 2:  # noqa: PLR2004
            return ()
        return tuple(f"{self.heading}: {row}" for row in rows)

    @property
    def is_loose(self) -> bool:
        """Whether it has paragraphs that no heading of their own holds together."""
        return not self.headings and "\n\n" in self.text and not self.answers

    @property
    def countries(self) -> frozenset[str]:
        """Those that it is about, as documents name them; none: about all."""
        named = self.facets.get("country", ())
        return frozenset(map(str, named) if isinstance(named, list | tuple) else ())

    @property
    def details(self) -> tuple[tuple[str, Role], ...]:
        """What has a vector besides the whole: its questions, then its parts."""
        questions = ((text, Role.QUERY) for text in self.questions)
        return (*questions, *((text, Role.PASSAGE) for text in self.parts))

    @property
    def is_long(self) -> bool:
        """Whether it is not told as a whole."""
        return len(self.text.split()) > LONGEST_ANSWER

    @property
    def parts(self) -> tuple[str, ...]:
        """The sentences by which one is shortened; none of one that is told whole."""
        shortened = self.is_long or self.is_loose
        return tuple(one.text for one in self.sentences) if shortened else ()

    def ask_in(self, language: str) -> str | None:
        """The question to offer it by in a language, where there is one."""
        return next((ask.text for ask in self.asks if ask.language == language), None)

    @property
    def searchable(self) -> str:
        """What is embedded and indexed: title and headings give the text context."""
        return "\n".join((" > ".join((self.title, *self.headings)), self.text))

    def valid_on(self, day: date) -> bool:
        """Whether the document may be used on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


FIELDS = tuple(field.name for field in fields(Chunk))


def citations(chunks: Sequence[Chunk]) -> tuple[Citation, ...]:
    """One citation a document, or a page of it, in the order of the text.

    It is as old as the oldest of what is told of it.
    """
    found: dict[tuple[str, int | None], Citation] = {}
    for chunk in chunks:
        cited = Citation(
            title=chunk.title,
            source=chunk.document,
            page=chunk.page,
            url=chunk.url,
            as_of=chunk.as_of,
        )
        place = (chunk.document, chunk.page)
        before = found.setdefault(place, cited)
        if before.as_of and chunk.as_of and chunk.as_of < before.as_of:
            found[place] = cited
    return tuple(found.values())


def chunk_to_json(chunk: Chunk) -> str:
    """A chunk as it is stored."""
    values = {name: getattr(chunk, name) for name in FIELDS}
    for name in DATES:
        values[name] = values[name] and values[name].isoformat()
    values["sentences"] = [[s.text, s.kind.value] for s in chunk.sentences]
    values["facets"] = dict(chunk.facets)
    values["asks"] = [[ask.language, ask.text] for ask in chunk.asks]
    values["answers"] = dict(chunk.answers)
    return json.dumps(values, ensure_ascii=False)


def chunk_from_json(text: str) -> Chunk:
    """The chunk that ``chunk_to_json`` wrote."""
    values = json.loads(text)
    for name in DATES:
        values[name] = values[name] and date.fromisoformat(values[name])
    values["headings"] = tuple(values["headings"])
    values["sentences"] = tuple(
        Sentence(words, KINDS[kind]) for words, kind in values["sentences"]
    )
    values["asks"] = tuple(Ask(*ask) for ask in values["asks"])
    return Chunk(**values)
