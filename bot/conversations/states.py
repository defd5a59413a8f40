"""How far conversations and deliveries have come, and what is told of them."""

from enum import StrEnum


class Status(StrEnum):
    """Who owes the next word."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"
    RESOLVED = "resolved"


class DeliveryState(StrEnum):
    """How far a part of a message has come; ``unknown`` must be looked up."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether later deliveries of the conversation have to wait for this one."""
        return self in OPEN_DELIVERIES


OPEN_DELIVERIES = (
    DeliveryState.PENDING,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
)
ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)


class EventKind(StrEnum):
    """What others may want to hear of."""

    MESSAGE_CREATED = "message_created"
    CONVERSATION_CREATED = "conversation_created"
    CONVERSATION_STATUS_CHANGED = "conversation_status_changed"
    DELIVERY_UPDATED = "delivery_updated"
    CONVERSATION_UPDATED = "conversation_updated"
    NOTE_CREATED = "note_created"
