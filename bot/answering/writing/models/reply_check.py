"""Code decides last: which sentences of a model may go out, and what becomes of it all.

Which sentences those are is seen in ``sentence_check``. What the code has clearly heard
itself (distress, a wish for a person, an end to messages) never comes here. What it has
half heard does, and stays (``raising``): a model can answer beside it and raise what
becomes of a message, and not lower it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.enquiry import Decision, Reasoned
from bot.answering.understanding.examples import Want
from bot.answering.understanding.languages import language_of, written_in
from bot.answering.writing.models.reply import ModelOutcome, ModelReply, Said
from bot.answering.writing.models.sentence_check import SentenceCheck
from bot.answering.writing.models.sources import Source
from bot.conversations.ports import Outcome
from bot.conversations.staff_help import LeftOut
from bot.conversations.states import Reason
from bot.errors import ModelError

# More words than these are not sent to a phone.
LONGEST = 130
TOO_LONG = f"it has more than {LONGEST} words"
MOST_CHOICES = 4
# A person or a call is called for at once where the code heard so much of it itself;
# else they are offered.
HEARD = 0.1
KIND = {"thanks", "greeting_reply", "goodbye", "started"}
QUOTED = re.compile(r"[\"“„«「‘]\w+[\"”“»」’]")
SENTENCE_ENDS = "。！？"
HEARD_AS = {
    ModelOutcome.HAND_OVER: {
        Want.PERSON: Reason.ASKED_FOR_PERSON,
        Want.COMPLAINT: Reason.COMPLAINT,
    },
    ModelOutcome.CALL_BACK: {Want.CALL: Reason.ASKED_FOR_CALL},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The sentences that may go out, and why the others may not.

    ``reasons`` are told to the model; ``left_out`` are the others, each with its own.
    """

    kept: tuple[Said, ...]
    left_out: tuple[tuple[Said, str], ...]
    reasons: tuple[str, ...]
    begins: bool

    @property
    def answers(self) -> bool:
        """Whether what is left still begins with the answer."""
        return bool(self.kept) and self.begins


class ReplyCheck:
    """Checks replies to one message."""

    def __init__(self, sentences: SentenceCheck) -> None:
        self._sentences = sentences
        self._enquiry = sentences.enquiry
        self._languages = sentences.languages

    def checked(self, reply: ModelReply, sources: Sequence[Source]) -> Checked:
        """Every sentence by itself, then all of them together."""
        said = reply.sentences
        reasons = [self._sentences.wrong(one, reply, sources) for one in said]
        pairs = list(zip(said, reasons, strict=True))
        told = [f"- “{one.text[:80]}”: {wrong}" for one, wrong in pairs if wrong]
        judged, words = [], 0
        for one, wrong in pairs:
            words += len(one.text.split())
            judged.append((one, wrong or (TOO_LONG if words > LONGEST else None)))
        if words > LONGEST:
            told.append(f"- {TOO_LONG}")
        kept = [one for one, wrong in judged if wrong is None]
        if kept and not self._is_in_its_language(kept):
            other = f"it is not in this language: {self._enquiry.language}"
            judged = [(one, wrong or other) for one, wrong in judged]
            told.append(f"- {other}")
        return Checked(
            kept=tuple(one for one, wrong in judged if wrong is None),
            left_out=tuple((one, wrong) for one, wrong in judged if wrong),
            reasons=tuple(told),
            begins=bool(reasons) and reasons[0] is None,
        )

    def beginning(
        self, said: Sequence[Said], sources: Sequence[Source]
    ) -> tuple[Said, ...]:
        """How much of an answer may go out before the rest of it is written."""
        reply = ModelReply(outcome=ModelOutcome.ANSWER, sentences=list(said))
        good: list[Said] = []
        for one in said:
            words = sum(len(other.text.split()) for other in (*good, one))
            if words > LONGEST or self._sentences.wrong(one, reply, sources):
                break
            good.append(one)
        return tuple(good) if good and self._is_in_its_language(good) else ()

    def _is_in_its_language(self, kept: Sequence[Said]) -> bool:
        """Whether a reply is in the language that was read, or in the message's own."""
        text = " ".join(one.text for one in kept)
        if self._enquiry.romanised or written_in(text) == written_in(
            self._enquiry.text
        ):
            return True
        wanted = self._enquiry.language
        choice = sorted({*self._languages, wanted})
        return language_of(text, allowed=choice, known=wanted) == wanted


