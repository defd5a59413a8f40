"""Everything that answering needs, put together once a process."""

import asyncio

from bot.answering.assistant import KnowledgeAssistant, Watch
from bot.answering.embedding import Embedder
from bot.answering.executor import Executor
from bot.answering.finding import Finder
from bot.answering.library import IndexLibrary
from bot.answering.model_answers import (
    ModelAnswerer,
    ModelTranslator,
    model_answerer,
    model_translator,
)
from bot.answering.passages import Query
from bot.answering.programme_replies import ProgrammeDesk
from bot.answering.reranker import Reranker
from bot.answering.retriever import Found, KnowledgeRetriever
from bot.answering.searches import Searched
from bot.answering.store import open_store
from bot.answering.writing import Writer
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.organisation import Organisation

# No model hears of it, and nobody of the answer.
FIRST_QUESTION = "I am from India. Which online courses in data are there in Germany?"


class Answering:
    """Everything that answering needs, assembled once a process."""

    def __init__(
        self,
        settings: Settings,
        organisation: Organisation,
        *,
        embedder: Embedder | None = None,
        clock: Clock = utc_now,
        watch: Watch = lambda _enquiry, _answer: None,
    ) -> None:
        self._embedder = embedder or Embedder(settings.embedding_model)
        name = settings.reranker_model
        self._reranker = Reranker(name) if name else None
        self._executor = Executor()
        self._library = IndexLibrary(
            open_store(settings), embedding_model=self._embedder.name
        )
        self._retriever = KnowledgeRetriever(
            self._library,
            embedder=self._embedder,
            executor=self._executor,
            today=lambda: clock().date(),
            reranker=self._reranker,
        )
        self._organisation = organisation
        self._watch = watch
        self._today = lambda: clock().date()
        self.assistant = self._assistant(
            model_translator(settings),
            model_answerer(settings, organisation=organisation.name),
        )

    async def warm_up(self) -> None:
        """Load the model, the index and all rules, so that nobody has to wait for them.

        Raises:
            IndexUnavailableError: either of the first two is not to be had.
        """
        await self._executor.run(self._load)
        # On a loop of its own: what reads the rules takes a second and computes.
        first = self._assistant(None, None).answer(FIRST_QUESTION)
        await asyncio.to_thread(asyncio.run, first)

    async def check(self) -> str:
        """The generation in use; ``IndexUnavailableError`` if anything is missing."""
        return await self._executor.run(self._load)

    async def follow(self) -> None:
        """Take up new generations as they come, until cancelled."""
        await self._library.follow()

    @property
    def outdated(self) -> bool:
        """Whether answers may come from an older index than they should."""
        return self._library.problem is not None

    async def find(self, query: Query, *, limit: int) -> Found:
        """What the assistant would look at, and more: for measuring."""
        return await self._executor.run(self._retriever.find, query, limit=limit)

    async def searched(self, query: Query) -> Searched:
        """What every search finds for a query: for explaining."""
        return await self._executor.run(self._retriever.search, query)

    def close(self) -> None:
        """Let go of the threads."""
        self._executor.close()

    def _assistant(
        self, translator: ModelTranslator | None, answerer: ModelAnswerer | None
    ) -> KnowledgeAssistant:
        return KnowledgeAssistant(
            Finder(self._retriever, translator=translator),
            writer=Writer(answerer, today=self._today),
            programmes=ProgrammeDesk(
                self._library, executor=self._executor, today=self._today
            ),
            organisation=self._organisation,
            watch=self._watch,
        )

    def _load(self) -> str:
        self._embedder.embed(["warm up"])
        if self._reranker:
            self._reranker.load()
        return self._library.index().generation
