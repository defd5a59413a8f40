"""One score for each chunk, from all that the searches found."""

from collections.abc import Iterable, Sequence

from bot.answering.document_fits import document_fits
from bot.answering.embedding import Vectors
from bot.answering.fusion import (
    fused,
    in_context,
    ordered_within,
    with_conversation,
    with_documents,
    with_headings,
)
from bot.answering.index import Index
from bot.answering.nearness import Nearness, nearness
from bot.answering.passages import Query
from bot.answering.searches import Rankings


def chunk_scores(
    index: Index,
    query: Query,
    vectors: Vectors,
    searched: Sequence[Rankings],
    *,
    said: float,
) -> dict[int, float]:
    """For each chunk that was found: what speaks for its document, and for itself.

    ``vectors`` are those of the query's texts, ``searched`` what was found for its
    views; ``said`` is how much its message says by itself.
    """
    scores = in_context(
        [fused(each.dense, each.lexical, each.sentences) for each in searched],
        substance=said,
    )
    near = nearness(index, scores, vectors)
    document_of = {number: index.chunks[number].document for number in scores}
    scores = with_documents(scores, document_of)
    scores = with_conversation(scores, document_of, document_fits(index, near, query))
    scores = with_headings(scores, _heading_scores(index, scores, vectors[0]))
    message = _message_scores(near, searched[0])
    return ordered_within(
        scores, document_of, {n: said * score for n, score in message.items()}
    )


def _heading_scores(
    index: Index, numbers: Iterable[int], vector: Vectors
) -> dict[int, float]:
    """Cosines of the chunks' headings, each its chunk's first sentence."""
    return {
        number: float(index.sentence_vectors(number)[0] @ vector)
        for number in numbers
        if len(index.sentence_vectors(number))
    }


def _message_scores(near: Nearness, found: Rankings) -> dict[int, float]:
    """What the message alone finds in chunks: two cosines and a share of its words.

    Each is 1 at most: of the chunk, of its best sentence, and its BM25 score divided by
    the best one.
    """
    words = dict(found.lexical)
    most = max(words.values(), default=1.0)
    cosines = (near.passages[:, 0] + near.sentences[:, 0]).tolist()
    return {
        number: cosine + words.get(number, 0.0) / most
        for number, cosine in zip(near.numbers, cosines, strict=True)
    }
