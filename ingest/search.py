"""What a search finds, and why: for whoever writes the documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.embedding import Embedder
from bot.answering.library import IndexLibrary
from bot.answering.passages import Passage, Query
from bot.answering.retriever import search_index
from bot.answering.store import open_store
from bot.clock import utc_now
from bot.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that was found, with the scores of either search."""

    document: str
    page: int | None
    title: str
    headings: Sequence[str]
    score: float
    dense: float
    lexical: float
    sentence: str
    sentence_score: float


def search(settings: Settings, words: str, *, limit: int) -> list[Hit]:
    """The best ``limit`` chunks of the current generation for some words.

    Raises:
        IndexUnavailableError: there is no index yet, or it cannot be used.
    """
    embedder = Embedder(settings.embedding_model)
    library = IndexLibrary(open_store(settings), embedding_model=embedder.name)
    passages = search_index(
        library.index(),
        Query(text=words),
        embedder.embed([words]),
        today=utc_now().date(),
        limit=limit,
    )
    return [_hit(passage) for passage in passages]


def _hit(passage: Passage) -> Hit:
    scored = zip(passage.sentence_scores, passage.chunk.sentences, strict=True)
    score, sentence = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return Hit(
        document=passage.chunk.document,
        page=passage.chunk.page,
        title=passage.chunk.title,
        headings=passage.chunk.headings,
        score=passage.score,
        dense=passage.dense,
        lexical=passage.lexical,
        sentence=sentence.text if sentence else "",
        sentence_score=score,
    )
