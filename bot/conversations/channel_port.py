"""What the core asks of a channel: ways out to contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversations.states import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An approved message of the channel's, and what its blanks are filled with."""

    sid: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One part of a message, on its way to a contact.

    ``public_id`` is our delivery id, which the channel should give back in its
    status callbacks; ``earlier_ids`` are the channel's own ids of what the recipient
    was sent before, which may have been the same words. With ``content`` that leaves
    in place of the text, which is what the recipient will read.
    """

    public_id: str
    recipient: str
    text: str
    created_at: datetime
    earlier_ids: frozenset[str] = frozenset()
    content: Content | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a channel says of something that it took; ``passes``: not for ever."""

    state: DeliveryState
    error_code: str | None = None
    passes: bool = False


class Channel(Protocol):
    """A way out to contacts whose messages do not wait for them in a stream."""

    name: str
    debounce_seconds: float
    debounce_limit_seconds: float
    reply_window_hours: float | None

    def split(self, text: str) -> list[str]:
        """Cut a text into parts that the channel can carry, in order."""
        ...

    async def send(self, outgoing: Outgoing) -> str:
        """Send one part and return the channel's id for it.

        Raises ``ChannelError``, or ``OutcomeUnknownError`` when it may have been sent.
        """
        ...

    async def show_typing(self, external_id: str) -> None:
        """Show that an answer to the channel's message ``external_id`` is being made.

        Raises ``ChannelError`` where it cannot; a channel may do nothing.
        """
        ...

    async def report_of(self, external_id: str) -> Report | None:
        """How far something has come that the channel took; None: no news.

        Raises ``ChannelError`` where it does not say.
        """
        ...

    async def find(self, outgoing: Outgoing) -> str | None:
        """The channel's id of a part whose outcome was unknown, if it was sent."""
        ...
