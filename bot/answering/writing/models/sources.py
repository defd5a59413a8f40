"""What a model may answer from: numbered sections, and what the code has found out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Found
from bot.answering.understanding.languages import written_in
from bot.answering.writing.models.reply import Said
from bot.answering.writing.prompts import TRANSLATED, quoted

SHOWN_TO_MODEL, SHOWN_TO_SMALL = 8, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text with a number; ``sections`` are what is cited where it is used.

    ``decided`` is set where it is the reply of the code itself.
    """

    text: str
    sections: tuple[Chunk, ...] = ()
    decided: bool = False


def sources_of(
    found: Sequence[Found],
    decision: Decision,
    *,
    organisation: str,
    language: str,
    shown: int = SHOWN_TO_MODEL,
) -> list[Source]:
    """The nearest sections of all questions, what programmes were found, who we are."""
    sources = [source_of(chunk, language) for chunk in nearest(found, shown)]
    if decision.text:
        sources.append(
            Source(text=decision.text, sections=decision.sections, decided=True)
        )
    return [*sources, Source(text=organisation)]


def nearest(found: Sequence[Found], shown: int = SHOWN_TO_MODEL) -> list[Chunk]:
    """The nearest sections of all questions, each once."""
    share = shown // max(1, len(found))
    chunks = (hit.chunk for one in found for hit in one.hits[:share])
    return list(dict.fromkeys(chunks))


def source_of(chunk: Chunk, language: str) -> Source:
    """A whole section with its date, and what it says in the contact's language."""
    lines = [chunk.searchable]
    if chunk.as_of:
        lines.append(f"As of {chunk.as_of:%B %Y}.")
    answer = chunk.answers.get(language)
    if answer:
        lines.append(f"{TRANSLATED}{answer}")
    return Source(text="\n".join(lines), sections=(chunk,))


def numbered_sources(sources: Iterable[Source], *, first: int = 1) -> str:
    """Sources as they stand in the prompt."""
    numbered = enumerate(sources, start=first)
    return "\n\n".join(f"[{number}] {quoted(one.text)}" for number, one in numbered)


def is_ours(sentences: Iterable[Said], sources: Sequence[Source]) -> bool:
    """Whether they rest on nothing but what the code itself would have replied."""
    numbers = {number for one in sentences for number in one.sources}
    return bool(numbers) and all(
        0 < number <= len(sources) and sources[number - 1].decided for number in numbers
    )


def speaks(chunk: Chunk, language: str) -> bool:
    """Whether a section is there in a language, by its own words or reviewed ones."""
    return language in chunk.answers or written_in(chunk.text) == language
