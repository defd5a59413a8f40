"""Many who want a person from one network: staff are not flooded, and see the crowd.

A network is known by its name for a day (``Address.network``), and only in the web
chat: there a thousand visitors cost nothing, where telephone numbers do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.models import Address, Conversation, Reason, Status
from bot.conversations.ports import Answer, Outcome
from bot.phrases import phrase

MOST_WAITING = 20
# So many at once are no chance any more.
CROWD = 3
# Nobody in need is turned away, and nobody who wants no more messages gets some.
ALWAYS = {Reason.DISTRESS, Reason.MAY_BE_DISTRESS, Reason.ASKED_TO_STOP}


class Crowds:
    """Lets at most so many wait for a person from one network."""

    def __init__(self, *, most: int) -> None:
        self._most = most

    async def has_room(self, session: AsyncSession, conversation: Conversation) -> bool:
        """Whether one more from its network may wait."""
        network = conversation.address.network
        if network is None:
            return True
        waiting = await session.scalar(
            select(func.count())
            .select_from(Conversation)
            .join(Address, Address.id == Conversation.address_id)
            .where(Conversation.status == Status.WAITING, Address.network == network)
        )
        return (waiting or 0) < self._most

    async def within(
        self, session: AsyncSession, conversation: Conversation, answer: Answer
    ) -> Answer:
        """The answer; where no more may wait, the bot stays and says so."""
        if answer.outcome is not Outcome.HANDOFF or answer.handoff_reason in ALWAYS:
            return answer
        if await self.has_room(session, conversation):
            return answer
        return replace(
            answer,
            text=phrase("too_many_wait", answer.provenance.language),
            outcome=Outcome.CLARIFY,
            provenance=replace(answer.provenance, answerer="fixed", sections=()),
            citations=(),
            choices=(),
            handoff_reason=None,
        )


async def crowds_of(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, int]:
    """Those of some conversations that wait in a crowd, and how many wait in it.

    Whoever has had a conversation before is no stranger among them.
    """
    crowds = _crowds().subquery()
    rows = await session.execute(
        select(Conversation.id, crowds.c.size)
        .join(Address, Address.id == Conversation.address_id)
        .join(crowds, crowds.c.network == Address.network)
        .where(
            Conversation.id.in_(ids), Conversation.status == Status.WAITING, ~_known()
        )
    )
    return dict(rows.all())


def in_a_crowd() -> ColumnElement[bool]:
    """Conversations of strangers that wait in a crowd."""
    crowds = _crowds().subquery()
    others = aliased(Conversation)
    addresses = (
        select(others.address_id)
        .join(Address, Address.id == others.address_id)
        .join(crowds, crowds.c.network == Address.network)
        .where(others.status == Status.WAITING)
    )
    return and_(
        Conversation.status == Status.WAITING,
        Conversation.address_id.in_(addresses),
        ~_known(),
    )


def _crowds() -> Select[str | None, int]:
    return (
        select(Address.network, func.count().label("size"))
        .join(Conversation, Conversation.address_id == Address.id)
        .where(Conversation.status == Status.WAITING, Address.network.is_not(None))
        .group_by(Address.network)
        .having(func.count() >= CROWD)
    )


def _known() -> ColumnElement[bool]:
    earlier = aliased(Conversation)
    return exists().where(
        earlier.address_id == Conversation.address_id, earlier.id < Conversation.id
    )
