"""The chain: read once, search once, decide once, write once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.decision import decide
from bot.answering.enquiry import Decision, Enquiry, Found, Hit, Query
from bot.answering.executor import Executor
from bot.answering.programmes.desk import ProgrammeDesk
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.understanding.reader import Facts, Reader
from bot.answering.writing.model import ModelReader
from bot.answering.writing.writer import Writer
from bot.conversations.ports import Answer, Turn

# Hears of every enquiry, of what was found and decided, and of what came of it.
Watch = Callable[[Enquiry, Sequence[Found], Decision], object]


# A question of fewer words may mean many things, though a section is known by it.
FEWEST_WORDS = 4


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
        self._watch = watch

    async def answer(
        self,
        question: str,
        *,
        earlier: Sequence[Turn] = (),
        language: str | None = None,
        facts: Facts | None = None,
    ) -> Answer:
        """What to reply to ``question``, after the turns before it, oldest first.

        ``language`` is the conversation's (ISO 639-1), ``facts`` what is remembered of
        the contact's plans.

        Raises:
            IndexUnavailableError: there is no index to answer from.
        """
        enquiry, found, decision = await self._executor.run(
            self._look_up, question, earlier=earlier, language=language, facts=facts
        )
        if self._model and decision.may_be_revised:
            decision = await self._model.revise(decision, enquiry, found)
        self._watch(enquiry, found, decision)
        hits = (hit for one in found for hit in one.hits)
        parts = {hit.chunk.id: hit.parts for hit in hits if hit.parts}
        return self._writer.write(decision, enquiry, parts=parts)

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
        found = [
            _with_known(index, query, index.search(query, today=today), enquiry.picked)
            for query in enquiry.queries
        ]
        decision = ProgrammeDesk(index, today=today).decide(enquiry, found) or decide(
            enquiry, found, weights=index.weights
        )
        return enquiry, found, decision


def _with_known(index: Index, query: Query, found: Found, picked: str | None) -> Found:
    """The section that was picked, or is known by these very words, comes first.

    That is sure; of words that do not stand alone only a pick is.
    """
    alone = picked or (query.text if len(query.text.split()) >= FEWEST_WORDS else "")
    chunk = index.asked_by(alone)
    if chunk is None:
        return found
    number = index.numbers_of(chunk.name)[0]
    known = next((hit for hit in found.hits if hit.number == number), None)
    hit = known or Hit(
        chunk=chunk, number=number, share=1.0, text=1.0, asked=1.0, lexical=0.0
    )
    others = tuple(one for one in found.hits if one is not known)
    return replace(found, hits=(hit, *others), sure=1.0, near=1.0)
