"""The chain: read once, search once, decide once, write once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.decision import by_wish, decide
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.executor import Executor
from bot.answering.outcomes import of_own_data
from bot.answering.programmes.desk import ProgrammeDesk
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.retrieval.look_up import look_up
from bot.answering.tools import ModelTools
from bot.answering.understanding.queries import Facts
from bot.answering.understanding.reader import Reader
from bot.answering.writing.models.reader import ModelReader
from bot.answering.writing.models.tokens import metered
from bot.answering.writing.writer import Writer
from bot.conversations.ports import Answer, Purse, Tell, Turn
from bot.conversations.staff_help import Drafted
from bot.errors import ModelError, OverBudgetError

# Hears of every enquiry, of what was found and decided, and of what came of it.
Watch = Callable[[Enquiry, Sequence[Found], Decision], object]
# A wish, thanks, or no words: there is nothing to draft a reply to.
ASKS_NOTHING = {
    Reasoned.WANTED,
    Reasoned.EMPTY,
    Reasoned.OWN_DATA_ERASE,
    Reasoned.OWN_DATA_COPY,
    Reasoned.OWN_DATA_LEAVE,
}


class KnowledgeAssistant:
    """Answers from the indexed documents; ``answer`` is the whole story."""

    def __init__(
        self,
        library: IndexLibrary,
        *,
        reader: Callable[[], Reader],
        writer: Writer,
        executor: Executor,
        now: Callable[[], datetime],
        model: ModelReader | None = None,
        watch: Watch = lambda _enquiry, _found, _decision: None,
    ) -> None:
        self._library = library
        self._reader = reader
        self._writer = writer
        self._executor = executor
        self._now = now
        self._model = model
        self._tools = ModelTools(library, reader=reader, executor=executor, now=now)
        self._watch = watch

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Facts | None = None,
        tell: Tell | None = None,
        purse: Purse | None = None,
    ) -> Answer:
        """What to reply to ``question``, after the turns before it, oldest first.

        ``language`` is the conversation's (ISO 639-1), ``facts`` what is remembered of
        the contact's plans; ``tell`` hears how the reply begins while a model writes;
        ``purse`` pays for the model, or says that there is none.

        Raises:
            IndexUnavailableError: there is no index to answer from.
        """
        enquiry, found, decision = await self._executor.run(
            self._look_up, question, earlier=earlier, language=language, facts=facts
        )
        if self._model and self._model.is_needed(decision, enquiry, found):
            decision = await self._revised(
                self._model,
                decision,
                enquiry,
                found,
                tell=self._writer.teller(tell, enquiry) if tell else None,
                purse=purse,
            )
        self._watch(enquiry, found, decision)
        hits = (hit for one in found for hit in one.hits)
        parts = {hit.chunk.id: hit.parts for hit in hits if hit.parts}
        return await self._executor.run(
            self._writer.write, decision, enquiry, parts=parts
        )

    async def heed(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
    ) -> Answer | None:
        """A handoff that ``question`` asks for, read without looking anything up.

        The arguments are those of ``answer``; None where it asks for none.
        """
        enquiry = await self._executor.run(
            self._read, question, earlier=earlier, language=language
        )
        decision = by_wish(enquiry)
        if decision is None or decision.handoff is None:
            return None
        return self._writer.write(decision, enquiry, parts={})

    async def draft(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Facts | None = None,
        purse: Purse | None = None,
    ) -> Drafted | None:
        """What the model would reply, for staff; None where nothing is asked.

        The arguments are those of ``answer``.

        Raises:
            IndexUnavailableError: there is no index to answer from.
            ModelError: there is no model, or it failed.
            OverBudgetError: the purse does not pay for it.
        """
        if self._model is None:
            raise ModelError("there is no model")
        enquiry, found, decision = await self._executor.run(
            self._look_up, question, earlier=earlier, language=language, facts=facts
        )
        if decision.reason in ASKS_NOTHING and not enquiry.also_asks:
            return None
        async with metered(purse) as meter:
            decision, left_out = await self._model.draft(
                decision,
                enquiry,
                found,
                tools=self._tools,
                meter=meter,
            )
        told = replace(decision, text=decision.text or "", handoff=None)
        answer = await self._executor.run(
            self._writer.write, told, replace(enquiry, unspoken=None), parts={}
        )
        return Drafted(answer=answer, left_out=left_out)

    async def _revised(
        self,
        model: ModelReader,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        tell: Callable[[str], Awaitable[bool]] | None,
        purse: Purse | None,
    ) -> Decision:
        """The decision as the model would have it, where it may be paid for."""
        try:
            async with metered(purse) as meter:
                return await model.revise(
                    decision, enquiry, found, tools=self._tools, meter=meter, tell=tell
                )
        except OverBudgetError:
            return decision

    def _read(
        self, question: str, *, earlier: Sequence[Turn], language: str | None
    ) -> Enquiry:
        return self._reader().read(question, earlier=earlier, language=language)

    def _look_up(
        self,
        question: str,
        *,
        earlier: Sequence[Turn],
        language: str | None,
        facts: Facts | None,
    ) -> tuple[Enquiry, list[Found], Decision]:
        """Everything that computes: reading, searching, deciding by code."""
        index, today = self._library.index(), self._now().date()
        enquiry = self._reader().read(
            question,
            earlier=earlier,
            language=language,
            facts=facts,
            section_asked_by=index.name_asked_by,
        )
        enquiry, found = look_up(index, enquiry, today=today)
        decision = (
            of_own_data(enquiry)
            or ProgrammeDesk(index, today=today).decide(enquiry, found)
            or decide(enquiry, found, weights=index.weights)
        )
        return enquiry, found, decision
