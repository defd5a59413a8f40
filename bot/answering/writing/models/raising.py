"""What the code has heard itself stays, whatever a model makes of the message."""

from dataclasses import replace

from bot.answering.enquiry import Decision
from bot.conversations.ports import Outcome
from bot.conversations.states import Reason

# Whom the code has handed over for these stays handed over.
STAYS = frozenset(
    {
        Reason.DISTRESS,
        Reason.MAY_BE_DISTRESS,
        Reason.COMPLAINT,
        Reason.ASKED_FOR_PERSON,
    }
)


def raised(decision: Decision, made: Decision) -> Decision:
    """What a model made of a message that the code has half heard a wish in.

    A person comes all the same, with the model's answer where there is one; and where
    the model hears distress, help comes first.
    """
    if decision.handoff not in STAYS or made.handoff == Reason.DISTRESS:
        return made
    if not made.text:
        return decision
    return replace(
        made,
        outcome=Outcome.HANDOFF,
        handoff=decision.handoff,
        words="handoff_person",
        choices=(),
    )
