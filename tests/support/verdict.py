"""What a storm must not have done, found in what it left."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select

from bot.conversations.models import Address, Conversation, Delivery, Message, Status
from bot.conversations.ports import Author
from bot.conversations.states import DeliveryState
from bot.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A message that a server has said it has; ``began`` and ``ended`` are in order."""

    phone: str
    sid: str
    text: str
    began: int
    ended: int


@dataclass(slots=True, kw_only=True)
class Stored:
    """What a database holds, by the phone it belongs to, in order."""

    heard: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    replies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    with_a_person: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Messages that went wrong, by how; empty when all is well."""

    lost: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    doubled: Sequence[str] = ()
    disordered: Sequence[str] = ()

    @property
    def figures(self) -> Mapping[str, int]:
        """How many of each."""
        return {
            name: len(getattr(self, name))
            for name in ("lost", "unanswered", "doubled", "disordered")
        }


async def stored_in(database: Database) -> Stored:
    """Everything that the verdict needs of a database."""
    found = Stored()
    async with database.read() as session:
        messages = await session.execute(
            select(Address.sender, Message)
            .join(Message, Message.address_id == Address.id)
            .where(Message.author == Author.CONTACT)
            .order_by(Message.id)
        )
        for phone, message in messages:
            found.heard[phone].append(message.external_id or "")
        owned = select(Address.sender, Conversation).join(
            Conversation, Conversation.address_id == Address.id
        )
        phones = {}
        for phone, conversation in await session.execute(owned):
            phones[conversation.id] = phone
            if conversation.status is not Status.BOT:
                found.with_a_person.add(phone)
        for message in await session.scalars(
            select(Message).where(Message.author == Author.BOT).order_by(Message.id)
        ):
            found.replies[phones[message.conversation_id]].append(message.text)
        for part in await session.scalars(
            select(Delivery)
            .where(Delivery.state != DeliveryState.CANCELLED)
            .order_by(Delivery.id)
        ):
            found.parts[phones[part.conversation_id]].append(part.text)
    return found


def verdict(
    acknowledged: Sequence[Acknowledged],
    stored: Stored,
    sent: Mapping[str, Sequence[str]],
) -> Verdict:
    """Judge what was acknowledged by what is stored and what Twilio was given."""
    replied = {phone: "\n".join(texts) for phone, texts in stored.replies.items()}
    return Verdict(
        lost=[m.sid for m in acknowledged if m.sid not in stored.heard[m.phone]],
        unanswered=[
            m.sid
            for m in acknowledged
            if m.text not in replied.get(m.phone, "")
            and m.phone not in stored.with_a_person
        ]
        + _more_than(stored.parts, sent),
        doubled=[
            *_twice(stored.heard),
            *(
                m.sid
                for m in acknowledged
                if replied.get(m.phone, "").count(m.text) > 1
            ),
            *_more_than(sent, stored.parts),
        ],
        disordered=[
            *_overtaken(acknowledged, stored),
            *_in_another_order(sent, stored),
        ],
    )


def _twice(heard: Mapping[str, Sequence[str]]) -> list[str]:
    sids = Counter(sid for found in heard.values() for sid in found)
    return [sid for sid, times in sids.items() if times > 1]


def _more_than(
    these: Mapping[str, Sequence[str]], those: Mapping[str, Sequence[str]]
) -> list[str]:
    return [
        text
        for phone, texts in these.items()
        for text in Counter(texts) - Counter(those.get(phone, ()))
    ]


def _overtaken(acknowledged: Sequence[Acknowledged], stored: Stored) -> list[str]:
    """Stored behind one that began only when this one was acknowledged."""
    found = []
    for phone, sids in stored.heard.items():
        place = {sid: number for number, sid in enumerate(sids)}
        mine = [m for m in acknowledged if m.phone == phone and m.sid in place]
        mine.sort(key=lambda m: place[m.sid])
        found += [
            later.sid
            for earlier, later in pairwise(mine)
            if later.ended < earlier.began
        ]
    return found


def _in_another_order(sent: Mapping[str, Sequence[str]], stored: Stored) -> list[str]:
    """Contacts who read the parts of replies in another order than they were stored."""
    found = []
    for phone, texts in sent.items():
        wanted = [text for text in stored.parts.get(phone, ()) if text in set(texts)]
        if [*dict.fromkeys(texts)] != [*dict.fromkeys(wanted)]:
            found.append(phone)
    return found
