"""The chain: understand, retrieve, decide by the evidence, answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.chunks import citations
from bot.answering.embedding import Embedder
from bot.answering.enquiry import LONGEST_QUESTION, Enquiry
from bot.answering.evidence import confidence
from bot.answering.executor import Executor
from bot.answering.extractive import extract
from bot.answering.library import IndexLibrary
from bot.answering.model_answers import ModelAnswerer, model_answerer
from bot.answering.offers import accepts, person_offered_in
from bot.answering.passages import Query
from bot.answering.replies import fixed_reply
from bot.answering.reranker import Reranker
from bot.answering.retriever import Found, KnowledgeRetriever
from bot.answering.understanding import Intent, intent_of, language_of
from bot.config import Settings
from bot.conversations.phrases import phrase
from bot.conversations.ports import (
    Answer,
    Outcome,
    Provenance,
    Turn,
)
from bot.errors import ModelError
from bot.logs import get_logger
from bot.organisation import Organisation

SHOWN_TO_MODEL = 5

log = get_logger()
Clock = Callable[[], datetime]


class KnowledgeAssistant:
    """Answers from the indexed documents; ``answer`` runs the whole chain."""

    def __init__(
        self,
        retriever: KnowledgeRetriever,
        *,
        organisation: Organisation,
        model: ModelAnswerer | None,
        clock: Clock,
    ) -> None:
        self._retriever = retriever
        self._organisation = organisation
        self._model = model
        self._clock = clock
        # A step that returns a runnable is a branch: LangChain runs what it returns.
        self._look_up: Runnable[Enquiry, Any] = (
            RunnableLambda(self._retrieve)
            | RunnableLambda(self._weigh)
            | RunnableLambda(self._choose)
        )
        self._chain: Runnable[Enquiry, Any] = RunnableLambda(
            self._understand
        ) | RunnableLambda(self._route)

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer:
        """What to reply to ``question``, after the turns before it.

        Raises:
            IndexUnavailableError: there is no index to answer from.
        """
        text = question.strip()[:LONGEST_QUESTION]
        spoken = language_of(text, allowed=self._organisation.languages, known=language)
        answer: Answer = await self._chain.ainvoke(
            Enquiry(question=text, earlier=tuple(earlier), language=spoken)
        )
        return answer

    async def _understand(self, enquiry: Enquiry) -> Enquiry:
        offered = person_offered_in(enquiry.earlier, enquiry.language)
        if offered and accepts(enquiry.question):
            return replace(enquiry, intent=Intent.ASKS_FOR_PERSON, language=offered)
        return replace(enquiry, intent=intent_of(enquiry.question))

    async def _route(self, enquiry: Enquiry) -> Runnable[Enquiry, Any]:
        """Fixed words need no documents; everything else is looked up."""
        if enquiry.needs_documents:
            return self._look_up
        return RunnableLambda(self._reply_fixed)

    async def _reply_fixed(self, enquiry: Enquiry) -> Answer:
        return fixed_reply(enquiry.intent or Intent.EMPTY, enquiry.language)

    async def _retrieve(self, enquiry: Enquiry) -> Enquiry:
        documents: list[Document] = await self._retriever.ainvoke(
            enquiry.question, earlier=enquiry.contact_texts
        )
        return replace(
            enquiry,
            passages=tuple(document.metadata["passage"] for document in documents),
            generation=next(
                (document.metadata["generation"] for document in documents), None
            ),
        )

    async def _weigh(self, enquiry: Enquiry) -> Enquiry:
        return replace(enquiry, confidence=confidence(enquiry.passages))

    async def _choose(self, enquiry: Enquiry) -> Runnable[Enquiry, Any]:
        """The evidence decides what becomes of the enquiry; no model is asked."""
        if enquiry.choices:
            return RunnableLambda(self._ask_back)
        if not enquiry.answerable:
            return RunnableLambda(self._say_no)
        return RunnableLambda(self._answer)

    async def _ask_back(self, enquiry: Enquiry) -> Answer:
        lines = [phrase("clarify", enquiry.language)]
        lines += [f"- {choice}" for choice in enquiry.choices]
        return self._fixed(enquiry, "\n".join(lines), Outcome.CLARIFY)

    async def _say_no(self, enquiry: Enquiry) -> Answer:
        text = phrase("no_answer", enquiry.language)
        return self._fixed(enquiry, text, Outcome.NO_ANSWER)

    async def _answer(self, enquiry: Enquiry) -> Answer:
        """By the model, if there is one and it does well; else by sentences."""
        if self._model is None:
            return self._extracted(enquiry)
        chunks = [passage.chunk for passage in enquiry.passages[:SHOWN_TO_MODEL]]
        try:
            reply = await self._model.answer(
                enquiry.question,
                earlier=enquiry.earlier,
                chunks=chunks,
                language=enquiry.language,
            )
        except ModelError as error:
            log.warning("model_answer_refused", reason=str(error))
            return self._extracted(enquiry)
        return Answer(
            text=reply.text,
            outcome=Outcome.ANSWER,
            confidence=enquiry.confidence,
            citations=citations([chunks[place] for place in reply.cited]),
            provenance=replace(
                self._provenance(enquiry, answerer="model"),
                model=reply.model,
                prompt_version=reply.prompt_version,
            ),
        )

    def _extracted(self, enquiry: Enquiry) -> Answer:
        extracted = extract(
            enquiry.passages,
            query=Query(text=enquiry.question, earlier=enquiry.contact_texts),
            language=enquiry.language,
            today=self._clock().date(),
        )
        return Answer(
            text=extracted.text,
            outcome=Outcome.ANSWER,
            confidence=enquiry.confidence,
            citations=citations(extracted.chunks),
            provenance=self._provenance(enquiry, answerer="extractive"),
        )

    def _fixed(self, enquiry: Enquiry, text: str, outcome: Outcome) -> Answer:
        return Answer(
            text=text,
            outcome=outcome,
            confidence=enquiry.confidence,
            provenance=self._provenance(enquiry, answerer="fixed"),
        )

    @staticmethod
    def _provenance(enquiry: Enquiry, *, answerer: str) -> Provenance:
        return Provenance(
            answerer=answerer,
            language=enquiry.language,
            generation=enquiry.generation,
        )


class Answering:
    """Everything that answering needs, assembled once a process."""

    def __init__(
        self,
        settings: Settings,
        organisation: Organisation,
        *,
        embedder: Embedder | None = None,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._embedder = embedder or Embedder(settings.embedding_model)
        name = settings.reranker_model
        self._reranker = Reranker(name) if name else None
        self._executor = Executor()
        self._library = IndexLibrary(
            settings.index_dir, embedding_model=self._embedder.name
        )
        self._retriever = KnowledgeRetriever(
            self._library,
            embedder=self._embedder,
            executor=self._executor,
            today=lambda: clock().date(),
            reranker=self._reranker,
        )
        self.assistant = KnowledgeAssistant(
            self._retriever,
            organisation=organisation,
            model=model_answerer(settings, organisation=organisation.name),
            clock=clock,
        )

    async def warm_up(self) -> None:
        """Load the model and open the index, so that nobody has to wait for it.

        Raises:
            IndexUnavailableError: either is not to be had.
        """
        await self._executor.run(self._load)

    async def check(self) -> str:
        """The generation in use; ``IndexUnavailableError`` if there is none."""
        return await self._executor.run(self._generation)

    async def find(self, query: Query, *, limit: int) -> Found:
        """What the assistant would look at, and more: for measuring and explaining."""
        return await self._executor.run(self._retriever.find, query, limit=limit)

    def close(self) -> None:
        """Let go of threads and files."""
        self._executor.close()
        self._library.close()

    def _load(self) -> None:
        self._embedder.embed(["warm up"])
        if self._reranker:
            self._reranker.load()
        self._generation()

    def _generation(self) -> str:
        with self._library.reading() as index:
            return index.generation
