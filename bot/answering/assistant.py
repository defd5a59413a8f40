"""The chain: understand, retrieve, decide by the evidence, answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.completing import intent_behind
from bot.answering.continuing import unsaid
from bot.answering.enquiry import Enquiry
from bot.answering.facts import (
    Facts,
    Understood,
    known_after,
    known_with,
    understood_in,
)
from bot.answering.finding import Finder
from bot.answering.history import shortened
from bot.answering.offers import accepts, person_offered_in
from bot.answering.parts import joined, parts_of
from bot.answering.picking import Pick, meant, pick_after, said
from bot.answering.programme_replies import ProgrammeDesk
from bot.answering.questions import (
    paired_questions,
    sentences_of,
    split_questions,
)
from bot.answering.remarks import asks_for_more, doubts
from bot.answering.replies import fixed_reply
from bot.answering.understanding import Intent, language_of
from bot.answering.without_answer import ask_back, cannot_search, nothing_more, say_no
from bot.answering.writing import Writer
from bot.conversations.ports import Answer, Outcome, Turn
from bot.organisation import Organisation

# Hears of every enquiry, as it was when it was decided on, and of what came of it.
Watch = Callable[[Enquiry, Answer], object]


class KnowledgeAssistant:
    """Answers from the indexed documents; ``answer`` runs the whole chain."""

    def __init__(
        self,
        finder: Finder,
        *,
        writer: Writer,
        programmes: ProgrammeDesk,
        organisation: Organisation,
        watch: Watch = lambda _enquiry, _answer: None,
    ) -> None:
        self._watch = watch
        self._finder = finder
        self._writer = writer
        self._programmes = programmes
        self._organisation = organisation
        # A step that returns a runnable is a branch: LangChain runs what it returns.
        self._look_up: Runnable[Enquiry, Any] = (
            RunnableLambda(self._finder.find)
            | RunnableLambda(self._weigh)
            | RunnableLambda(self._choose)
        )
        self._look_up_each: Runnable[Enquiry, Any] = RunnableLambda(self._answer_each)
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
        enquiry, understood = self._heard(question, earlier, language, facts)
        answer: Answer = await self._chain.ainvoke(enquiry)
        return replace(answer, understood=understood)

    def _heard(
        self,
        question: str,
        earlier: Sequence[Turn],
        language: str | None,
        facts: Facts | None,
    ) -> tuple[Enquiry, Understood]:
        """What is meant by a message after others, and what it says of plans."""
        pick = pick_after(earlier, question) or Pick(question, None)
        offered = pick.text == pick.choice
        known = known_after(said(earlier)) if facts is None else facts
        earlier = meant(earlier)
        text = shortened(pick.text.strip())
        # What was offered is in the documents' words, not in the contact's.
        own = "" if offered else shortened(question.strip())
        spoken = language_of(own, allowed=self._organisation.languages, known=language)
        understood = {} if pick.is_question else understood_in(text)
        enquiry = Enquiry(
            question=text,
            intent=None if offered else intent_behind(pick.text),
            earlier=earlier,
            language=spoken,
            facts=known_with(known, understood),
            picked=pick.choice,
        )
        return enquiry, understood

    async def _understand(self, enquiry: Enquiry) -> Enquiry:
        if enquiry.picked:
            return enquiry
        offered = person_offered_in(enquiry.earlier, enquiry.language)
        if offered and accepts(enquiry.question):
            return replace(enquiry, intent=Intent.ASKS_FOR_PERSON, language=offered)
        if asks_for_more(enquiry.question) and enquiry.said_before:
            return enquiry.continued()
        if doubts(enquiry.question) and enquiry.said_before:
            return enquiry.again()
        return enquiry.completed()

    async def _route(self, enquiry: Enquiry) -> Answer | Runnable[Enquiry, Any]:
        """What is to be looked up is, each question by itself."""
        if enquiry.said:
            return self._look_up
        reply = await self._at_once(enquiry)
        if reply is not None:
            self._watch(enquiry, reply)
            return reply
        if enquiry.picked:
            return self._look_up
        if split_questions(enquiry.question) or paired_questions(enquiry.question):
            return self._look_up_each
        return self._look_up

    async def _at_once(self, enquiry: Enquiry) -> Answer | None:
        """Programmes are data, and fixed words need no documents."""
        if enquiry.intent in {None, Intent.VAGUE}:
            reply = await self._programmes.reply(enquiry)
            if reply is not None:
                return reply
        return None if enquiry.needs_documents else self._fixed(enquiry)

    def _fixed(self, enquiry: Enquiry) -> Answer:
        intent = enquiry.intent or Intent.EMPTY
        reply = fixed_reply(intent, enquiry.language)
        help_ = self._organisation.emergency_help_in(enquiry.language)
        if intent is Intent.DISTRESS and help_:
            return replace(reply, text=f"{reply.text}\n\n{help_}")
        return reply

    async def _answer_each(self, enquiry: Enquiry) -> Answer | Runnable[Enquiry, Any]:
        """A short answer to each question; as one question, if none has any.

        The halves of a sentence stay together where not each has an answer of its own.
        """
        listed = split_questions(enquiry.question)
        parts = parts_of(enquiry, listed or paired_questions(enquiry.question))
        answers = await asyncio.gather(*(self._look_up.ainvoke(part) for part in parts))
        told = {one.text for one in answers if one.outcome is Outcome.ANSWER}
        if not listed and len(told) < len(parts):
            return self._look_up
        return joined(parts, answers) or self._look_up

    async def _weigh(self, enquiry: Enquiry) -> Enquiry:
        """How likely there is an answer: to the message, else to a sentence of it."""
        whole = enquiry.narrowed() or enquiry.weighed()
        if whole.answerable or whole.said or whole.picked:
            return whole
        parts = [
            await self._finder.find(replace(enquiry, focus=sentence))
            for sentence in sentences_of(enquiry.question)
        ]
        weighed = [part.weighed() for part in parts]
        best = max(weighed, key=lambda part: part.confidence, default=whole)
        return best if best.answerable else whole

    async def _choose(self, enquiry: Enquiry) -> Answer:
        answer = await self._decided(enquiry)
        self._watch(enquiry, answer)
        return answer

    async def _decided(self, enquiry: Enquiry) -> Answer:
        """The evidence decides what becomes of the enquiry; no model is asked."""
        if enquiry.said:
            passages = unsaid(enquiry.passages, enquiry.said)
            if not passages:
                return nothing_more(enquiry)
            return await self._writer.write(replace(enquiry, passages=passages))
        if enquiry.choices:
            return ask_back(enquiry)
        if enquiry.unreadable:
            return cannot_search(enquiry)
        if not enquiry.answerable:
            named = await self._programmes.named(enquiry)
            return say_no(enquiry, programmes=named)
        return await self._writer.write(enquiry)
