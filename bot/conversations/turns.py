"""What was said last in a conversation, as an assistant sees it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Message
from bot.conversations.ports import Author, Turn
from bot.conversations.spoken.understood import says

TURNS_SEEN = 30
# Whole messages that choose who answers, or whether anybody does.
SWITCHES = ("bot", "stop", "start")


async def last_messages(
    session: AsyncSession, conversation: Conversation
) -> Sequence[Message]:
    """As many of the last messages as an assistant is shown, oldest first."""
    newest_first = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.id.desc())
        .limit(TURNS_SEEN)
    )
    return newest_first.all()[::-1]


def spoken(messages: Iterable[Message]) -> list[Message]:
    """Those in which somebody says something.

    Notices are nobody's words, and one that only turns something on or off, as "bot"
    does, is no part of what is spoken about.
    """
    return [
        message
        for message in messages
        if message.author is not Author.SYSTEM
        and message.text.strip()
        and not _is_switch(message)
    ]


def _is_switch(message: Message) -> bool:
    return message.author is Author.CONTACT and any(
        says(what, message.text) for what in SWITCHES
    )


def turns_of(messages: Iterable[Message]) -> tuple[Turn, ...]:
    """Messages as the assistant sees them."""
    return tuple(
        Turn(
            author=message.author,
            text=message.text,
            choices=message.choices,
            outcome=message.outcome,
            sections=message.sections,
            language=message.language,
        )
        for message in messages
    )
