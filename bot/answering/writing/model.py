"""The model reads first: it sees the conversation and whole sections, code decides."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Found, Reasoned
from bot.answering.understanding.languages import written_in
from bot.answering.writing.masking import masked
from bot.answering.writing.model_check import Checked, ReplyCheck, revised
from bot.answering.writing.model_exchange import Exchange
from bot.answering.writing.model_reply import ModelOutcome, ModelReply
from bot.answering.writing.model_sources import (
    SHOWN_TO_MODEL,
    SHOWN_TO_SMALL,
    Source,
    source_of,
    sources_of,
)
from bot.answering.writing.model_stream import ModelStreams
from bot.answering.writing.model_tokens import TokenMeter
from bot.answering.writing.organisation_card import hours_text, identity_text
from bot.answering.writing.prompts import load_prompt, quoted
from bot.config import Settings
from bot.errors import ModelError
from bot.logs import get_logger
from bot.organisation import Organisation

EARLIER_TURNS = 8
# So often a model may ask for other sources, and so many come each time.
ROUNDS, MORE = 2, 4

# Looks for a question that stands alone.
Search = Callable[[str], Awaitable[Found]]
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
        small = settings.bot_model_small
        self._prompt = load_prompt("answer_small" if small else "answer")
        self._shown = SHOWN_TO_SMALL if small else SHOWN_TO_MODEL
        self._streams = ModelStreams(settings)

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
        once with the reasons, then shortened; what no longer answers is not shown. It
        carries the tokens that it took, whatever came of it.
        """
        meter = TokenMeter()
        exchange = self._exchange(decision, enquiry, found, meter)
        try:
            async with asyncio.timeout(self._total):
                decision = await self._revised(decision, enquiry, exchange, search)
        except TimeoutError:
            log.warning("model_answer_refused", reason="too slow")
        except ModelError as error:
            log.warning("model_answer_refused", reason=str(error))
        return replace(decision, tokens=meter.tokens)

    async def _revised(
        self,
        decision: Decision,
        enquiry: Enquiry,
        exchange: Exchange,
        search: Search,
    ) -> Decision:
        reply = await _after_searching(exchange, search, enquiry.language)
        check = ReplyCheck(
            enquiry,
            languages=self._organisation.languages,
            rules=self._prompt.rules,
        )
        reply, checked = await _repaired(exchange, check, reply)
        log.info(
            "model_answered",
            outcome=reply.outcome.value,
            dropped=len(reply.sentences) - len(checked.kept),
            calls=exchange.calls,
        )
        if _is_ours(reply, exchange.sources):
            return decision
        return replace(
            revised(decision, reply, checked, exchange.sources, enquiry.chances),
            answerer="model",
            model=exchange.model,
            prompt_version=self._prompt.version,
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
        # A line a turn: nobody can write what looks like a turn of somebody else.
        turns = (
            f"{turn.author}: {quoted(self._mask(' '.join(turn.text.split())))}"
            for turn in enquiry.earlier[-EARLIER_TURNS:]
        )
        return Exchange(
            self._prompt,
            self._streams,
            sources,
            meter=meter,
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


async def _after_searching(
    exchange: Exchange, search: Search, language: str
) -> ModelReply:
    """Its first reply that looks for nothing more."""
    reply = await exchange.reply()
    for _ in range(ROUNDS):
        if reply.outcome is not ModelOutcome.SEARCH:
            return reply
        if not reply.search.strip():
            raise ModelError("a search for nothing")
        found = await search(reply.search)
        known = {chunk for one in exchange.sources for chunk in one.sections}
        more = [hit.chunk for hit in found.hits if hit.chunk not in known][:MORE]
        new = [source_of(chunk, language) for chunk in more]
        reply = await exchange.bring(new, reply.search)
    if reply.outcome is ModelOutcome.SEARCH:
        return ModelReply(outcome=ModelOutcome.NOT_KNOWN)
    return reply


async def _repaired(
    exchange: Exchange, check: ReplyCheck, reply: ModelReply
) -> tuple[ModelReply, Checked]:
    """The reply with what may go out of it, sent back once where that is less."""
    checked = check.checked(reply, exchange.sources)
    if not checked.reasons:
        return reply, checked
    log.info("model_reply_sent_back", reasons=len(checked.reasons))
    try:
        again = await exchange.send_back(checked.reasons)
    except ModelError:
        return reply, checked
    second = check.checked(again, exchange.sources)
    worse = again.outcome is ModelOutcome.SEARCH or (
        checked.answers and bool(second.reasons) and not second.answers
    )
    return (reply, checked) if worse else (again, second)


def _is_ours(reply: ModelReply, sources: Sequence[Source]) -> bool:
    """Whether it rests on nothing but what the code itself would have replied."""
    numbers = {number for one in reply.sentences for number in one.sources}
    return bool(numbers) and all(
        0 < number <= len(sources) and sources[number - 1].decided for number in numbers
    )
