"""What contacts are told when they are handed over, by reason."""

from collections.abc import Mapping

from bot.conversations.states import Reason
from bot.organisation import Organisation
from bot.phrases import phrase

# What is said where the reason asks for words of its own.
WORDS: Mapping[str, str] = {
    Reason.ASKED_FOR_CALL: "handoff_call",
    Reason.OWN_CASE: "handoff_case",
    Reason.DISTRESS: "handoff_distress",
    Reason.MAY_BE_DISTRESS: "handoff_to_be_read",
    Reason.COMPLAINT: "handoff_complaint",
    Reason.FRAUD: "handoff_fraud",
    Reason.ASKED_TO_STOP: "stopped",
    Reason.ASKED_ABOUT_DATA: "handoff_own_data",
    Reason.ASSISTANT_FAILED: "handoff_failed",
    Reason.NOT_DELIVERED: "handoff_failed",
}


def handoff_words(reason: str, language: str) -> str:
    """What a contact is told who is handed over for this reason."""
    return phrase(WORDS.get(reason, "handoff_person"), language)


def handoff_text(organisation: Organisation, reason: str, language: str) -> str:
    """The words of a handoff; in distress with where help is found at once."""
    words = handoff_words(reason, language)
    help_ = organisation.emergency_help_in(language)
    return f"{words}\n\n{help_}" if reason == Reason.DISTRESS and help_ else words
