"""What a model may ask for: other sections, and programmes by what they are like."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.answering.enquiry import Found
from bot.answering.executor import Executor
from bot.answering.programmes.by_filters import sources_by_filters
from bot.answering.programmes.naming import names_of
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.understanding.reader import Reader
from bot.answering.writing.models.reply import Filters
from bot.answering.writing.models.sources import Source


class ModelTools:
    """Looks things up for a model, in the index in use."""

    def __init__(
        self,
        library: IndexLibrary,
        *,
        reader: Callable[[], Reader],
        executor: Executor,
        now: Callable[[], datetime],
    ) -> None:
        self._library = library
        self._reader = reader
        self._executor = executor
        self._now = now

    @property
    def names(self) -> frozenset[str]:
        """Those of programmes and providers that the documents tell of."""
        return names_of(self._library.index().chunks)

    async def sections(self, question: str) -> Found:
        """What is found for a question that stands alone."""
        return await self._executor.run(self._find, question)

    async def programmes(self, filters: Filters) -> Sequence[Source]:
        """The programmes that fit, and what is not known of others."""
        return await self._executor.run(self._select, filters)

    def _find(self, question: str) -> Found:
        query = self._reader().read(question).queries[0]
        return self._library.index().search(query, today=self._now().date())

    def _select(self, filters: Filters) -> Sequence[Source]:
        chunks = self._library.index().chunks
        return sources_by_filters(filters, chunks, today=self._now().date())
