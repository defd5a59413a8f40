"""The same done to many conversations at once, and taken back as far as it still is."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.desk.desk import assign_within
from bot.conversations.desk.read_marks import mark_read, mark_read_through
from bot.conversations.desk.reopening import go_on, open_again
from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.held_replies import require_nothing_held
from bot.conversations.handoff.holding import acting_member, log_action
from bot.conversations.models import Conversation, Message, Status
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.errors import BotError, ConversationError, NotFoundError
from bot.staff import StaffMember, staff_member

MOST = 100
T = TypeVar("T")


class Deed(StrEnum):
    """What can be done to many."""

    RESOLVE = "resolve"
    SPAM = "spam"
    ASSIGN = "assign"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was done to one conversation, as much of it as taking it back needs.

    ``mark`` is its epoch afterwards, or the message up to which it had been read;
    ``before`` who held it, ``after`` who was given it, when ``said`` was the last that
    staff had written in it.
    """

    id: str
    mark: int
    before: str = ""
    after: str = ""
    said: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done, step by step, and why the rest was not, each reason once."""

    steps: Sequence[Step]
    refused: int
    reasons: Sequence[str]


class Many:
    """Does and undoes for one staff member, each conversation on its own."""

    def __init__(
        self, conversations: Conversations, *, member: str, member_id: int
    ) -> None:
        self._conversations = conversations
        self._member = member
        self._member_id = member_id

    async def do(self, deed: Deed, ids: Iterable[str], *, to: str = "") -> Done:
        """Do it to each of them that lets it be done."""
        found = list(dict.fromkeys(ids))[: MOST + 1]
        if not found:
            raise ConversationError("choose conversations first")
        if len(found) > MOST:
            raise ConversationError(f"at most {MOST} conversations at once")

        async def one(conversation_id: str) -> Step:
            match deed:
                case Deed.ASSIGN:
                    return await self._assign(conversation_id, to)
                case Deed.READ:
                    return await self._read(conversation_id)
            return await self._resolve(conversation_id, spam=deed is Deed.SPAM)

        return await _each(found, one)

    async def undo(self, deed: Deed, steps: Sequence[Step]) -> Done:
        """Take back what nobody has changed since."""

        async def one(step: Step) -> Step:
            if deed is Deed.READ:
                return await self._unread(step)
            return await self._take_back(deed, step)

        return await _each(steps[:MOST], one)

    async def _resolve(self, conversation_id: str, *, spam: bool) -> Step:
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            who = await acting_member(transaction, conversation, self._member)
            await require_nothing_held(transaction.session, conversation)
            conversation.resolve(now=transaction.now)
            conversation.spam_at = transaction.now if spam else None
            await status_changed(transaction, conversation)
            action = "spam" if spam else "resolve"
            log_action(transaction, action, conversation, member=who)
            return Step(id=conversation_id, mark=conversation.epoch)

    async def _assign(self, conversation_id: str, to: str) -> Step:
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            session = transaction.session
            who = await staff_member(session, self._member, now=transaction.now)
            before = await _holder(session, conversation)
            receiver = await assign_within(transaction, conversation, to, by=who)
            return Step(
                id=conversation_id,
                mark=conversation.epoch,
                before=before.name if before else "",
                after=receiver.name,
                said=await _last_of_staff(session, conversation),
            )

    async def _read(self, conversation_id: str) -> Step:
        database, now = self._conversations.events.database, self._conversations.clock()
        before = await mark_read(
            database, conversation_id, member_id=self._member_id, now=now
        )
        if before is None:
            raise NotFoundError(f"there is no conversation {conversation_id}")
        return Step(id=conversation_id, mark=before)

    async def _unread(self, step: Step) -> Step:
        database = self._conversations.events.database
        if not await mark_read_through(
            database, step.id, step.mark, member_id=self._member_id
        ):
            raise NotFoundError(f"there is no conversation {step.id}")
        return step

    async def _take_back(self, deed: Deed, step: Step) -> Step:
        async with self._conversations.changing(step.id) as (transaction, conversation):
            session = transaction.session
            if await _changed_since(session, deed, step, conversation):
                raise ConversationError("somebody has changed it since")
            who = await staff_member(session, self._member, now=transaction.now)
            if deed is not Deed.ASSIGN:
                await open_again(
                    transaction, conversation, who, conversations=self._conversations
                )
                log_action(transaction, "reopen", conversation, member=who)
            elif step.before:
                await assign_within(transaction, conversation, step.before, by=who)
            else:
                await require_nothing_held(session, conversation)
                conversation.let_go()
                await status_changed(transaction, conversation)
                await go_on(transaction, conversation, self._conversations.organisation)
                log_action(transaction, "let_go", conversation, member=who)
            return step


async def _each(ones: Sequence[T], act: Callable[[T], Awaitable[Step]]) -> Done:
    steps, reasons = [], []
    for one in ones:
        try:
            steps.append(await act(one))
        except BotError as error:
            reasons.append(str(error))
    return Done(steps=steps, refused=len(reasons), reasons=list(dict.fromkeys(reasons)))


async def _holder(
    session: AsyncSession, conversation: Conversation
) -> StaffMember | None:
    if conversation.status is not Status.STAFF:
        return None
    return await session.get(StaffMember, conversation.assignee_id)


async def _changed_since(
    session: AsyncSession, deed: Deed, step: Step, conversation: Conversation
) -> bool:
    if conversation.epoch != step.mark:
        return True
    if deed is not Deed.ASSIGN:
        return False
    holder = await _holder(session, conversation)
    moved = (holder.name if holder else "") != step.after
    return moved or await _last_of_staff(session, conversation) > step.said


async def _last_of_staff(session: AsyncSession, conversation: Conversation) -> int:
    newest = select(func.max(Message.id)).where(
        Message.conversation_id == conversation.id, Message.author == Author.STAFF
    )
    return await session.scalar(newest) or 0
