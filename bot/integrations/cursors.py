"""Reading the event log from where one left off, in the transaction of what is done."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import has_come
from bot.conversations.models import Event, EventKind
from bot.database import Base, UtcDateTime

READ_AT_ONCE = 200
LONGEST_LEASE = timedelta(minutes=10)


class EventCursor(Base):
    """How far a reader has read; nobody else reads for it while its lease lasts."""

    __tablename__ = "event_cursors"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    event_id: Mapped[int] = mapped_column()
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


async def start_cursor(session: AsyncSession, name: str) -> None:
    """A reader who hears of everything from now on, unless there is one already."""
    if await session.get(EventCursor, name) is None:
        newest = await session.scalar(select(func.max(Event.id))) or 0
        session.add(EventCursor(name=name, event_id=newest))


async def stop_cursor(session: AsyncSession, name: str) -> None:
    """Nobody reads under this name any more."""
    await session.execute(delete(EventCursor).where(EventCursor.name == name))


async def is_behind(
    session: AsyncSession, kinds: Collection[EventKind], *, name: str
) -> bool:
    """Whether there is anything to read; changes nothing."""
    newer = (
        select(Event.id)
        .join(EventCursor, Event.id > EventCursor.event_id)
        .where(EventCursor.name == name, Event.kind.in_(kinds))
        .limit(1)
    )
    return await session.scalar(newer) is not None


async def next_events(
    session: AsyncSession,
    kinds: Collection[EventKind],
    *,
    name: str,
    now: datetime,
    lease: timedelta | None = None,
) -> Sequence[Event]:
    """What comes after the cursor, which is locked until the transaction ends.

    Without a ``lease`` the cursor moves past them in this transaction. With one they
    are the caller's until it ends: ``move_on`` says that they are done with.
    """
    cursor = await session.scalar(
        select(EventCursor)
        .where(
            EventCursor.name == name,
            or_(
                EventCursor.lease_until.is_(None),
                has_come(EventCursor.lease_until, now, longest=LONGEST_LEASE),
            ),
        )
        .with_for_update(skip_locked=True)
    )
    if cursor is None:
        return ()
    found = (
        await session.scalars(
            select(Event)
            .where(Event.id > cursor.event_id, Event.kind.in_(kinds))
            .order_by(Event.id)
            .limit(READ_AT_ONCE)
        )
    ).all()
    if found and lease is None:
        cursor.event_id = found[-1].id
    elif found and lease is not None:
        cursor.lease_until = now + lease
    return found


async def move_on(session: AsyncSession, name: str, *, through: int) -> None:
    """Everything through an event is done with; the lease ends."""
    cursor = await session.get(EventCursor, name, with_for_update=True)
    if cursor is not None:
        cursor.event_id = max(cursor.event_id, through)
        cursor.lease_until = None
