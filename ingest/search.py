"""What a search finds, and why: for whoever writes the documents."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Hit as Found
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.retrieval.retriever import KnowledgeRetriever
from bot.answering.store.store import open_store
from bot.clock import utc_now
from bot.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that was found, with the scores of each search.

    ``share`` is its part of the ranking's probability; ``text`` and ``asked`` are
    cosines with the section and with the nearest question it is known by.
    """

    document: str
    page: int | None
    title: str
    headings: Sequence[str]
    share: float
    text: float
    asked: float
    lexical: float


def search(settings: Settings, words: str, *, limit: int) -> list[Hit]:
    """The best ``limit`` sections of the current generation for some words.

    Raises:
        IndexUnavailableError: there is no index yet, or it cannot be used.
    """
    encoder = Encoder(settings.embedding_model)
    library = IndexLibrary(open_store(settings), embedding_model=encoder.name)
    retriever = KnowledgeRetriever(library=library, encoder=encoder, limit=limit)
    return [_hit(hit) for hit in retriever.search(words, today=utc_now().date()).hits]


def _hit(hit: Found) -> Hit:
    return Hit(
        document=hit.chunk.document,
        page=hit.chunk.page,
        title=hit.chunk.title,
        headings=hit.chunk.headings,
        share=hit.share,
        text=hit.text,
        asked=hit.asked,
        lexical=hit.lexical,
    )
