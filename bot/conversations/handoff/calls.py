"""Call-backs as contacts ask for them: understood from their words, asked for, told."""

import re
from datetime import datetime

from sqlalchemy import select

from bot.conversations.handoff.call_wishes import (
    goes_before_a_call,
    hours_offered,
    is_called_off,
    learn,
    may_concern_a_call,
)
from bot.conversations.handoff.changing import status_changed
from bot.conversations.handoff.waiting_times import remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import (
    Address,
    Conversation,
    EventKind,
    Message,
    Reason,
    Status,
)
from bot.conversations.models.call_back import CallBack
from bot.conversations.ports import Author
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.call_times import zone_of_number
from bot.conversations.spoken.details import number_shown, seems_to_name_one
from bot.conversations.spoken.time_zones import name_of_zone, zone_named, zone_shown
from bot.conversations.states import CallState
from bot.phrases import phrase

# A number as a channel has it: dialled as it is, never taken apart.
CHANNEL_NUMBER = re.compile(r"[a-z]+:(\+\d{7,15})")


class Calls:
    """Notes call-backs down, within transactions that its caller holds."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def ask(
        self, transaction: Transaction, conversation: Conversation
    ) -> CallBack:
        """The contact wants to be called; what they wrote last may say how and when."""
        call = await open_call(transaction, conversation)
        if call is None:
            call = CallBack(
                conversation_id=conversation.id,
                number=own_number(conversation),
                created_at=transaction.now,
                remind_at=remind_at(self._speaker.organisation, transaction.now),
            )
            transaction.session.add(call)
        asked = await transaction.session.scalar(
            select(Message.text)
            .where(
                Message.conversation_id == conversation.id,
                Message.author == Author.CONTACT,
            )
            .order_by(Message.id.desc())
            .limit(1)
        )
        self._learn(call, conversation, asked or "", now=transaction.now)
        transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
        return call

    async def heard(
        self,
        transaction: Transaction,
        conversation: Conversation,
        text: str,
        *,
        through: int,
        wish: str | None,
    ) -> bool:
        """Whether a contact has said something of a call that they asked for.

        ``text`` is what they wrote up to the message ``through``, and ``wish`` the
        reason for a person that was heard in it: distress goes before every call.
        """
        now, zone = transaction.now, self._speaker.organisation.time_zone
        waits = conversation.status is Status.WAITING
        if goes_before_a_call(wish, text, waits=waits):
            return False
        if not may_concern_a_call(text, now=now, zone=zone):
            return False
        call = await open_call(transaction, conversation)
        if call is None:
            return False
        if is_called_off(text):
            await self._call_off(transaction, conversation, call, through=through)
            return True
        news = self._learn(call, conversation, text, now=now)
        if not news and (call.number or not seems_to_name_one(text)):
            return False
        if news:
            transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
        words = self.words(call, self._speaker.language(conversation))
        await self._say(transaction, conversation, words)
        return True

    def words(self, call: CallBack, language: str) -> str:
        """What is noted of a call, and what is still to be told."""
        sentences = []
        if call.number:
            number = number_shown(call.number)
            sentences.append(phrase("call_number", language, number=number))
        if call.due_at:
            sentences.append(self._when(call, call.due_at, language))
        if not call.number:
            sentences.append(phrase("ask_call_number", language))
        if not call.due_at:
            closed = self._closed(call, language)
            sentences.append(closed or phrase("ask_call_time", language))
        return " ".join(sentences)

    def _closed(self, call: CallBack, language: str) -> str:
        """That nobody is there at the time they wish, and when somebody is next."""
        organisation = self._speaker.organisation
        hours = hours_offered(call, organisation, now=self._speaker.now())
        if hours is None:
            return ""
        start, end = hours
        zone = zone_shown(call.time_zone or organisation.time_zone)
        told = f"{_day(start, language)} {start:%H:%M}-{end:%H:%M}"
        return phrase("call_closed", language, hours=told, zone=zone)

    def _when(self, call: CallBack, due_at: datetime, language: str) -> str:
        zone = call.time_zone or self._speaker.organisation.time_zone
        local = due_at.astimezone(zone_named(zone))
        return phrase(
            "call_time",
            language,
            time=f"{_day(local, language)} {local:%H:%M}",
            zone=zone_shown(zone),
        )

    def _learn(
        self, call: CallBack, conversation: Conversation, text: str, *, now: datetime
    ) -> bool:
        return learn(
            call,
            text,
            own=own_number(conversation),
            organisation=self._speaker.organisation,
            now=now,
        )

    async def _call_off(
        self,
        transaction: Transaction,
        conversation: Conversation,
        call: CallBack,
        *,
        through: int,
    ) -> None:
        """Who waited for nothing else has the bot again."""
        call.cancel(now=transaction.now)
        transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
        waits = conversation.status is Status.WAITING
        if waits and conversation.handoff_reason == Reason.ASKED_FOR_CALL:
            conversation.hand_back(through=through)
            await status_changed(transaction, conversation)
        words = self._speaker.phrase("call_cancelled", conversation)
        await self._say(transaction, conversation, words)

    async def _say(
        self, transaction: Transaction, conversation: Conversation, words: str
    ) -> None:
        await self._speaker.say(
            transaction,
            conversation,
            words,
            author=Author.SYSTEM,
            said_while=conversation.status,
        )


async def open_call(
    transaction: Transaction, conversation: Conversation
) -> CallBack | None:
    """The call that the contact waits for, in whatever conversation they asked."""
    return await transaction.session.scalar(
        select(CallBack)
        .join(Conversation, Conversation.id == CallBack.conversation_id)
        .join(Address, Address.id == Conversation.address_id)
        .where(
            Address.contact_id == conversation.address.contact_id,
            CallBack.state == CallState.OPEN,
        )
        .order_by(CallBack.id.desc())
        .limit(1)
    )


def _day(local: datetime, language: str) -> str:
    weekday = phrase("weekdays", language).split("|")[local.weekday()]
    return f"{weekday} {local:%Y-%m-%d}"


def number_zone(number: str | None) -> str | None:
    """The zone of a number's place, as it is kept; None if it has several."""
    zone = number and zone_of_number(number)
    return name_of_zone(zone) if zone else None


def own_number(conversation: Conversation) -> str | None:
    """The number that a contact writes from, where their channel has one."""
    found = CHANNEL_NUMBER.fullmatch(conversation.address.sender)
    return found.group(1) if found else None
