"""A section as it is told: whole, or a run of its sentences where it is long."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.answering.chunks import (
    LONGEST_ANSWER,
    QUESTION_MARKS,
    Chunk,
    Sentence,
    SentenceKind,
)
from bot.phrases import phrase

OLD = timedelta(days=365)
CUT = "…"


def section_text(
    chunk: Chunk,
    *,
    language: str,
    today: date,
    parts: Sequence[float] = (),
    longest: int = LONGEST_ANSWER,
) -> str:
    """What a section says, in at most ``longest`` words and in one piece.

    In a language for which there is a checked answer it is that; else the section's own
    words, below the names of its headings where these are no questions. ``parts`` are
    how near each sentence of a long section is to the question.
    """
    if language in chunk.answers:
        return _dated(chunk.answers[language], chunk, language, today=today)
    sentences = [one for one in chunk.sentences if one.kind is not SentenceKind.HEADING]
    if chunk.is_long:
        scores = [
            score
            for score, one in zip(parts, chunk.sentences, strict=False)
            if one.kind is not SentenceKind.HEADING
        ]
        sentences = _best_run(sentences, scores, longest=longest)
    text = _below_headings(_lines(sentences), chunk)
    return _dated(text, chunk, language, today=today)


def _best_run(
    sentences: Sequence[Sentence], scores: Sequence[float], *, longest: int
) -> list[Sentence]:
    """The run around the nearest sentence that fits; a list keeps its lead-in."""
    if not sentences:
        return []
    scored = list(scores) or [0.0] * len(sentences)
    best = max(range(len(sentences)), key=lambda place: scored[place])
    start, end = best, best + 1
    room = longest - _size(sentences[best])
    while True:
        sides = [
            (scored[place], place)
            for place in (start - 1, end)
            if 0 <= place < len(sentences) and _size(sentences[place]) <= room
        ]
        if not sides:
            break
        _, place = max(sides)
        room -= _size(sentences[place])
        start, end = min(start, place), max(end, place + 1)
    run = list(sentences[start:end])
    lead = _lead_in(sentences, start)
    return [lead, *run] if lead else run


def _lead_in(sentences: Sequence[Sentence], start: int) -> Sentence | None:
    """What introduces the list that a run begins within."""
    if sentences[start].kind is not SentenceKind.ITEM:
        return None
    before = [one for one in sentences[:start] if one.kind is SentenceKind.PROSE]
    introduces = before and before[-1].text.rstrip().endswith((":", "："))
    return before[-1] if introduces else None


def _lines(sentences: Sequence[Sentence]) -> str:
    """Prose runs on; items and rows stand on lines of their own."""
    lines: list[str] = []
    for prose, run in groupby(sentences, key=_is_prose):
        texts = [sentence.text for sentence in run]
        lines += [" ".join(texts)] if prose else [f"- {text}" for text in texts]
    return "\n".join(lines)


def _is_prose(sentence: Sentence) -> bool:
    return sentence.kind is SentenceKind.PROSE


def _below_headings(text: str, chunk: Chunk) -> str:
    """The text, below what it is about where its heading is a name and no question."""
    if chunk.heading.rstrip().endswith(QUESTION_MARKS):
        return text
    names = list(dict.fromkeys((chunk.title, *chunk.headings)))
    said = text.casefold()
    missing = [name for name in names if name.casefold() not in said]
    return f"{': '.join(missing)}\n{text}" if missing else text


def _dated(text: str, chunk: Chunk, language: str, *, today: date) -> str:
    """Say how old figures are, where they are old or known to change."""
    if chunk.as_of is None or not any(one.isdigit() for one in text):
        return text
    volatile = "recheck_by" in chunk.facets
    if not volatile and today - chunk.as_of < OLD:
        return text
    if "as of" in chunk.text.casefold():
        return text
    month = f"{chunk.as_of:%B %Y}" if language == "en" else f"{chunk.as_of:%Y-%m}"
    separator = "\n" if text.splitlines()[-1].startswith("- ") else " "
    return text + separator + phrase("as_of", language, month=month)


def _size(sentence: Sentence) -> int:
    return len(sentence.text.split())
