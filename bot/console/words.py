"""What the console says in place of codes; staff read English."""

from collections.abc import Mapping

from bot.conversations import states
from bot.conversations.desk.choosing import View
from bot.conversations.ports import Outcome
from bot.conversations.states import CallState, DeliveryState, Reason, SpentOn, Status
from bot.integrations.webhook_models import WebhookKind, WebhookState
from bot.staff.tokens import Scope

REASONS: Mapping[str, str] = {
    Reason.ASKED_FOR_PERSON: "Asks for a person",
    Reason.ASKED_FOR_CALL: "Asks for a call",
    Reason.OWN_CASE: "Own case",
    Reason.COMPLAINT: "Complaint",
    Reason.FRAUD: "Fears a scam",
    Reason.ASKED_TO_STOP: "Wants no messages",
    Reason.ASKED_ABOUT_DATA: "Asks about own data",
    Reason.DISTRESS: "Distress",
    Reason.MAY_BE_DISTRESS: "May be in distress",
    Reason.KEYWORD: "Keyword",
    Reason.REPEATED_NO_ANSWER: "No answer twice",
    Reason.NEGATIVE_FEEDBACK: "Answer did not help",
    Reason.ASSISTANT_FAILED: "Assistant failed",
    Reason.NOT_DELIVERED: "Reply did not arrive",
    Reason.STEPPED_IN: "Staff stepped in",
    Reason.RESTORED: "Restored from a backup",
}
URGENT = states.URGENT
LANGUAGES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "pt": "Portuguese",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
CHANNELS = {"web": "Web chat", "whatsapp": "WhatsApp"}
VIEWS = {
    View.WAITING: "Waiting",
    View.MINE: "Mine",
    View.ALL: "All",
    View.BOT: "Bot",
    View.RESOLVED: "Resolved",
    View.MENTIONED: "Mentions",
    View.SPAM: "Spam",
}
# The others are shown where there is something in them, or beside Resolved.
ALWAYS_SHOWN = frozenset(VIEWS) - {View.MENTIONED, View.SPAM}
EMPTY = {
    View.WAITING: "Nobody is waiting for a person.",
    View.MINE: "You hold no conversation.",
    View.ALL: "No conversation is open.",
    View.BOT: "The bot holds no conversation.",
    View.RESOLVED: "Nothing has been resolved yet.",
    View.MENTIONED: "Nobody has named you in a note that you have not read.",
    View.SPAM: "Nothing has been marked as spam.",
}
STATUSES = {
    Status.BOT: "Bot answers",
    Status.WAITING: "Waiting",
    Status.STAFF: "With staff",
    Status.RESOLVED: "Resolved",
}
AUTHORS = {
    "contact": "Contact",
    "bot": "Bot",
    "staff": "Staff",
    "system": "Notice",
    "note": "Note",
}
OUTCOMES = {
    Outcome.ANSWER: "Answered",
    Outcome.CLARIFY: "Asked back",
    Outcome.NO_ANSWER: "Had no answer",
    Outcome.HANDOFF: "Handed over",
}
CALLS = {
    CallState.OPEN: "to be called",
    CallState.DONE: "reached",
    CallState.NOT_REACHED: "not reached",
    CallState.CANCELLED: "cancelled by the contact",
}
STATES = {
    DeliveryState.PENDING: "waiting to leave",
    DeliveryState.SENDING: "being sent",
    DeliveryState.UNKNOWN: "being looked up",
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.READ: "read",
    DeliveryState.FAILED: "not delivered",
    DeliveryState.CANCELLED: "held back",
}
WEBHOOKS = {
    WebhookKind.MESSAGE_CREATED: "Message",
    WebhookKind.CONVERSATION_STATUS_CHANGED: "Change of status",
    WebhookKind.HANDOFF_REQUESTED: "Handoff",
}
SCOPES = {Scope.READ: "reads", Scope.WRITE: "reads and writes"}
SPENT_ON = {
    SpentOn.REPLY: "replies",
    SpentOn.DRAFT: "drafts",
    SpentOn.TRANSLATION: "translations",
    SpentOn.SUMMARY: "summaries at handoffs",
    SpentOn.API: "questions of programs",
}
WEBHOOK_STATES = {
    WebhookState.PENDING: "waiting to leave",
    WebhookState.DELIVERED: "arrived",
    WebhookState.FAILED: "failed",
}
ACTIONS = {
    "sign_in": "signed in",
    "sign_out": "signed out",
    "staff_added": "account added",
    "staff_revoked": "account revoked",
    "email_changed": "e-mail address changed",
    "session_ended": "signed out of another browser",
    "sessions_ended": "ended all other sessions",
    "password_changed": "password changed",
    "proved_again": "proved who they are",
    "second_step_added": "second step switched on",
    "second_step_dropped": "second step switched off",
    "recovery_codes_made": "new codes for paper",
    "take": "took",
    "hand_off": "handed over",
    "reply": "replied in",
    "hand_back": "handed back",
    "resolve": "resolved",
    "reopen": "reopened",
    "spam": "marked as spam",
    "let_go": "took back who holds",
    "hours_changed": "changed the opening hours",
    "rule_added": "added a rule of who takes what",
    "rule_deleted": "deleted a rule of who takes what",
    "went_away": "is away:",
    "came_back": "is there again:",
    "save_view": "saved for everybody the view",
    "assign": "assigned",
    "snooze": "snoozed",
    "call_back_done": "called, reached:",
    "call_back_corrected": "corrected the call-back in",
    "call_back_tried": "called, not reached:",
    "call_back_given_up": "gave up calling:",
    "draft": "asked for a draft in",
    "translate": "asked for a translation in",
    "note": "noted in",
    "save_reply": "saved the reply",
    "delete_reply": "deleted the reply",
    "conversation_labelled": "labelled",
    "send_template": "sent a template in",
    "hold": "left an answer that waits in",
    "drop_held": "took a waiting answer back in",
    "contact_named": "named",
    "facts_corrected": "corrected the plans of",
    "contact_labelled": "labelled",
    "consent_given": "wrote down a consent of",
    "consent_withdrawn": "wrote down a withdrawal of",
    "contacts_merged": "merged into",
    "contact_exported": "exported",
    "contact_erased": "erased",
    "erasure_confirmed": "confirmed the erasure of",
    "erasure_left_to_staff": "left to staff the erasure of",
    "label_added": "added the label",
    "label_deleted": "deleted the label",
    "emergency_on": "turned the emergency reply on",
    "token_added": "made the token",
    "token_revoked": "revoked the token",
    "webhook_added": "added the webhook to",
    "webhook_removed": "removed the webhook to",
    "webhook_replayed": "sent again webhooks to",
    "emergency_off": "turned the emergency reply off",
    "document_published": "published",
    "document_restored": "restored an older version of",
    "document_removed": "removed the document",
    "proposal_dropped": "dropped the proposal for the gap",
    "draft_approved": "approved a draft in",
    "askers_told": "told who had asked of",
}
# What is written beside these is the path of a document, or of a catalogue.
ABOUT_DOCUMENTS = frozenset(
    {
        "document_published",
        "document_restored",
        "document_removed",
        "draft_approved",
        "askers_told",
    }
)
ABOUT_CONTACTS = frozenset(
    {
        "contact_named",
        "facts_corrected",
        "contact_labelled",
        "consent_given",
        "consent_withdrawn",
        "contacts_merged",
        "contact_exported",
        "contact_erased",
        "erasure_confirmed",
        "erasure_left_to_staff",
    }
)
FACTS = {
    "destination": "Destination",
    "level": "Level",
    "subject": "Subject",
    "budget": "Budget",
    "intake": "Intake",
    "from": "From",
    "score": "Test",
    "marks": "Marks",
}


def reason(code: str | None) -> str:
    """A handoff's reason as staff read it; an unknown one as it is, legibly."""
    if code is None:
        return ""
    return REASONS.get(code) or code.replace("_", " ").capitalize()


def language(code: str | None) -> str:
    """A language by its English name."""
    return LANGUAGES.get(code or "", (code or "").upper())


def channel(name: str) -> str:
    """A channel as staff call it."""
    return CHANNELS.get(name, name)


GAP_KINDS = {
    "unanswered": "not answered",
    "rated": "did not help",
    "corrected": "corrected by staff",
    "handed_over": "handed over",
}
