"""A decision of each kind that needs no section to be told."""

from dataclasses import replace

from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Reasoned
from bot.answering.understanding.examples import Want
from bot.conversations.ports import Outcome, OwnData
from bot.conversations.states import Reason
from bot.phrases import phrase


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


def of_own_data(enquiry: Enquiry) -> Decision | None:
    """What is said to who asks for their data, or to be forgotten; None else.

    Nothing is erased by it: it asks for the word that the core understands. The core
    also puts what is kept before the words for who wants to know that.
    """
    wish = enquiry.own_data
    if wish is None or enquiry.wants == Want.DISTRESS:
        return None
    reason = Reasoned(wish.value)
    if wish is OwnData.ERASE:
        word = phrase("own_data_word", enquiry.language)
        asked = said("own_data_erase", Outcome.CLARIFY, reason)
        return replace(asked, shown=(word,))
    return said(wish.value, Outcome.ANSWER, reason)
