"""Does what is owed: replies that are due, and deliveries that have to leave."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from time import monotonic

from bot.conversations.handoff.handoffs import (
    emergency_answer,
    keyword_handoff,
    reply_to_opinion,
)
from bot.conversations.outbox.deliveries import due_at, due_deliveries
from bot.conversations.ports import Answer, Assistant, Outcome, Provenance, Tell
from bot.conversations.service import Conversations
from bot.conversations.spending.budget import Account, Budget
from bot.conversations.states import SpentOn
from bot.conversations.working.due_replies import next_reply_due
from bot.conversations.working.leases import renewed
from bot.conversations.working.overdue import Overdue
from bot.conversations.working.replies import Replies
from bot.conversations.working.reply_claims import ReplyClaim
from bot.conversations.working.reports import Reports
from bot.conversations.working.sending import Sender
from bot.conversations.working.taking_turns import Turns
from bot.conversations.working.typing_hints import typing_shown
from bot.logs import get_logger
from bot.phrases import phrase

POLL_SECONDS = 0.5
REPLIERS = 3
SENDERS = 2
# One replier is always left for whoever else writes.
SHARE_OF_A_NETWORK = REPLIERS - 1
SELDOM_SECONDS = 5.0
STALE_AFTER_SECONDS = 30.0
# What takes longer has failed.
ANSWER_WITHIN_SECONDS = 55.0

log = get_logger()


class Worker:
    """A few loops that share the database as their queue."""

    def __init__(
        self,
        conversations: Conversations,
        assistant: Assistant,
        *,
        budget: Budget | None = None,
        answer_within: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self._conversations = conversations
        self._assistant = assistant
        self._budget = budget
        self._answer_within = answer_within
        self._replies = Replies(conversations)
        self._turns = Turns(share=SHARE_OF_A_NETWORK)
        self._sender = Sender(conversations)
        self._overdue = Overdue(conversations)
        self._reports = Reports(conversations)
        self._reply_due = asyncio.Semaphore(0)
        self._delivery_due = asyncio.Semaphore(0)
        self._last_look = monotonic()

    @property
    def alive(self) -> bool:
        """Whether the loops have looked at the database lately."""
        return monotonic() - self._last_look < STALE_AFTER_SECONDS

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(REPLIERS):
                group.create_task(self._loop(self.reply_once, self._reply_due))
            for _ in range(SENDERS):
                group.create_task(self._loop(self.send_once, self._delivery_due))
            group.create_task(self._watch())
            for step in (self._overdue.step, self._reports.step):
                group.create_task(_now_and_then(step))

    async def drain(self) -> None:
        """Do everything that is due now, and return when nothing is."""
        while (
            await self._overdue.step()
            or await self._reports.step()
            or await self.reply_once()
            or await self.send_once()
        ):
            pass

    async def reply_once(self) -> bool:
        """Answer one conversation; False if none is due."""
        async with AsyncExitStack() as stack:
            async with self._turns.claiming:
                claim = await self._replies.claim(self._turns)
                if claim is None:
                    return False
                stack.enter_context(self._turns.taken(claim))
            _wake_one(self._reply_due)
            await self._settle(claim)
        return True

    async def send_once(self) -> bool:
        """Send or look up one delivery; False if none is due."""
        return await self._sender.send_once(
            claimed=lambda: _wake_one(self._delivery_due)
        )

    async def _settle(self, claim: ReplyClaim) -> None:
        if claim.given_up:
            log.error("reply_given_up", conversation=claim.conversation_id)
            await self._replies.fail(claim)
            return
        try:
            await self._reply(claim)
        except Exception:
            log.exception("reply_failed", conversation=claim.conversation_id)
            await self._replies.fail(claim)

    async def _reply(self, claim: ReplyClaim) -> None:
        # Where only evidence is told, typing would often promise what does not come.
        channels = {} if claim.waiting else self._conversations.channels
        async with renewed(partial(self._replies.renew, claim)):
            with typing_shown(claim, channels):
                async with asyncio.timeout(self._answer_within):
                    answer = await self._answer(claim)
        stored = await self._replies.finish(claim, answer)
        log.info(
            "reply_stored" if stored else "reply_discarded",
            conversation=claim.conversation_id,
            outcome=answer.outcome.value,
            answerer=answer.provenance.answerer,
        )

    async def _answer(self, claim: ReplyClaim) -> Answer:
        organisation = self._conversations.organisation
        language = claim.language or organisation.languages[0]
        handoff = keyword_handoff(organisation, claim.question, language=language)
        if handoff is not None:
            return handoff
        unasked = claim.waiting and not organisation.answer_while_waiting
        if claim.emergency is not None or claim.stopped or unasked:
            heard = await self._heed(claim)
            return heard or emergency_answer(claim.emergency or "", language=language)
        if claim.question and not claim.media_only:
            return await self._asked(claim, language)
        key = "media_only" if claim.media_only else "empty_message"
        return Answer(
            text=phrase(key, language),
            outcome=Outcome.CLARIFY,
            confidence=0.0,
            provenance=Provenance(answerer="fixed", language=language),
        )

    async def _heed(self, claim: ReplyClaim) -> Answer | None:
        """What only a person can give is heard whatever else is switched off."""
        if not claim.question:
            return None
        return await self._assistant.heed(
            claim.question, earlier=claim.earlier, language=claim.language
        )

    async def _asked(self, claim: ReplyClaim, language: str) -> Answer:
        reply = None
        if claim.answered and not claim.waiting:
            reply = reply_to_opinion(claim.question, language=language)
        return reply or await self._assistant.answer(
            claim.question,
            earlier=claim.earlier,
            language=claim.language,
            facts=claim.facts,
            tell=self._teller(claim),
            purse=self._account(claim),
        )

    def _teller(self, claim: ReplyClaim) -> Tell | None:
        """Contacts who follow a stream read along; elsewhere, parts would leave."""
        if claim.waiting or claim.channel in self._conversations.channels:
            return None
        return partial(self._replies.tell, claim)

    def _account(self, claim: ReplyClaim) -> Account | None:
        """Who pays where a model is asked."""
        if self._budget is None:
            return None
        return self._budget.account(
            SpentOn.REPLY, address_id=claim.address_id, network=claim.network
        )

    async def _watch(self) -> None:
        """Look for all loops: a claim writes, and would keep messages waiting."""
        with self._conversations.events.bus.subscribe() as subscription:
            while True:
                seconds = POLL_SECONDS
                try:
                    seconds = await self._look()
                    self._last_look = monotonic()
                except Exception:
                    log.exception("worker_look_failed")
                await subscription.wait(seconds=seconds)

    async def _look(self) -> float:
        """Wake a loop if there is something to do; seconds until the next look."""
        now = self._conversations.clock()
        async with self._conversations.events.database.read() as session:
            reply_due = await next_reply_due(session, now, self._turns)
            delivery = await session.scalar(due_deliveries(), due_at(now))
        if delivery is not None:
            _wake_one(self._delivery_due)
        if reply_due is None:
            return POLL_SECONDS
        if reply_due <= now:
            _wake_one(self._reply_due)
            return POLL_SECONDS
        return min(POLL_SECONDS, (reply_due - now).total_seconds())

    async def _loop(
        self, step: Callable[[], Awaitable[bool]], due: asyncio.Semaphore
    ) -> None:
        while True:
            await due.acquire()
            try:
                while await step():
                    pass
            except Exception:
                log.exception("worker_step_failed")


async def _now_and_then(step: Callable[[], Awaitable[bool]]) -> None:
    """What nobody waits for by the second."""
    while True:
        try:
            while await step():
                pass
        except Exception:
            log.exception("seldom_step_failed")
        await asyncio.sleep(SELDOM_SECONDS)


def _wake_one(due: asyncio.Semaphore) -> None:
    """Wake one loop; as soon as it has claimed something, it wakes the next."""
    if due.locked():
        due.release()
