"""Every table of the core; their rules are methods."""

from bot.conversations.models.assignment import AssignmentRule, AssignmentRuleMember
from bot.conversations.models.call_back import CallBack
from bot.conversations.models.contact import (
    Address,
    Consent,
    Contact,
    ContactLabel,
    ConversationLabel,
    Label,
)
from bot.conversations.models.conversation import Conversation
from bot.conversations.models.delivery import Delivery
from bot.conversations.models.event import Event
from bot.conversations.models.gap import Gap
from bot.conversations.models.held import HeldReply
from bot.conversations.models.message import Message
from bot.conversations.models.reach import WayToReach
from bot.conversations.models.spend import ModelSpend
from bot.conversations.models.staff import (
    Emergency,
    Mention,
    Note,
    ReadMark,
    SavedReply,
    SavedView,
)
from bot.conversations.states import (
    ARRIVED,
    OPEN_DELIVERIES,
    CallState,
    DeliveryKind,
    DeliveryState,
    EventKind,
    Reason,
    Status,
)

__all__ = (
    "ARRIVED",
    "OPEN_DELIVERIES",
    "Address",
    "AssignmentRule",
    "AssignmentRuleMember",
    "CallBack",
    "CallState",
    "Consent",
    "Contact",
    "ContactLabel",
    "Conversation",
    "ConversationLabel",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Emergency",
    "Event",
    "EventKind",
    "Gap",
    "HeldReply",
    "Label",
    "Mention",
    "Message",
    "ModelSpend",
    "Note",
    "ReadMark",
    "Reason",
    "SavedReply",
    "SavedView",
    "Status",
    "WayToReach",
)
