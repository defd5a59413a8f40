"""The one place where it is decided what becomes of a message.

Safety and the contact's own wishes come first, then what they picked, then the
evidence: *sure* means that the nearest section is told, less sure that up to four
sections are offered as questions, nothing near that it is said honestly. A model may
revise what ``may_be_revised``; it gets and gives the same type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.choices import CHOICES_BESIDE, choices_of, fits, merged
from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Found, Query, Reasoned
from bot.answering.retrieval.ranking import Weights
from bot.answering.understanding.examples import Want
from bot.conversations.ports import Author, Outcome
from bot.conversations.states import Reason
from bot.phrases import phrase

# "visa" alone could be many things: to a word or two, and to who fears a scam, choices
# help sooner than a no.
LONE_WORDS, LONE_BYTES, NEEDS_LESS = 2, 24, 8
# What is so likely a wish or a greeting, or a call that is wished for, needs no second
# reader; no probability is as large as the last.
CLEARLY, CLEARLY_A_CALL, NEVER = 0.9, 0.97, 2.0

HANDOFFS = {
    Want.DISTRESS: Reason.DISTRESS,
    Want.PERSON: Reason.ASKED_FOR_PERSON,
    Want.CALL: Reason.ASKED_FOR_CALL,
    Want.COMPLAINT: Reason.COMPLAINT,
    Want.STOP: Reason.ASKED_TO_STOP,
}
SAID = {
    Want.THANKS: "thanks",
    Want.GREETING: "greeting_reply",
    Want.GOODBYE: "goodbye",
    Want.SMALLTALK: "small_talk",
    Want.START: "started",
}
# What the organisation's own facts answer where no section is sure to.
OF_ORGANISATION = {Want.HOURS: "hours", Want.IDENTITY: "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """What became of one question."""

    query: Query
    found: Found
    near: bool
    told: Chunk | None
    offered: tuple[Chunk, ...]


def decide(enquiry: Enquiry, found: Sequence[Found], *, weights: Weights) -> Decision:
    """What becomes of a message, by what it wants and what was found for it."""
    confidence = max((one.near for one in found), default=0.0)
    if _only_corrects(enquiry):
        weights = replace(weights, sure=NEVER)
    decision = (
        by_wish(enquiry)
        or _empty(enquiry)
        or _by_evidence(
            enquiry,
            [
                _answered(query, one, weights, feared=enquiry.wants == Want.SCAM)
                for query, one in zip(enquiry.queries, found, strict=True)
            ],
        )
    )
    generation = next((one.generation for one in found), None)
    decision = replace(decision, confidence=confidence, generation=generation)
    if decision.handoff and _asks_besides(decision, enquiry):
        return _with_answer(decision, enquiry, found, weights)
    return decision


def _only_corrects(enquiry: Enquiry) -> bool:
    """Whether a message says that we were wrong, and nothing new to look for."""
    corrects = enquiry.wants == Want.CORRECTION and not enquiry.picked
    return corrects and not any(query.named for query in enquiry.queries)


def by_wish(enquiry: Enquiry) -> Decision | None:
    """A person, a call, an end to messages, or only kind words."""
    want = Want(enquiry.wants)
    asks = enquiry.accepts_person or want is Want.PERSON
    if asks and _was_warned_of_scams(enquiry):
        return _handed_over(Reason.FRAUD)
    if enquiry.accepts_person:
        return _handed_over(Reason.ASKED_FOR_PERSON)
    if want in HANDOFFS:
        return replace(
            _handed_over(HANDOFFS[want]), may_be_revised=_is_half_heard(want, enquiry)
        )
    if want in SAID and not enquiry.also_asks:
        return replace(_said(SAID[want]), may_be_revised=enquiry.sure < CLEARLY)
    return None


def _was_warned_of_scams(enquiry: Enquiry) -> bool:
    """Whether a person was just offered to who feared a scam."""
    last = enquiry.earlier[-1] if enquiry.earlier else None
    if last is None or last.author is not Author.BOT:
        return False
    return phrase("scam_person", last.language or enquiry.language) in last.text


def _is_half_heard(want: Want, enquiry: Enquiry) -> bool:
    """Whether a model is to read it as well; an end to messages is always one."""
    clearly = CLEARLY_A_CALL if want is Want.CALL else CLEARLY
    return want is not Want.STOP and enquiry.sure < clearly


def _asks_besides(decision: Decision, enquiry: Enquiry) -> bool:
    """Whether a message may ask something beside its wish, or in the place of it.

    Nothing stands between clear distress and help.
    """
    if decision.may_be_revised:
        return True
    return enquiry.also_asks and decision.handoff != Reason.DISTRESS


def _empty(enquiry: Enquiry) -> Decision | None:
    if any(one.isalnum() for one in enquiry.text):
        return None
    return _said("empty_message", Outcome.CLARIFY, Reasoned.EMPTY)


def _answered(
    query: Query, found: Found, weights: Weights, *, feared: bool = False
) -> _Answered:
    """Told where it is sure, offered where near, and sooner where a scam is feared."""
    best = found.best
    fitting = best and fits(query, best) and best.chunk.name not in query.told
    told = best.chunk if best and fitting and found.sure >= weights.sure else None
    few = len(query.text.split()) <= LONE_WORDS
    lone = few and len(query.text.encode()) <= LONE_BYTES
    near = found.near >= weights.near / (NEEDS_LESS if lone or feared else 1)
    return _Answered(
        query=query,
        found=found,
        near=near,
        told=told,
        offered=choices_of(query, found.hits) if near and not told else (),
    )


def _by_evidence(enquiry: Enquiry, answered: Sequence[_Answered]) -> Decision:
    told = tuple(dict.fromkeys(one.told for one in answered if one.told))
    offered = merged([one.offered for one in answered])
    want = Want(enquiry.wants)
    if told:
        decision = _told(enquiry, told, offered[:CHOICES_BESIDE])
        return replace(decision, notes=_notes(enquiry, answered))
    if want in OF_ORGANISATION:
        own = _said(OF_ORGANISATION[want], Outcome.ANSWER, Reasoned.ORGANISATION)
        return replace(own, may_be_revised=True)
    if want is Want.CORRECTION:
        words = "correction" if offered else "correction_open"
        return _asked_back(words, offered, Reasoned.UNSURE)
    if offered:
        asked = _asked_back("do_you_mean", offered, Reasoned.UNSURE)
        return replace(asked, notes=_notes(enquiry, answered))
    if answered and _is_repeated(answered):
        again = _said("nothing_more", Outcome.CLARIFY, Reasoned.TOLD_ALREADY)
        return replace(again, may_be_revised=True)
    declined = Reasoned.DECLINED if enquiry.declines else Reasoned.NOTHING_NEAR
    return Decision(outcome=Outcome.NO_ANSWER, reason=declined, words="nothing_near")


def _told(
    enquiry: Enquiry, sections: tuple[Chunk, ...], choices: tuple[Chunk, ...]
) -> Decision:
    """Sections as an answer; what was picked is told without a second reader."""
    picked = enquiry.picked is not None
    return Decision(
        outcome=Outcome.ANSWER,
        reason=Reasoned.PICKED if picked else Reasoned.SURE,
        sections=sections,
        choices=choices,
        words="scam_person" if enquiry.wants == Want.SCAM else None,
        may_be_revised=not picked,
    )


def _notes(enquiry: Enquiry, answered: Sequence[_Answered]) -> tuple[str, ...]:
    """What beside the answer has to be said of the other questions."""
    missing = any(not (one.told or one.near) for one in answered)
    notes = {"other_not_found": missing, "questions_left": enquiry.unread > 0}
    return tuple(name for name, needed in notes.items() if needed)


def _is_repeated(answered: Sequence[_Answered]) -> bool:
    """Whether the only thing near is what was just told."""
    return all(
        one.near
        and one.found.best is not None
        and one.found.best.chunk.name in one.query.told
        for one in answered
    )


def _with_answer(
    decision: Decision, enquiry: Enquiry, found: Sequence[Found], weights: Weights
) -> Decision:
    """A handoff that also answers what was asked beside it, where that is sure."""
    pairs = zip(enquiry.queries, found, strict=True)
    answered = [_answered(query, one, weights) for query, one in pairs]
    told = tuple(dict.fromkeys(one.told for one in answered if one.told))
    return replace(decision, sections=told)


def _asked_back(words: str, choices: tuple[Chunk, ...], reason: Reasoned) -> Decision:
    return Decision(
        outcome=Outcome.CLARIFY, reason=reason, words=words, choices=choices
    )


def _handed_over(reason: Reason) -> Decision:
    return Decision(
        outcome=Outcome.HANDOFF,
        reason=Reasoned.WANTED,
        handoff=reason,
        answerer="fixed",
        may_be_revised=False,
    )


def _said(
    words: str,
    outcome: Outcome = Outcome.ANSWER,
    reason: Reasoned = Reasoned.WANTED,
) -> Decision:
    return Decision(
        outcome=outcome,
        reason=reason,
        words=words,
        answerer="organisation" if reason is Reasoned.ORGANISATION else "fixed",
        may_be_revised=False,
    )
