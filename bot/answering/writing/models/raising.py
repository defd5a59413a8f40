"""What the code has half heard stays, whatever a model makes of the message."""

from dataclasses import replace

from bot.answering.enquiry import Decision
from bot.conversations.ports import Outcome
from bot.conversations.states import Reason

# Whom the code has handed over for these stays handed over, in these words where the
# model has read it otherwise and answered; a suspicion below this is the model's.
SUSPECTED = 0.7
STAYS = {
    Reason.DISTRESS: "handoff_case",
    Reason.COMPLAINT: "handoff_person",
    Reason.ASKED_FOR_PERSON: "handoff_person",
}


def raised(decision: Decision, made: Decision, *, sure: float) -> Decision:
    """What a model made of a message, beside what the code has heard in it.

    ``sure`` is how likely it is that the code has heard right.
    """
    if decision.handoff not in STAYS or made.handoff == Reason.DISTRESS:
        return made
    if sure < SUSPECTED and made.answerer == "model":
        return made
    if not made.text:
        return decision
    return replace(
        made,
        outcome=Outcome.HANDOFF,
        handoff=decision.handoff,
        words=STAYS[Reason(decision.handoff)],
        choices=(),
    )
