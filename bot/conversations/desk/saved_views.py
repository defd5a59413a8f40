"""What staff ask of the inbox again and again, under names of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from bot.conversations.models import SavedView
from bot.conversations.service import Conversations
from bot.database import Database
from bot.errors import ConversationError, NotFoundError
from bot.staff.audit import write_down

LONGEST_NAME = 60
LONGEST_QUERY = 400
MOST_VIEWS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOfOnes:
    """A saved view as the pages show it; ``shared`` is everybody's."""

    id: str
    name: str
    asked: str
    shared: bool


async def saved_views(database: Database, *, member_id: int) -> Sequence[ViewOfOnes]:
    """A staff member's own views and everybody's, by name."""
    async with database.read() as session:
        found = await session.scalars(
            select(SavedView)
            .where(
                or_(
                    SavedView.staff_member_id == member_id,
                    SavedView.staff_member_id.is_(None),
                )
            )
            .order_by(SavedView.name, SavedView.id)
        )
        return [
            ViewOfOnes(
                id=one.public_id,
                name=one.name,
                asked=one.asked,
                shared=one.staff_member_id is None,
            )
            for one in found
        ]


async def save_view(
    conversations: Conversations,
    name: str,
    asked: str,
    *,
    member_id: int,
    shared: bool = False,
) -> None:
    """Keep a query under a name; the same name again replaces it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or len(asked) > LONGEST_QUERY:
        raise ConversationError(f"a view needs a name of at most {LONGEST_NAME}")
    owner = None if shared else member_id
    whose = (
        SavedView.staff_member_id.is_(None)
        if shared
        else SavedView.staff_member_id == member_id
    )
    async with conversations.transaction() as transaction:
        session = transaction.session
        views = (await session.scalars(select(SavedView).where(whose))).all()
        same = next((one for one in views if one.name == name), None)
        if same is None and len(views) >= MOST_VIEWS:
            raise ConversationError(f"there are {MOST_VIEWS} views; delete one first")
        if same is None:
            same = SavedView(
                staff_member_id=owner, name=name, created_at=transaction.now
            )
            session.add(same)
        same.asked = asked
        if shared:
            write_down(
                session,
                "save_view",
                now=transaction.now,
                member_id=member_id,
                detail=name,
            )


async def delete_view(
    conversations: Conversations, view_id: str, *, member_id: int, admin: bool
) -> None:
    """Nobody needs it any more; everybody's are deleted by admins only."""
    mine = SavedView.staff_member_id == member_id
    may = or_(mine, SavedView.staff_member_id.is_(None)) if admin else mine
    async with conversations.transaction() as transaction:
        gone = await transaction.session.scalar(
            delete(SavedView)
            .where(SavedView.public_id == view_id, may)
            .returning(SavedView.id)
        )
        if gone is None:
            raise NotFoundError("there is no such view of yours")
