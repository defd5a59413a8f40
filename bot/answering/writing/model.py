"""The model reads first: it sees the conversation and whole sections, code decides."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.understanding.languages import written_in
from bot.answering.writing.masking import masked
from bot.answering.writing.model_check import Checked, ReplyCheck, drafted, revised
from bot.answering.writing.model_exchange import (
    Exchange,
    Search,
    after_searching,
    repaired,
)
from bot.answering.writing.model_reply import SCHEMA, ModelReply
from bot.answering.writing.model_sources import Source, sources_of
from bot.answering.writing.model_stream import ModelStreams
from bot.answering.writing.organisation_card import hours_text, identity_text
from bot.answering.writing.prompts import load_prompt, quoted
from bot.config import Settings
from bot.conversations.staff_help import LeftOut
from bot.errors import ModelError
from bot.logs import get_logger
from bot.organisation import Organisation

EARLIER_TURNS = 8

Now = Callable[[], datetime]
log = get_logger()


class ModelReader:
    """A model that reads a message and says what becomes of it, within limits."""

    def __init__(
        self, settings: Settings, *, organisation: Organisation, now: Now
    ) -> None:
        self._organisation = organisation
        self._now = now
        self._not_asked_from = settings.bot_model_not_asked_from
        self._total = settings.bot_model_total_seconds
        self._mask = str if settings.bot_model_sees_personal_data else masked
        self._prompt = load_prompt("answer")
        self._streams = ModelStreams(settings, schema=SCHEMA)

    def is_needed(
        self, decision: Decision, enquiry: Enquiry, found: Sequence[Found]
    ) -> bool:
        """Whether it is asked at all.

        Not where safety or the contact's own wish has decided, nor where a reviewed
        answer in the contact's language is as good as certain.
        """
        if not decision.may_be_revised:
            return False
        if decision.reason is not Reasoned.SURE:
            return True
        sure = min((one.sure for one in found), default=0.0)
        reviewed = all(_speaks(one, enquiry.language) for one in decision.sections)
        return not reviewed or sure < self._not_asked_from

    async def revise(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        search: Search,
    ) -> Decision:
        """The decision as the model would have it; the code's where it fails.

        What the model writes is checked by the sentence (``model_check``), sent back
        once with the reasons, then shortened; what no longer answers is not shown.
        """
        try:
            async with asyncio.timeout(self._total):
                return await self._revised(decision, enquiry, found, search)
        except TimeoutError:
            log.warning("model_answer_refused", reason="too slow")
        except ModelError as error:
            log.warning("model_answer_refused", reason=str(error))
        return decision

    async def draft(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        search: Search,
    ) -> tuple[Decision, tuple[LeftOut, ...]]:
        """The same for staff: sentences that passed the check, and those that did not.

        Raises:
            ModelError: it wrote nothing that can be read, or not in time.
        """
        try:
            async with asyncio.timeout(self._total):
                exchange, _, checked = await self._read(
                    decision, enquiry, found, search
                )
        except TimeoutError as error:
            raise ModelError("too slow") from error
        told, left_out = drafted(decision, checked, exchange.sources)
        return self._signed(told, exchange), left_out

    async def _revised(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        search: Search,
    ) -> Decision:
        exchange, reply, checked = await self._read(decision, enquiry, found, search)
        if _is_ours(reply, exchange.sources):
            return decision
        told = revised(decision, reply, checked, exchange.sources, enquiry.chances)
        return self._signed(told, exchange)

    async def _read(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        search: Search,
    ) -> tuple[Exchange, ModelReply, Checked]:
        """What the model says in the end, and what of it may go out."""
        exchange = self._exchange(decision, enquiry, found)
        reply = await after_searching(exchange, search, enquiry.language)
        check = ReplyCheck(
            enquiry,
            languages=self._organisation.languages,
            rules=self._prompt.rules,
        )
        reply, checked = await repaired(exchange, check, reply)
        log.info(
            "model_answered",
            outcome=reply.outcome.value,
            dropped=len(checked.left_out),
            calls=exchange.calls,
        )
        return exchange, reply, checked

    def _signed(self, decision: Decision, exchange: Exchange) -> Decision:
        return replace(
            decision,
            answerer="model",
            model=exchange.model,
            prompt_version=self._prompt.version,
        )

    def _exchange(
        self, decision: Decision, enquiry: Enquiry, found: Sequence[Found]
    ) -> Exchange:
        """How it begins: the conversation, whole sections, who we are."""
        organisation = self._organisation
        about = (
            identity_text(organisation, "en"),
            hours_text(organisation, "en", now=self._now()),
        )
        sources = sources_of(
            found,
            decision,
            organisation="\n".join(about),
            language=enquiry.language,
        )
        # A line a turn: nobody can write what looks like a turn of somebody else.
        turns = (
            f"{turn.author}: {quoted(self._mask(' '.join(turn.text.split())))}"
            for turn in enquiry.earlier[-EARLIER_TURNS:]
        )
        return Exchange(
            self._prompt,
            self._streams,
            sources,
            organisation=organisation.name,
            language=_language(enquiry),
            known=_known(enquiry.facts) or "-",
            earlier="\n".join(turns) or "-",
            question=quoted(self._mask(enquiry.picked or enquiry.text)),
        )


def model_reader(
    settings: Settings, *, organisation: Organisation, now: Now
) -> ModelReader | None:
    """The model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelReader(settings, organisation=organisation, now=now)


def _speaks(chunk: Chunk, language: str) -> bool:
    """Whether a section is there in a language, by its own words or reviewed ones."""
    return language in chunk.answers or written_in(chunk.text) == language


def _language(enquiry: Enquiry) -> str:
    """The language to write in; what was read of a few words is a guess."""
    guess = enquiry.romanised or enquiry.language
    return f"that of the message, in its letters; it looks like {guess}"


def _known(facts: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {quoted(value)}" for name, value in facts.items())


def _is_ours(reply: ModelReply, sources: Sequence[Source]) -> bool:
    """Whether it rests on nothing but what the code itself would have replied."""
    numbers = {number for one in reply.sentences for number in one.sources}
    return bool(numbers) and all(
        0 < number <= len(sources) and sources[number - 1].decided for number in numbers
    )
