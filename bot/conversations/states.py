"""How far conversations and deliveries have come, and what is told of them."""

from enum import StrEnum


class Status(StrEnum):
    """Who owes the next word."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why a conversation went to staff; a program that hands over may name others."""

    ASKED_FOR_PERSON = "asked_for_person"
    ASKED_FOR_CALL = "asked_for_call"
    OWN_CASE = "own_case"
    DISTRESS = "distress"
    MAY_BE_DISTRESS = "may_be_distress"
    COMPLAINT = "complaint"
    FRAUD = "fraud"
    ASKED_TO_STOP = "asked_to_stop"
    ASKED_ABOUT_DATA = "asked_about_data"
    KEYWORD = "keyword"
    REPEATED_NO_ANSWER = "repeated_no_answer"
    NEGATIVE_FEEDBACK = "negative_feedback"
    ASSISTANT_FAILED = "assistant_failed"
    NOT_DELIVERED = "reply_not_delivered"
    STEPPED_IN = "stepped_in"
    RESTORED = "restored"


# Whom staff see first, the most urgent first; everybody else waits their turn.
URGENT = (
    Reason.DISTRESS,
    Reason.MAY_BE_DISTRESS,
    Reason.COMPLAINT,
    Reason.FRAUD,
)


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


class DeliveryKind(StrEnum):
    """Whether words leave as they are, or as a template that was approved before."""

    TEXT = "text"
    TEMPLATE = "template"


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
    MESSAGE_RATED = "message_rated"
    HANDOFF_OVERDUE = "handoff_overdue"
    CALL_BACK_UPDATED = "call_back_updated"
    CALL_BACK_DUE = "call_back_due"


class CallState(StrEnum):
    """What came of a call-back."""

    OPEN = "open"
    DONE = "done"
    NOT_REACHED = "not_reached"
    CANCELLED = "cancelled"


class SpentOn(StrEnum):
    """What a language model was asked for, or for whom."""

    REPLY = "reply"
    DRAFT = "draft"
    TRANSLATION = "translation"
    SUMMARY = "summary"
    API = "api"
    ADDRESS = "address"
    NETWORK = "network"


# Every call is counted once by one of these; the other kinds count it again.
PURPOSES = (
    SpentOn.REPLY,
    SpentOn.DRAFT,
    SpentOn.TRANSLATION,
    SpentOn.SUMMARY,
    SpentOn.API,
)
