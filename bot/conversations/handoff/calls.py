"""Call-backs as contacts ask for them: understood from their words, asked for, told."""

import re
from datetime import datetime

from sqlalchemy import select

from bot.conversations.handoff.waiting_times import remind_at
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, EventKind, Message
from bot.conversations.models.call_back import CallBack
from bot.conversations.ports import Author
from bot.conversations.speaking import Speaker
from bot.conversations.spoken.call_times import call_time, zone_in, zone_of_number
from bot.conversations.spoken.details import number_shown, numbers_in, seems_to_name_one
from bot.conversations.spoken.time_zones import name_of_zone, zone_named, zone_shown
from bot.conversations.states import CallState
from bot.phrases import phrase

# A number as a channel has it: dialled as it is, never taken apart.
CHANNEL_NUMBER = re.compile(r"[a-z]+:(\+\d{7,15})")
LONGEST_PREFERRED = 200


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
                number=_own_number(conversation),
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
        self._learn(call, asked or "", now=transaction.now)
        transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
        return call

    async def heard(
        self, transaction: Transaction, conversation: Conversation, message: Message
    ) -> bool:
        """Whether a contact who waits has said something of their call."""
        call = await open_call(transaction, conversation)
        if call is None:
            return False
        news = self._learn(call, message.text, now=transaction.now)
        if not news and (call.number or not seems_to_name_one(message.text)):
            return False
        if news:
            transaction.record(EventKind.CALL_BACK_UPDATED, conversation.id)
        language = self._speaker.language(conversation)
        await self._speaker.say(
            transaction,
            conversation,
            self.words(call, language),
            author=Author.SYSTEM,
            said_while=conversation.status,
        )
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
            sentences.append(phrase("ask_call_time", language))
        return " ".join(sentences)

    def _when(self, call: CallBack, due_at: datetime, language: str) -> str:
        zone = call.time_zone or self._speaker.organisation.time_zone
        local = due_at.astimezone(zone_named(zone))
        weekday = phrase("weekdays", language).split("|")[local.weekday()]
        return phrase(
            "call_time",
            language,
            time=f"{weekday} {local:%Y-%m-%d %H:%M}",
            zone=zone_shown(zone),
        )

    def _learn(self, call: CallBack, text: str, *, now: datetime) -> bool:
        """Take number, time and zone from a text; whether there were any."""
        numbers = numbers_in(text)
        if numbers:
            call.number = numbers[0].value
        named = zone_in(text)
        zone = named or (call.number and zone_of_number(call.number))
        if zone and (named or not call.time_zone):
            call.time_zone = name_of_zone(zone)
        told_in = call.time_zone or self._speaker.organisation.time_zone
        due_at = call_time(text, now=now, zone=zone_named(told_in))
        if due_at is not None:
            call.due_at = call.remind_at = due_at
            call.preferred = " ".join(text.split())[:LONGEST_PREFERRED]
        return bool(numbers) or due_at is not None


async def open_call(
    transaction: Transaction, conversation: Conversation
) -> CallBack | None:
    """The call that the contact of a conversation waits for."""
    return await transaction.session.scalar(
        select(CallBack).where(
            CallBack.conversation_id == conversation.id,
            CallBack.state == CallState.OPEN,
        )
    )


def number_zone(number: str | None) -> str | None:
    """The zone of a number's place, as it is kept; None if it has several."""
    zone = number and zone_of_number(number)
    return name_of_zone(zone) if zone else None


def _own_number(conversation: Conversation) -> str | None:
    found = CHANNEL_NUMBER.fullmatch(conversation.address.sender)
    return found.group(1) if found else None
