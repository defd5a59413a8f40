"""What contacts are told when they are handed over, by reason."""

from collections.abc import Mapping

from bot.conversations.states import Reason
from bot.phrases import phrase

# What is said where the reason asks for words of its own.
WORDS: Mapping[str, str] = {
    Reason.ASKED_FOR_CALL: "handoff_call",
    Reason.OWN_CASE: "handoff_case",
    Reason.DISTRESS: "handoff_distress",
    Reason.COMPLAINT: "handoff_complaint",
    Reason.ASKED_TO_STOP: "stopped",
    Reason.REPEATED_NO_ANSWER: "handoff_no_answer",
    Reason.NEGATIVE_FEEDBACK: "handoff_feedback",
    Reason.ASSISTANT_FAILED: "handoff_failed",
    Reason.NOT_DELIVERED: "handoff_failed",
}


def handoff_words(reason: str, language: str) -> str:
    """What a contact is told who is handed over for this reason."""
    return phrase(WORDS.get(reason, "handoff_person"), language)
