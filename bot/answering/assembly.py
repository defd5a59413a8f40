"""Everything that answering needs, put together once a process."""

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock

from bot.answering.assistant import KnowledgeAssistant, Watch
from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry, Found
from bot.answering.executor import Executor
from bot.answering.explaining import Step, explained
from bot.answering.retrieval.astray import astray_for
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.retrieval.ranking import weights_for
from bot.answering.retrieval.retriever import KnowledgeRetriever
from bot.answering.staff_help import staff_help
from bot.answering.store.store import open_store
from bot.answering.understanding.examples import (
    Example,
    own_examples,
    shipped_examples,
)
from bot.answering.understanding.intents import Intents, load
from bot.answering.understanding.own_data import wishes_for
from bot.answering.understanding.reader import Reader
from bot.answering.writing.models.reader import model_reader
from bot.answering.writing.writer import Writer
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.conversations.ports import Assistant, Turn
from bot.explanation import Explanation
from bot.organisation import Organisation


class Answering:
    """Everything that answering needs, assembled once a process."""

    def __init__(
        self,
        settings: Settings,
        organisation: Organisation,
        *,
        encoder: Encoder | None = None,
        clock: Clock = utc_now,
        watch: Watch = lambda _enquiry, _found, _decision: None,
    ) -> None:
        self.encoder = encoder or Encoder(settings.embedding_model)
        self._settings = settings
        self._organisation = organisation
        self._clock = clock
        self._own = own_examples(settings.knowledge_dir)
        self._loading = Lock()
        self._executor = Executor()
        self._library = IndexLibrary(
            open_store(settings),
            embedding_model=self.encoder.name,
            weights=lambda: weights_for(self.encoder.name, settings.data_dir),
            astray=lambda: astray_for(self.encoder.name, settings.data_dir),
        )
        self._writer = Writer(organisation, now=clock)
        self._model = model_reader(
            settings,
            organisation=organisation,
            now=clock,
            executor=self._executor,
            encode=self.encoder.passages,
        )
        self.assistant = self._assistant(watch)
        self.help = staff_help(settings, organisation, assistant=self.assistant)

    @property
    def retriever(self) -> KnowledgeRetriever:
        """The index as a retriever of LangChain's."""
        return KnowledgeRetriever(library=self._library, encoder=self.encoder)

    async def warm_up(self) -> None:
        """Load the encoder, the examples and the index, so that nobody has to wait.

        Raises:
            IndexUnavailableError: one of them is not to be had.
        """
        await self._executor.run(self._load)

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

    @property
    def library(self) -> IndexLibrary:
        """The index in use: for measuring and explaining."""
        return self._library

    async def read(self, question: str, *, earlier: Sequence[Turn] = ()) -> Enquiry:
        """A message as it is read, before anything is looked up: for measuring."""
        reader = await self._executor.run(self._reader)
        return await self._executor.run(reader.read, question, earlier=earlier)

    async def find(
        self, question: str, *, earlier: Sequence[Turn] = (), limit: int
    ) -> Found:
        """What would be looked at for a question, and more: for measuring."""
        enquiry = await self.read(question, earlier=earlier)
        return await self._executor.run(
            self._library.index().search,
            enquiry.queries[0],
            today=self._clock().date(),
            limit=limit,
        )

    async def explain(
        self,
        question: str,
        *,
        earlier: Sequence[str] = (),
        paying: Callable[[Assistant], Assistant] = lambda assistant: assistant,
    ) -> Explanation:
        """Why a message would get the reply it would get, after earlier ones.

        ``paying`` puts whoever pays for models before the assistant.

        Raises:
            IndexUnavailableError: there is no index to answer from.
        """
        steps: list[Step] = []
        assistant = self._assistant(lambda *step: steps.append(step))
        return await explained(
            paying(assistant),
            question,
            steps,
            earlier=earlier,
            examples=self.examples(),
            weights=lambda: self._library.index().weights,
        )

    def examples(self) -> Sequence[Example]:
        """The labelled messages in the order in which intents know them."""
        return (*shipped_examples(), *self._own)

    def close(self) -> None:
        """Let go of the threads."""
        self._executor.close()

    def _assistant(self, watch: Watch) -> KnowledgeAssistant:
        return KnowledgeAssistant(
            self._library,
            reader=self._reader,
            writer=self._writer,
            executor=self._executor,
            now=self._clock,
            model=self._model,
            watch=watch,
        )

    def _load(self) -> str:
        self._reader().read("How much does it cost? I am from India.")
        return self._library.index().generation

    def _reader(self) -> Reader:
        with self._loading:
            return self._loaded_reader

    @cached_property
    def _loaded_reader(self) -> Reader:
        intents = self._intents()
        return Reader(
            self.encoder,
            intents,
            languages=self._organisation.languages,
            own_data=wishes_for(self.encoder, intents),
        )

    def _intents(self) -> Intents:
        """The shipped ones, or fitted anew for another encoder; and our own."""
        found = load()
        if found.encoder != self.encoder.name:
            found = self._fitted()
        vectors = self.encoder.queries([one.text for one in self._own])
        return found.with_own(vectors, [one.want for one in self._own])

    def _fitted(self) -> Intents:
        from bot.answering.understanding.intents_fitting import fitted  # noqa: PLC0415  scikit-learn takes a second

        examples = shipped_examples()
        return fitted(examples, self.encoder, self._settings.data_dir)
