"""The chain: understand, retrieve, decide by the evidence, answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.embedding import Embedder
from bot.answering.enquiry import LONGEST_QUESTION, Enquiry
from bot.answering.evidence import confidence
from bot.answering.executor import Executor
from bot.answering.facts import (
    Facts,
    known_after,
    known_with,
    understood_in,
)
from bot.answering.library import IndexLibrary
from bot.answering.model_answers import model_answerer
from bot.answering.offers import accepts, person_offered_in
from bot.answering.passages import Query
from bot.answering.replies import fixed_reply
from bot.answering.reranker import Reranker
from bot.answering.retriever import Found, KnowledgeRetriever
from bot.answering.store import open_store
from bot.answering.understanding import Intent, intent_of, language_of
from bot.answering.writing import Writer, provenance
from bot.config import Settings
from bot.conversations.phrases import phrase
from bot.conversations.ports import (
    Answer,
    Author,
    Outcome,
    Turn,
)
from bot.organisation import Organisation

Clock = Callable[[], datetime]


class KnowledgeAssistant:
    """Answers from the indexed documents; ``answer`` runs the whole chain."""

    def __init__(
        self,
        retriever: KnowledgeRetriever,
        *,
        writer: Writer,
        organisation: Organisation,
    ) -> None:
        self._retriever = retriever
        self._writer = writer
        self._organisation = organisation
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
        facts: Facts | None = None,
    ) -> Answer:
        """What to reply to ``question``, after the turns before it.

        Raises:
            IndexUnavailableError: there is no index to answer from.
        """
        text = question.strip()[:LONGEST_QUESTION]
        spoken = language_of(text, allowed=self._organisation.languages, known=language)
        understood = understood_in(text)
        known = _said_before(earlier) if facts is None else facts
        answer: Answer = await self._chain.ainvoke(
            Enquiry(
                question=text,
                earlier=tuple(earlier),
                language=spoken,
                facts=known_with(known, understood),
            )
        )
        return replace(answer, understood=understood)

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
            enquiry.asked, earlier=enquiry.contact_texts
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
        return RunnableLambda(self._writer.write)

    async def _ask_back(self, enquiry: Enquiry) -> Answer:
        lines = [phrase("clarify", enquiry.language)]
        lines += [f"- {choice}" for choice in enquiry.choices]
        return self._fixed(enquiry, "\n".join(lines), Outcome.CLARIFY)

    async def _say_no(self, enquiry: Enquiry) -> Answer:
        text = phrase("no_answer", enquiry.language)
        return self._fixed(enquiry, text, Outcome.NO_ANSWER)

    def _fixed(self, enquiry: Enquiry, text: str, outcome: Outcome) -> Answer:
        return Answer(
            text=text,
            outcome=outcome,
            confidence=enquiry.confidence,
            provenance=provenance(enquiry, answerer="fixed"),
        )


def _said_before(earlier: Sequence[Turn]) -> Facts:
    """What the contact has said in a conversation, where nothing else is kept."""
    return known_after(t.text for t in earlier if t.author is Author.CONTACT)


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
            open_store(settings), embedding_model=self._embedder.name
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
            writer=Writer(
                model_answerer(settings, organisation=organisation.name),
                today=lambda: clock().date(),
            ),
            organisation=organisation,
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
        """Let go of the threads."""
        self._executor.close()

    def _load(self) -> None:
        self._embedder.embed(["warm up"])
        if self._reranker:
            self._reranker.load()
        self._generation()

    def _generation(self) -> str:
        return self._library.index().generation
