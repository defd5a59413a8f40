"""The model reads first: it sees the conversation and whole sections, code decides."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.executor import Executor
from bot.answering.writing.checks.contrast import Encode
from bot.answering.writing.models.exchange import Exchange
from bot.answering.writing.models.raising import STAYS, raised
from bot.answering.writing.models.reading import Reading, Tools, as_told
from bot.answering.writing.models.reply import SCHEMA
from bot.answering.writing.models.reply_check import ReplyCheck, drafted, revised
from bot.answering.writing.models.sentence_check import SentenceCheck
from bot.answering.writing.models.sources import (
    SHOWN_TO_MODEL,
    SHOWN_TO_SMALL,
    is_ours,
    sources_of,
    speaks,
)
from bot.answering.writing.models.stream import ModelStreams
from bot.answering.writing.models.telling import Telling
from bot.answering.writing.models.tokens import TokenMeter
from bot.answering.writing.models.told import told_of
from bot.answering.writing.organisation_card import hours_text, identity_text
from bot.answering.writing.prompts import load_prompt
from bot.config import Settings
from bot.conversations.staff_help import LeftOut
from bot.errors import ModelError
from bot.logs import get_logger
from bot.masking import masked
from bot.organisation import Organisation

Now = Callable[[], datetime]
log = get_logger()


class ModelReader:
    """A model that reads a message and says what becomes of it, within limits."""

    def __init__(
        self,
        settings: Settings,
        *,
        organisation: Organisation,
        now: Now,
        executor: Executor,
        encode: Encode,
    ) -> None:
        self._executor = executor
        self._encode = encode
        self._organisation = organisation
        self._now = now
        certain = settings.bot_model_not_asked_from
        self._not_asked_from = certain if certain < 1 else math.inf
        self._total = settings.bot_model_total_seconds
        self._mask = str if settings.bot_model_sees_personal_data else masked
        self._small = small = settings.bot_model_small
        self._prompt = load_prompt("answer_small" if small else "answer")
        self._shown = SHOWN_TO_SMALL if small else SHOWN_TO_MODEL
        self._streams = ModelStreams(settings, schema=SCHEMA)

    def is_needed(
        self, decision: Decision, enquiry: Enquiry, found: Sequence[Found]
    ) -> bool:
        """Whether it is asked at all.

        Not where safety or the contact's own wish has clearly decided, nor where a
        reviewed answer in the contact's language is as good as certain. A small model
        is not asked where somebody may be in distress.
        """
        if not decision.may_be_revised or (self._small and decision.handoff in STAYS):
            return False
        if decision.reason is not Reasoned.SURE:
            return True
        sure = min((one.sure for one in found), default=0.0)
        reviewed = all(speaks(one, enquiry.language) for one in decision.sections)
        return not reviewed or sure < self._not_asked_from

    async def revise(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        tools: Tools,
        meter: TokenMeter,
        tell: Callable[[str], Awaitable[bool]] | None = None,
    ) -> Decision:
        """The decision as the model would have it; the code's where it fails.

        What the model writes is checked by the sentence (``reply_check``), sent back
        once with the reasons, then shortened; what no longer answers is not shown.
        ``tell`` hears the beginning of an answer, which stays whatever becomes of the
        rest. It carries the tokens that it took, whatever came of it.
        """
        reading = self._reading(
            decision,
            enquiry,
            found,
            tools=tools,
            meter=meter,
            tell=None if decision.handoff in STAYS else tell,
        )
        made = await self._revised(decision, enquiry, reading)
        return replace(raised(decision, made), tokens=meter.tokens)

    async def draft(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        tools: Tools,
        meter: TokenMeter,
    ) -> tuple[Decision, tuple[LeftOut, ...]]:
        """The same for staff: sentences that passed the check, and those that did not.

        Raises:
            ModelError: it wrote nothing that can be read, or not in time.
        """
        reading = self._reading(decision, enquiry, found, tools=tools, meter=meter)
        try:
            async with asyncio.timeout(self._total):
                _, checked = await reading.result()
        except TimeoutError as error:
            raise ModelError("too slow") from error
        made, left_out = drafted(decision, checked, reading.sources)
        return self._signed(made, reading), left_out

    async def _revised(
        self, decision: Decision, enquiry: Enquiry, reading: Reading
    ) -> Decision:
        try:
            async with asyncio.timeout(self._total):
                reply, checked = await reading.result()
            if is_ours(reply.sentences, reading.sources):
                return decision
            made = revised(decision, reply, checked, reading.sources, enquiry.chances)
        except (TimeoutError, ModelError) as error:
            log.warning("model_answer_refused", reason=str(error) or "too slow")
            if not reading.told:
                return decision
            reply, checked = as_told(reading.told)
            made = revised(decision, reply, checked, reading.sources, enquiry.chances)
        return self._signed(made, reading)

    def _signed(self, decision: Decision, reading: Reading) -> Decision:
        return replace(
            decision,
            answerer="model",
            model=reading.model,
            prompt_version=self._prompt.version,
        )

    def _reading(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        *,
        tools: Tools,
        meter: TokenMeter,
        tell: Callable[[str], Awaitable[bool]] | None = None,
    ) -> Reading:
        """What follows the model; ``tell`` is None where nobody reads along."""
        exchange = self._exchange(decision, enquiry, found, meter)
        check = ReplyCheck(
            SentenceCheck(
                enquiry,
                languages=self._organisation.languages,
                rules=self._prompt.rules,
                encode=self._encode,
                names=tools.names,
            )
        )
        return Reading(
            exchange,
            check,
            Telling(tell, check, exchange.sources, executor=self._executor),
            tools=tools,
            language=enquiry.language,
            executor=self._executor,
        )

    def _exchange(
        self,
        decision: Decision,
        enquiry: Enquiry,
        found: Sequence[Found],
        meter: TokenMeter,
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
            shown=self._shown,
        )
        return Exchange(
            self._prompt,
            self._streams,
            sources,
            meter=meter,
            organisation=organisation.name,
            **told_of(enquiry, mask=self._mask),
        )


def model_reader(
    settings: Settings,
    *,
    organisation: Organisation,
    now: Now,
    executor: Executor,
    encode: Encode,
) -> ModelReader | None:
    """The model that ``BOT_MODEL`` names, or None.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    if not settings.bot_model:
        return None
    return ModelReader(
        settings,
        organisation=organisation,
        now=now,
        executor=executor,
        encode=encode,
    )
