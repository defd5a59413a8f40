"""What contacts ask for themselves of what is kept of them: to see it, to erase it.

Who writes from a number or holds a web chat's token is who asks. What is theirs alone
they get at once; where staff have merged several addresses, or hold the conversation, a
person looks at it first.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import exists, func, select

from bot.conversations.handoff.handoff_words import handoff_text
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Consent,
    Contact,
    Conversation,
    EventKind,
    Message,
    Note,
    Reason,
    Status,
    WayToReach,
)
from bot.conversations.ports import Answer, Author, Outcome, OwnData
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.understood import says
from bot.conversations.states import URGENT
from bot.conversations.threads import contact_of
from bot.phrases import phrase
from bot.staff.audit import write_down

WISHES = frozenset({OwnData.ERASE.value, OwnData.COPY.value})
# An answer to the question whether to erase counts for so long.
ANSWERED_WITHIN = timedelta(days=1)
NOTHING = "–"


class OwnDataWords:
    """Answers such wishes, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def within(
        self, transaction: Transaction, conversation: Conversation, answer: Answer
    ) -> Answer:
        """The answer with what is kept, or a person's where more than this is meant."""
        reason, language = answer.provenance.reason, answer.provenance.language
        if reason not in WISHES:
            return answer
        if not await _is_alone(transaction, conversation):
            about = Reason.ASKED_ABOUT_DATA
            return replace(
                answer,
                text=handoff_text(self._speaker.organisation, about, language),
                outcome=Outcome.HANDOFF,
                handoff_reason=about,
                choices=(),
            )
        if reason == OwnData.ERASE:
            return answer
        kept = await _kept(transaction, conversation)
        shown = phrase("own_data_kept", language, **kept)
        return replace(answer, text=f"{shown}\n\n{answer.text}")

    async def confirmed(
        self, transaction: Transaction, conversation: Conversation, text: str
    ) -> bool:
        """Whether it is the word that was asked for, in answer to that question."""
        if conversation.status is not Status.BOT or not says("erase", text):
            return False
        last = await transaction.session.scalar(
            select(Message)
            .where(
                Message.conversation_id == conversation.id,
                Message.author != Author.CONTACT,
            )
            .order_by(Message.id.desc())
            .limit(1)
        )
        return (
            last is not None
            and (last.provenance or {}).get("reason") == OwnData.ERASE
            and last.created_at > transaction.now - ANSWERED_WITHIN
            and await _is_alone(transaction, conversation)
        )

    async def promise(
        self, transaction: Transaction, conversation: Conversation
    ) -> None:
        """Write down that it was confirmed, and say so: it is the last word to them."""
        contact = await contact_of(transaction, conversation)
        contact.erasure_asked_at = transaction.now
        conversation.nobody_owes_an_answer()
        write_down(
            transaction.session,
            "erasure_confirmed",
            now=transaction.now,
            member_id=None,
            subject=contact.public_id,
        )
        await self._speaker.say(
            transaction,
            conversation,
            self._speaker.phrase("own_data_erased", conversation),
            author=Author.SYSTEM,
        )

    async def to_staff(
        self, transaction: Transaction, conversation: Conversation
    ) -> None:
        """Staff who hold the conversation see what is wished for, and do it."""
        if conversation.handoff_reason not in URGENT:
            conversation.handoff_reason = Reason.ASKED_ABOUT_DATA
        transaction.record(
            EventKind.CONVERSATION_STATUS_CHANGED,
            conversation.id,
            status=conversation.status,
        )
        await self._speaker.say(
            transaction,
            conversation,
            self._speaker.phrase("handoff_own_data", conversation),
            author=Author.SYSTEM,
            said_while=conversation.status,
        )


async def _is_alone(transaction: Transaction, conversation: Conversation) -> bool:
    """Whether nothing of another address belongs to the contact."""
    contact = conversation.address.contact_id
    others = exists().where(
        (Address.contact_id == contact) & (Address.id != conversation.address_id)
    )
    merged = exists().where(Contact.merged_into_id == contact)
    return not await transaction.session.scalar(select(others | merged))


async def _kept(transaction: Transaction, conversation: Conversation) -> dict[str, str]:
    """What is kept of a contact, as values of a sentence."""
    session, address = transaction.session, conversation.address
    contact = await contact_of(transaction, conversation)
    messages = await session.scalar(
        select(func.count(Message.id)).where(Message.address_id == address.id)
    )
    ways = await session.scalars(
        select(WayToReach.value)
        .join(Consent, Consent.id == WayToReach.consent_id)
        .where(Consent.contact_id == contact.id)
        .order_by(WayToReach.id)
    )
    notes = await session.scalar(
        select(func.count(Note.id))
        .join(Conversation, Conversation.id == Note.conversation_id)
        .where(Conversation.address_id == address.id)
    )
    number = address.sender.removeprefix(f"{address.channel}:")
    own = [] if address.channel == "web" else [number]
    return {
        "messages": str(messages or 0),
        "since": f"{contact.created_at:%Y-%m-%d}",
        "name": contact.name or NOTHING,
        "ways": ", ".join(dict.fromkeys((*own, *ways.all()))) or NOTHING,
        "plans": ", ".join(contact.facts.values()) or NOTHING,
        "notes": str(notes or 0),
    }
