"""What a staff member asks of the inbox: a list, filters, words, and the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from bot.conversations.contacts.searching import labelled, matching
from bot.conversations.desk.urgency import most_urgent_first
from bot.conversations.handoff.crowds import in_a_crowd
from bot.conversations.handoff.meant_for import has
from bot.conversations.models import (
    Address,
    Contact,
    Conversation,
    Mention,
    Note,
    Status,
)
from bot.database import Database
from bot.staff import StaffMember

NOBODY = "nobody"
MOST_DESTINATIONS = 100


class View(StrEnum):
    """A list of the inbox."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    BOT = "bot"
    RESOLVED = "resolved"
    MENTIONED = "mentioned"
    SPAM = "spam"


# Their rows are not counted on every page: they only ever become more.
UNCOUNTED = frozenset({View.RESOLVED, View.SPAM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rows of the inbox are asked for.

    With ``search`` those where these words occur, in any view; with ``label`` only
    what carries it, by the label's id; ``country`` is where the contact wants to go,
    ``assigned`` a colleague's name or ``nobody``, ``waited`` the least number of hours
    since the handoff, ``crowd`` asks for who is new among many from one network.
    """

    view: View = View.WAITING
    search: str = ""
    label: str = ""
    channel: str = ""
    language: str = ""
    country: str = ""
    reason: str = ""
    assigned: str = ""
    waited: int = 0
    crowd: bool = False
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything but the list, the words and the page is asked."""
        return bool(self.filters)

    @property
    def filters(self) -> Mapping[str, object]:
        """The filters that are set, by name."""
        names = ("label", "channel", "language", "country", "reason", "assigned")
        named = {name: getattr(self, name) for name in (*names, "waited", "crowd")}
        return {name: value for name, value in named.items() if value}


def chosen(choice: Choice, *, member_id: int, now: datetime) -> Select[int]:
    """The ids of the conversations that are asked for, in the order of the list."""
    query = select(Conversation.id)
    if choice.search or choice.channel or choice.label:
        query = query.join(Address, Address.id == Conversation.address_id)
    where = matching(choice.search) if choice.search else within(choice.view, member_id)
    return _ordered(query.where(where, *_filters(choice, now)), choice, now)


def within(view: View, member_id: int) -> ColumnElement[bool]:
    """Which conversations a list holds."""
    status = Conversation.status
    resolved, spam = status == Status.RESOLVED, Conversation.spam_at.is_not(None)
    return {
        View.WAITING: status == Status.WAITING,
        View.MINE: has(member_id),
        View.BOT: status == Status.BOT,
        View.RESOLVED: and_(resolved, ~spam),
        View.SPAM: and_(resolved, spam),
        View.MENTIONED: Conversation.id.in_(_mentioning(member_id)),
        View.ALL: status.in_((Status.BOT, Status.WAITING, Status.STAFF)),
    }[view]


def awake(now: datetime) -> ColumnElement[bool]:
    """Conversations that are not snoozed."""
    until = Conversation.snoozed_until
    return until.is_(None) | (until <= now)


def _mentioning(member_id: int) -> Select[int]:
    return (
        select(Note.conversation_id)
        .join(Mention, Mention.note_id == Note.id)
        .where(Mention.staff_member_id == member_id, Mention.seen_at.is_(None))
    )


def _filters(choice: Choice, now: datetime) -> list[ColumnElement[bool]]:
    conditions = {
        "label": lambda: labelled(choice.label),
        "channel": lambda: Address.channel == choice.channel,
        "language": lambda: Conversation.language == choice.language,
        "country": lambda: _going_to(choice.country),
        "reason": lambda: Conversation.handoff_reason == choice.reason,
        "assigned": lambda: _assigned(choice.assigned),
        "waited": lambda: (
            Conversation.handed_off_at <= now - timedelta(hours=choice.waited)
        ),
        "crowd": in_a_crowd,
    }
    return [conditions[name]() for name in choice.filters]


def _going_to(country: str) -> ColumnElement[bool]:
    addresses = (
        select(Address.id)
        .join(Contact, Contact.id == Address.contact_id)
        .where(Contact.destination == country)
    )
    return Conversation.address_id.in_(addresses)


def _assigned(name: str) -> ColumnElement[bool]:
    if name == NOBODY:
        return and_(
            Conversation.assignee_id.is_(None), Conversation.meant_for_id.is_(None)
        )
    member = select(StaffMember.id).where(StaffMember.name == name).scalar_subquery()
    return or_(Conversation.assignee_id == member, has(member))


def _ordered(query: Select[int], choice: Choice, now: datetime) -> Select[int]:
    if choice.view is View.WAITING and not choice.search:
        asleep = case((Conversation.snoozed_until > now, 1), else_=0)
        return query.order_by(asleep, *most_urgent_first())
    return query.order_by(
        Conversation.last_message_at.desc().nulls_last(), Conversation.id.desc()
    )


async def destinations(database: Database) -> Sequence[str]:
    """Where contacts have said that they want to go."""
    async with database.read() as session:
        found = await session.scalars(
            select(Contact.destination)
            .where(Contact.destination.is_not(None))
            .distinct()
            .order_by(Contact.destination)
            .limit(MOST_DESTINATIONS)
        )
        return [one for one in found if one]
