"""An answer made of the documents' own sentences: chosen, trimmed and in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.answering.chunks import Chunk, Sentence, SentenceKind
from bot.answering.lexical import terms
from bot.answering.retriever import Passage
from bot.conversations.phrases import phrase

LONGEST = 85
LOOKED_AT = 3
WORTH_KEEPING = 0.5
LIST_LOOK_BACK = 3
OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The words of an answer and the chunks they were taken from."""

    text: str
    chunks: tuple[Chunk, ...]


def extract(passages: Sequence[Passage], *, language: str, today: date) -> Extract:
    """The sentences of the best passage that answer, with what they need to be clear.

    Takes at least one passage; the text has at most about ``LONGEST`` words.
    """
    passage = best_passage(passages)
    text = _laid_out(_chosen(passage))
    return Extract(
        text=_dated(
            _in_context(text, passage.chunk, language),
            passage.chunk,
            language,
            today=today,
        ),
        chunks=(passage.chunk,),
    )


def best_passage(passages: Sequence[Passage]) -> Passage:
    """Among the first few, the one whose own sentences come nearest as well."""
    first = passages[:LOOKED_AT]
    return max(
        [passage for passage in first if passage.chunk.sentences] or first,
        key=lambda passage: passage.score + max(_scores(passage), default=0.0),
    )


def _scores(passage: Passage) -> list[float]:
    pairs = zip(passage.sentence_scores, passage.context_scores, strict=True)
    return [(message + context) / 2 for message, context in pairs]


def _chosen(passage: Passage) -> list[Sentence]:
    sentences, scores = passage.chunk.sentences, _scores(passage)
    best = max(range(len(scores)), key=lambda place: scores[place])
    start = _start(sentences, best)
    end = start
    words = 0
    for sentence in sentences[start:]:
        words += len(sentence.text.split())
        if words > LONGEST and end > start:
            break
        end += 1
    while end - 1 > best and _can_go(sentences[end - 1], scores[end - 1], scores[best]):
        end -= 1
    return list(sentences[start:end])


def _start(sentences: Sequence[Sentence], best: int) -> int:
    """The beginning, if the best sentence still fits; else the best one's own start."""
    before = sum(len(sentence.text.split()) for sentence in sentences[: best + 1])
    if before <= LONGEST:
        return 0
    start = best
    while (
        start
        and sentences[start].kind is not SentenceKind.PROSE
        and best - start < LIST_LOOK_BACK
    ):
        start -= 1
    return start


def _can_go(sentence: Sentence, score: float, best: float) -> bool:
    return sentence.kind is SentenceKind.PROSE and score < WORTH_KEEPING * best


def _laid_out(sentences: Sequence[Sentence]) -> str:
    lines: list[str] = []
    before = None
    for sentence in sentences:
        if sentence.kind is SentenceKind.PROSE:
            joins = before is SentenceKind.PROSE
            lines[-1:] = (
                [f"{lines[-1]} {sentence.text}"]
                if joins
                else [
                    *lines[-1:],
                    sentence.text,
                ]
            )
        else:
            lines.append(f"- {sentence.text}")
        before = sentence.kind
    return "\n".join(lines)


def _in_context(text: str, chunk: Chunk, language: str) -> str:
    """Name the document first where the sentences never say what they are about."""
    if set(terms(chunk.title)) & set(terms(text)):
        return text
    if text.startswith("- "):
        return f"{chunk.title}:\n{text}"
    return phrase("in_context", language, context=chunk.title, sentence=text)


def _dated(text: str, chunk: Chunk, language: str, *, today: date) -> str:
    """Say how old figures are, where they are old or known to change."""
    if chunk.as_of is None or not any(character.isdigit() for character in text):
        return text
    volatile = "recheck_by" in chunk.facets
    if not volatile and today - chunk.as_of < OLD:
        return text
    month = f"{chunk.as_of:%B %Y}" if language == "en" else f"{chunk.as_of:%Y-%m}"
    if "as of" in text.casefold():
        return text
    separator = "\n" if text.splitlines()[-1].startswith("- ") else " "
    return text + separator + phrase("as_of", language, month=month)
