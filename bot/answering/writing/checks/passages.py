"""Texts cut into sentences and clauses, each with the language that it is in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.understanding.languages import language_of
from bot.answering.understanding.sentences import BORDER, asks
from bot.answering.writing.checks.closed_words import begins_with
from bot.answering.writing.prompts import TRANSLATED

# A year at the end of a sentence ends it, as other figures before a point do not.
SENTENCE_ENDS = re.compile(rf"{BORDER.pattern}|(?<=\b20\d\d\.)\s+")
CLAUSE_ENDS = re.compile(r"[;:!?()。！？।۔，、；：،؛؟–—]|[,.](?!\d)")
# What is told of the day of a section is no rule of it.
AS_OF = "As of "


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the language in which it is to be read."""

    text: str
    language: str

    def sentences(self) -> Iterator["Passage"]:
        """Its sentences, without questions, and without the day at its end."""
        for piece in SENTENCE_ENDS.split(self.text):
            bare = piece.strip()
            if bare and not asks(bare) and not bare.startswith(AS_OF):
                yield Passage(bare, self.language)

    def clauses(self) -> Iterator["Passage"]:
        """Its parts between marks."""
        for piece in CLAUSE_ENDS.split(self.text):
            if piece.strip():
                yield Passage(piece.strip(), self.language)

    def unanswered(self) -> "Passage":
        """The same without a "Yes," or "No," before it, which answers the contact."""
        end = begins_with(self.text, self.language, "yes", "not")
        return Passage(self.text[end:].lstrip(" ,:;.!،，。！：—–"), self.language)


def passages_of(
    source: str, *, language: str, languages: Sequence[str]
) -> Iterator[Passage]:
    """A source as the office wrote it, and its reviewed translation."""
    own, _, translated = source.partition(TRANSLATED)
    choice = sorted({*languages, "en"})
    yield Passage(own, language_of(own, allowed=choice, known="en"))
    if translated:
        yield Passage(translated, language)