def revised(
    decision: Decision,
    reply: ModelReply,
    checked: Checked,
    sources: Sequence[Source],
    chances: Mapping[str, float],
) -> Decision:
    """What becomes of the message after all.

    Raises:
        ModelError: what is left of the reply does not say it.
    """
    if reply.outcome is ModelOutcome.DISTRESS:
        return _handed_over(decision, Reason.DISTRESS)
    if reply.outcome in HEARD_AS:
        reasons = HEARD_AS[reply.outcome]
        chance, want = max((chances.get(want.value, 0.0), want) for want in reasons)
        if chance >= HEARD:
            return _handed_over(decision, reasons[want])
        return _fixed(decision, Outcome.CLARIFY, words="offer_person")
    if reply.outcome is ModelOutcome.SMALL_TALK:
        kind = decision.words if decision.words in KIND else "small_talk"
        return _fixed(decision, Outcome.ANSWER, words=kind)
    if reply.outcome is ModelOutcome.NOT_KNOWN:
        told = _told(decision, checked.kept, sources)
        words: str | None = "offer_person" if told.text else "nothing_near"
        if checked.kept and _offers_person(checked.kept[-1], sources):
            words = None
        return replace(told, outcome=Outcome.NO_ANSWER, words=words)
    if not checked.answers:
        raise ModelError("what is left does not answer")
    told = _told(decision, checked.kept, sources)
    return told if reply.outcome is ModelOutcome.ANSWER else _asked_back(told)


def drafted(
    decision: Decision, checked: Checked, sources: Sequence[Source]
) -> tuple[Decision, tuple[LeftOut, ...]]:
    """What of a reply staff may begin with, whatever became of the message.

    Nothing counts here that rests on no source, a question back neither.
    """
    founded = [one for one in checked.kept if one.sources]
    unfounded = [(one, "no source") for one in checked.kept if not one.sources]
    return _told(decision, founded, sources), tuple(
        LeftOut(text=one.text.strip(), reason=reason)
        for one, reason in (*checked.left_out, *unfounded)
    )


def joined(texts: Iterable[str]) -> str:
    """Sentences one after the other; items of lists on lines of their own."""
    joined = ""
    for text in texts:
        item = text.startswith(("-", "•", "*"))
        space = "\n" if item else "" if joined[-1:] in SENTENCE_ENDS else " "
        joined += f"{space}{text}" if joined else text
    return joined


def _offers_person(said: Said, sources: Sequence[Source]) -> bool:
    """Whether a sentence says what to write for a person: of us, a word in quotes."""
    ours = not any(sources[number - 1].sections for number in said.sources)
    return ours and QUOTED.search(said.text) is not None


def _asked_back(told: Decision) -> Decision:
    """A question back, with the sections that it could be about to be picked."""
    several = told.sections[:MOST_CHOICES] if len(told.sections) > 1 else ()
    return replace(told, outcome=Outcome.CLARIFY, sections=(), choices=several)


def _told(
    decision: Decision, kept: Sequence[Said], sources: Sequence[Source]
) -> Decision:
    """The text with the sections that it rests on."""
    numbers = dict.fromkeys(number for one in kept for number in one.sources)
    chunks = (chunk for n in numbers for chunk in sources[n - 1].sections)
    return replace(
        decision,
        outcome=Outcome.ANSWER,
        reason=Reasoned.MODEL,
        text=joined(one.text.strip() for one in kept) or None,
        sections=tuple(dict.fromkeys(chunks)),
        choices=(),
        shown=(),
        notes=(),
        handoff=None,
        words="scam_person" if decision.words == "scam_person" else None,
    )


def _fixed(decision: Decision, outcome: Outcome, *, words: str) -> Decision:
    return replace(
        decision,
        outcome=outcome,
        reason=Reasoned.MODEL,
        text=None,
        sections=(),
        choices=(),
        shown=(),
        notes=(),
        handoff=None,
        words=words,
    )


def _handed_over(decision: Decision, reason: Reason) -> Decision:
    return replace(
        _fixed(decision, Outcome.HANDOFF, words=""), words=None, handoff=reason
    )
