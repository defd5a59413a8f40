"""How the sentences of a passage stand in an answer: in order, in context, dated."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.answering.chunks import QUESTION_MARKS, Chunk, Sentence, SentenceKind
from bot.answering.facts import destinations_in
from bot.answering.lexical import terms
from bot.conversations.phrases import phrase

SHORT_HEADING = 5
CUT = "…"
OLD = timedelta(days=365)


def laid_out(
    sentences: Sequence[Sentence],
    chunk: Chunk,
    *,
    language: str,
    today: date,
    before: Chunk | None = None,
    above: str = "",
) -> str:
    """A paragraph, or a list, that can be understood by itself.

    It may follow on the paragraph ``above``, made of the chunk ``before``: what both
    are about need not be said again.
    """
    text = _lines(sentences, chunk)
    known = _said_above(chunk, before, above)
    text = _in_context(text, chunk, language, known=known)
    return _dated(text, chunk, language, today=today)


def _lines(sentences: Sequence[Sentence], chunk: Chunk) -> str:
    """Prose runs on; items and rows stand on lines of their own.

    A list that was introduced as a whole and is not shown as one ends with "…".
    """
    lines: list[str] = []
    for prose, run in groupby(sentences, key=_is_prose):
        shown = tuple(run)
        texts = [sentence.text for sentence in shown]
        introduced = bool(lines) and lines[-1].endswith((":", "："))
        lines += [" ".join(texts)] if prose else [f"- {text}" for text in texts]
        if introduced and not prose and _is_cut(shown, chunk):
            lines.append(f"- {CUT}")
    return "\n".join(lines)


def _is_cut(shown: Sequence[Sentence], chunk: Chunk) -> bool:
    """Whether some items of a list are left out for want of room.

    Rows, and items about the countries that were asked about, are chosen one by one.
    """
    if destinations_in(shown[0].text):
        return False
    for prose, run in groupby(chunk.sentences, key=_is_prose):
        whole = tuple(run)
        if not prose and shown[0] in whole:
            items = [one for one in whole if one.kind is SentenceKind.ITEM]
            return len(items) > len(shown)
    return False


def _is_prose(sentence: Sentence) -> bool:
    return sentence.kind is SentenceKind.PROSE


def _said_above(chunk: Chunk, before: Chunk | None, above: str) -> set[str]:
    """The names of a chunk that are those of the one before, too, and were said."""
    if before is None or before.document != chunk.document:
        return set()
    said = set(terms(above))
    return {n for n in _names(chunk) if n in _names(before) and said & set(terms(n))}


def _in_context(text: str, chunk: Chunk, language: str, *, known: set[str]) -> str:
    """Say first what it is about, where the sentences themselves never do."""
    said = set(terms(text))
    names = [name for name in _names(chunk) if name not in known]
    missing = [name for name in names if not said & set(terms(name))]
    if not missing:
        return text
    context = missing[0]
    if text.startswith("- "):
        return f"{context}:\n{text}"
    return phrase("in_context", language, context=context, sentence=text)


def _names(chunk: Chunk) -> list[str]:
    """The title, and the heading where it is a name: "Germany", not a question."""
    names = [
        heading
        for heading in chunk.headings[-1:]
        if len(heading.split()) <= SHORT_HEADING
        and not heading.endswith(QUESTION_MARKS)
    ]
    return [*names, chunk.title]


def _dated(text: str, chunk: Chunk, language: str, *, today: date) -> str:
    """Say how old figures are, where they are old or known to change."""
    if chunk.as_of is None or not any(character.isdigit() for character in text):
        return text
    volatile = "recheck_by" in chunk.facets
    if not volatile and today - chunk.as_of < OLD:
        return text
    if "as of" in text.casefold():
        return text
    month = f"{chunk.as_of:%B %Y}" if language == "en" else f"{chunk.as_of:%Y-%m}"
    separator = "\n" if text.splitlines()[-1].startswith("- ") else " "
    return text + separator + phrase("as_of", language, month=month)
