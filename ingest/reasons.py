"""Why an enquiry came to its end, in words for an editor."""

from bot.answering.enquiry import Enquiry
from bot.answering.evidence import calibration
from bot.conversations.ports import Answer, Outcome


def reason_of(enquiry: Enquiry, answer: Answer) -> str:
    """In words, why an enquiry came to this end."""
    if answer.provenance.answerer == "programmes":
        return "a question for the data of programmes; no text is searched"
    if enquiry.searched is None:
        return _unsearched(enquiry)
    if enquiry.said:
        more = answer.outcome is Outcome.ANSWER
        return "the last answer goes on" if more else "the last answer left nothing out"
    return _weighed(enquiry)


def _weighed(enquiry: Enquiry) -> str:
    if enquiry.choices:
        about = ", ".join(enquiry.choices)
        return f"a short question that could be about: {about}"
    if enquiry.unreadable:
        return "the documents cannot be searched in its language"
    if not enquiry.passages:
        return "no search found anything"
    likely, needed = f"{enquiry.confidence:.3f}", f"{calibration().threshold:.3f}"
    if enquiry.answerable:
        return f"confidence {likely} reaches the threshold {needed}"
    return f"confidence {likely} is below the threshold {needed}"


def _unsearched(enquiry: Enquiry) -> str:
    if enquiry.intent is None:
        return "no word of it is known, so that nothing is searched for"
    named = enquiry.intent.value
    return f"the message is understood as {named}; no document is looked at"
