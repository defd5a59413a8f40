"""The one place where it is decided what becomes of a message.

Safety and the contact's own wishes come first, then what they picked, then the
evidence: *sure* means that the nearest section is told, less sure that up to four
sections are offered as questions, nothing near that it is said honestly. What has
another answer in each country is asked back where none is spoken of. A model may revise
what ``may_be_revised``; it gets and gives the same type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.choices import (
    CHOICES_BESIDE,
    choices_of,
    fits,
    in_each_country,
    merged,
)
from bot.answering.chunks import Chunk
from bot.answering.enquiry import Decision, Enquiry, Found, Query, Reasoned
from bot.answering.narrowing import names_another, narrowed
from bot.answering.outcomes import asked_back, handed_over, nothing_written, said
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
# In nine of ten unseen messages of distress it was likelier, in no other one.
PLAINLY_IN_DISTRESS = 0.75
# What is less likely among the choices is said to be, perhaps, not there.
PLAINLY_NEAR = 0.55
# A section known by what people ask has more to show: with less 7 of 19 were right.
SURE_WHERE_ASKED = 0.6
ABOVE_CHOICES = ("which_country", "do_you_mean", "nearest_known")

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
    """What became of one question; ``asks`` is what stands above what is offered."""

    query: Query
    found: Found
    near: bool
    told: Chunk | None
    offered: tuple[Chunk, ...]
    asks: str


def decide(enquiry: Enquiry, found: Sequence[Found], *, weights: Weights) -> Decision:
    """What becomes of a message, by what it wants and what was found for it."""
    confidence = max((one.near for one in found), default=0.0)
    if _only_corrects(enquiry):
        weights = replace(weights, sure=NEVER)
    decision = (
        by_wish(enquiry)
        or nothing_written(enquiry)
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
        return handed_over(Reason.FRAUD)
    if enquiry.accepts_person:
        return handed_over(Reason.ASKED_FOR_PERSON)
    if want in HANDOFFS:
        unclear = want is Want.DISTRESS and enquiry.sure < PLAINLY_IN_DISTRESS
        reason = Reason.MAY_BE_DISTRESS if unclear else HANDOFFS[want]
        return replace(
            handed_over(reason), may_be_revised=_is_half_heard(want, enquiry)
        )
    if want in SAID and not enquiry.also_asks:
        return replace(said(SAID[want]), may_be_revised=enquiry.sure < CLEARLY)
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


def _answered(
    query: Query, found: Found, weights: Weights, *, feared: bool = False
) -> _Answered:
    """Told where it is sure, offered where near, and sooner where a scam is feared."""
    sure = _told_of(query, found, weights)
    few = len(query.text.split()) <= LONE_WORDS
    lone = few and len(query.text.encode()) <= LONE_BYTES
    near = found.near >= weights.near / (NEEDS_LESS if lone or feared else 1)
    plainly = lone or feared or found.near >= PLAINLY_NEAR
    offered = choices_of(query, found.hits) if near else ()
    each = in_each_country(found, offered, sure=sure is not None)
    told = None if each else sure
    return _Answered(
        query=query,
        found=found,
        near=near,
        told=told,
        offered=each or (() if told else offered),
        asks="which_country" if each else "do_you_mean" if plainly else "nearest_known",
    )


def _told_of(query: Query, found: Found, weights: Weights) -> Chunk | None:
    """What of the first section is told, where that is sure, fits and is new."""
    best = found.best
    needed = max(weights.sure, SURE_WHERE_ASKED if best and best.chunk.asks else 0.0)
    if best is None or found.sure < needed or not fits(query, best):
        return None
    part = narrowed(best.chunk, query.text, parts=best.parts)
    known = part.name in query.told or names_another(part, query.text)
    return None if known else part


def _by_evidence(enquiry: Enquiry, answered: Sequence[_Answered]) -> Decision:
    told = tuple(dict.fromkeys(one.told for one in answered if one.told))
    offered = merged([one.offered for one in answered])
    want = Want(enquiry.wants)
    if told:
        decision = _told(enquiry, told, offered[:CHOICES_BESIDE])
        return replace(decision, notes=_notes(enquiry, answered))
    if want in OF_ORGANISATION:
        own = said(OF_ORGANISATION[want], Outcome.ANSWER, Reasoned.ORGANISATION)
        return replace(own, may_be_revised=True)
    if want is Want.CORRECTION:
        words = "correction" if offered else "correction_open"
        return asked_back(words, offered, Reasoned.UNSURE)
    if offered:
        asks = {one.asks for one in answered if one.offered}
        words = next(words for words in ABOVE_CHOICES if words in asks)
        asked = asked_back(words, offered, Reasoned.UNSURE)
        return replace(asked, notes=_notes(enquiry, answered))
    if answered and _is_repeated(answered):
        again = said("nothing_more", Outcome.CLARIFY, Reasoned.TOLD_ALREADY)
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
    unread = enquiry.unread > 0
    open_ = any(one.told and one.query.may_be_two for one in answered)
    notes = {
        "other_not_found": missing,
        "questions_left": unread,
        "part_left": open_ and not (missing or unread),
    }
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
