"""One message read by a model: what it looks for, writes, and writes once more."""

import json
from collections.abc import Collection, Sequence
from typing import Protocol

from bot.answering.enquiry import Found
from bot.answering.executor import Executor
from bot.answering.writing.models.exchange import Exchange
from bot.answering.writing.models.reply import Filters, ModelOutcome, ModelReply, Said
from bot.answering.writing.models.reply_check import Checked, ReplyCheck, joined
from bot.answering.writing.models.sources import Source, source_of
from bot.answering.writing.models.telling import Telling
from bot.errors import ModelError
from bot.logs import get_logger

# So often a model may ask for other sources, and so many come each time.
ROUNDS, MORE = 2, 4

log = get_logger()


class Tools(Protocol):
    """What a model may ask for; ``names`` are those that the documents know."""

    @property
    def names(self) -> Collection[str]: ...

    async def sections(self, question: str) -> Found:
        """What is found for a question that stands alone."""
        ...

    async def programmes(self, filters: Filters) -> Sequence[Source]:
        """The programmes that fit, as sources."""
        ...


class Reading:
    """Follows an exchange until there is a reply, with what may go out of it."""

    def __init__(
        self,
        exchange: Exchange,
        check: ReplyCheck,
        telling: Telling,
        *,
        tools: Tools,
        language: str,
        executor: Executor,
    ) -> None:
        self._exchange = exchange
        self._check = check
        self._telling = telling
        self._tools = tools
        self._language = language
        self._executor = executor

    @property
    def sources(self) -> Sequence[Source]:
        """All that the model has seen."""
        return self._exchange.sources

    @property
    def model(self) -> str:
        """The name of the one that wrote."""
        return self._telling.model

    @property
    def told(self) -> Sequence[Said]:
        """What the contact has read."""
        return self._telling.told

    async def result(self) -> tuple[ModelReply, Checked]:
        """The reply, repaired where it had to be, and what may go out of it.

        Raises:
            ModelError: there is none.
        """
        reply, checked = await self._repaired(await self._after_searching())
        log.info(
            "model_answered",
            outcome=reply.outcome.value,
            dropped=len(checked.left_out),
            calls=self._exchange.calls,
        )
        kept = _begins(checked.kept, self.told)
        return (reply, checked) if kept else as_told(self.told)

    async def _after_searching(self) -> ModelReply:
        """Its first reply that looks for nothing more."""
        reply = await self._exchange.reply(self._telling)
        for _ in range(ROUNDS):
            if reply.outcome is not ModelOutcome.SEARCH:
                return reply
            new, what = await self._looked_up(reply)
            reply = await self._exchange.bring(new, what, self._telling)
        if reply.outcome is ModelOutcome.SEARCH:
            return ModelReply(outcome=ModelOutcome.NOT_KNOWN)
        return reply

    async def _looked_up(self, reply: ModelReply) -> tuple[Sequence[Source], str]:
        """What it asked for, and in which words."""
        filters = reply.programmes.set if reply.programmes else {}
        if reply.programmes and filters:
            found = await self._tools.programmes(reply.programmes)
            return found, json.dumps(filters, ensure_ascii=False)
        if not reply.search.strip():
            raise ModelError("a search for nothing")
        hits = (await self._tools.sections(reply.search)).hits
        known = {chunk for one in self.sources for chunk in one.sections}
        more = [hit.chunk for hit in hits if hit.chunk not in known][:MORE]
        return [source_of(chunk, self._language) for chunk in more], reply.search

    async def _repaired(self, reply: ModelReply) -> tuple[ModelReply, Checked]:
        """The reply with what may go out of it, sent back once where that is less."""
        checked = await self._checked(reply)
        if not checked.reasons:
            return reply, checked
        log.info("model_reply_sent_back", reasons=len(checked.reasons))
        told = self.told
        try:
            again = await self._exchange.send_back(
                [*checked.reasons, *_already_read(told)]
            )
        except ModelError:
            return reply, checked
        second = await self._checked(again)
        worse = (
            again.outcome is ModelOutcome.SEARCH
            or (checked.answers and bool(second.reasons) and not second.answers)
            or not _begins(second.kept, told)
            or bool(told and again.outcome is not ModelOutcome.ANSWER)
        )
        return (reply, checked) if worse else (again, second)

    async def _checked(self, reply: ModelReply) -> Checked:
        return await self._executor.run(self._check.checked, reply, self.sources)


def as_told(told: Sequence[Said]) -> tuple[ModelReply, Checked]:
    """What the contact has read, as the whole reply."""
    reply = ModelReply(outcome=ModelOutcome.ANSWER, sentences=list(told))
    return reply, Checked(kept=tuple(told), left_out=(), reasons=(), begins=True)


def _begins(kept: Sequence[Said], told: Sequence[Said]) -> bool:
    """Whether a reply begins with what the contact has read of it."""
    return [one.text for one in kept[: len(told)]] == [one.text for one in told]


def _already_read(told: Sequence[Said]) -> list[str]:
    if not told:
        return []
    text = joined(one.text for one in told)
    return [f"- begin with this, unchanged, since it has been read: “{text}”"]
