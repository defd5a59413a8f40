"""Puts together what the console needs of the documents and of what answers them."""

from collections.abc import Sequence

from bot.answering.assembly import Answering
from bot.answering.chunks import Chunk
from bot.answering.store.generations import Manifest
from bot.clock import Clock
from bot.config import Settings
from bot.console.knowledge_desk import Knowledge
from bot.conversations.spending.budget import Budget
from bot.conversations.states import SpentOn
from bot.explanation import Explanation
from ingest.publishing.publisher import KnowledgePublisher
from ingest.publishing.shelves import KnowledgeShelves


def knowledge_of(
    settings: Settings, answering: Answering | None, *, budget: Budget, clock: Clock
) -> Knowledge:
    """Who changes documents, looks through them, and explains what is replied.

    With ``answering`` a new index answers as soon as it is there.
    """
    if answering is None:
        return Knowledge(
            publisher=KnowledgePublisher(settings, clock=clock),
            shelves=KnowledgeShelves(settings, clock=clock),
        )
    library = answering.library

    def index() -> tuple[Manifest, Sequence[Chunk]]:
        found = library.index()
        return found.manifest, found.chunks

    async def explain(question: str) -> Explanation:
        return await answering.explain(
            question, paying=lambda one: budget.paying(one, SpentOn.DRAFT)
        )

    return Knowledge(
        publisher=KnowledgePublisher(
            settings, encoder=answering.encoder, clock=clock, told=library.renew
        ),
        shelves=KnowledgeShelves(settings, index=index, clock=clock),
        explain=explain,
    )
