"""What passages still hold, once a part of them has been said."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.chunks import SentenceKind
from bot.answering.passages import Passage


def unsaid(passages: Sequence[Passage], said: str) -> tuple[Passage, ...]:
    """What the document of the best passage holds besides the sentences said."""
    document = passages[0].chunk.document if passages else None
    left = (_without(one, said) for one in passages if one.chunk.document == document)
    return tuple(passage for passage in left if passage is not None)


def _without(passage: Passage, said: str) -> Passage | None:
    kept = [
        found
        for found in zip(
            passage.chunk.sentences,
            passage.sentence_scores,
            passage.context_scores,
            passage.sentence_coverage,
            strict=True,
        )
        if found[0].text not in said
    ]
    if all(sentence.kind is SentenceKind.HEADING for sentence, *_ in kept):
        return None
    sentences, scores, context_scores, coverage = zip(*kept, strict=True)
    return replace(
        passage,
        chunk=replace(passage.chunk, sentences=sentences),
        sentence_scores=scores,
        context_scores=context_scores,
        sentence_coverage=coverage,
    )
