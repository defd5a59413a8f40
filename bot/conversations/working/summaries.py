"""Has a model sum up what was said, once a handoff, beside everything else.

Nobody waits for it: a summary that fails, or comes when the handoff is over, is not
there. It is written only for the handoff that it was made for; that a staff member took
the conversation meanwhile makes it no less true.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from bot.conversations.models import Conversation, EventKind, Status
from bot.conversations.ports import Turn
from bot.conversations.service import Conversations
from bot.conversations.staff_help import StaffHelp, Written
from bot.conversations.threads import locked
from bot.conversations.turns import last_messages, spoken, turns_of
from bot.errors import BotError
from bot.logs import get_logger

LOOK_EVERY_SECONDS = 5.0

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A handoff to be summed up: no other process will."""

    conversation_id: int
    handed_off_at: datetime
    turns: Sequence[Turn]


class Summaries:
    """Looks for handoffs that have no summary yet."""

    def __init__(self, conversations: Conversations, help_: StaffHelp) -> None:
        self._conversations = conversations
        self._help = help_

    async def run(self) -> None:
        """Sum up until cancelled."""
        with self._conversations.events.bus.subscribe() as subscription:
            while True:
                try:
                    while await self.step():
                        pass
                except Exception:
                    log.exception("summary_step_failed")
                await subscription.wait(seconds=LOOK_EVERY_SECONDS)

    async def step(self) -> bool:
        """Sum up one conversation; False if none has to be."""
        async with self._conversations.events.database.read() as session:
            due = await session.scalar(select(Conversation.id).where(_due()).limit(1))
        claim = due and await self._claim()
        if not claim:
            return False
        try:
            written = await self._help.summarise(claim.turns)
        except BotError as error:
            log.warning(
                "summary_failed", conversation=claim.conversation_id, reason=str(error)
            )
            return True
        await self._keep(claim, written)
        return True

    async def _claim(self) -> _Claim | None:
        async with self._conversations.transaction() as transaction:
            session = transaction.session
            found = await session.scalar(
                locked(_due())
                .order_by(Conversation.handed_off_at)
                .limit(1)
                .with_for_update(of=Conversation, key_share=True, skip_locked=True)
            )
            if found is None or found.handed_off_at is None:
                return None
            found.summarised_for = found.handed_off_at
            found.handoff_summary = None
            return _Claim(
                conversation_id=found.id,
                handed_off_at=found.handed_off_at,
                turns=turns_of(spoken(await last_messages(session, found))),
            )

    async def _keep(self, claim: _Claim, written: Written) -> None:
        async with self._conversations.transaction() as transaction:
            found = await transaction.session.scalar(
                locked(
                    (Conversation.id == claim.conversation_id)
                    & (Conversation.handed_off_at == claim.handed_off_at)
                    & Conversation.status.in_((Status.WAITING, Status.STAFF))
                )
            )
            if found is None:
                log.info("summary_discarded", conversation=claim.conversation_id)
                return
            found.handoff_summary = {
                "lines": list(written.lines),
                "model": written.model,
                "prompt_version": written.prompt_version,
            }
            transaction.record(EventKind.CONVERSATION_UPDATED, found.id)


def _due() -> ColumnElement[bool]:
    return and_(
        Conversation.status == Status.WAITING,
        or_(
            Conversation.summarised_for.is_(None),
            Conversation.summarised_for != Conversation.handed_off_at,
        ),
    )
