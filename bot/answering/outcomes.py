"""A decision of each kind that needs no section to be told."""

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Reasoned
from bot.conversations.ports import Outcome
from bot.conversations.states import Reason


def asked_back(words: str, choices: tuple[Chunk, ...], reason: Reasoned) -> Decision:
    """Sections as questions to choose from, below a fixed sentence."""
    return Decision(
        outcome=Outcome.CLARIFY, reason=reason, words=words, choices=choices
    )


def handed_over(reason: Reason) -> Decision:
    """A person, since that is wanted or needed."""
    return Decision(
        outcome=Outcome.HANDOFF,
        reason=Reasoned.WANTED,
        handoff=reason,
        answerer="fixed",
        may_be_revised=False,
    )


def said(
    words: str,
    outcome: Outcome = Outcome.ANSWER,
    reason: Reasoned = Reasoned.WANTED,
) -> Decision:
    """A fixed sentence, or what the organisation says of itself."""
    return Decision(
        outcome=outcome,
        reason=reason,
        words=words,
        answerer="organisation" if reason is Reasoned.ORGANISATION else "fixed",
        may_be_revised=False,
    )


def nothing_written(enquiry: Enquiry) -> Decision | None:
    """What is said to a message without a word; None where there is one."""
    if any(one.isalnum() for one in enquiry.text):
        return None
    return said("empty_message", Outcome.CLARIFY, Reasoned.EMPTY)
