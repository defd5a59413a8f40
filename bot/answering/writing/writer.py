"""From a decision to the reply: the one place where its text is laid out."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from bot.answering.chunks import QUESTION_MARKS, Chunk, citations
from bot.answering.enquiry import Decision, Enquiry
from bot.answering.understanding.examples import Want
from bot.answering.understanding.languages import (
    name_of,
    surely_written_in,
    written_in,
)
from bot.answering.understanding.offers import numbered
from bot.answering.understanding.romanised import romanised_in
from bot.answering.writing.organisation_card import hours_text, identity_text
from bot.answering.writing.section_text import section_text
from bot.conversations.handoff.handoff_words import handoff_text
from bot.conversations.ports import Answer, Outcome, Provenance, Tell
from bot.organisation import Organisation
from bot.phrases import phrase

NOTICES = Path(__file__).with_name("unspoken.yaml")
Now = Callable[[], datetime]
# How near the sentences of long sections are to the question, by the chunk's id.
Parts = Mapping[str, Sequence[float]]


class Writer:
    """Writes what was decided, in the contact's language."""

    def __init__(self, organisation: Organisation, *, now: Now) -> None:
        self._organisation = organisation
        self._now = now

    def write(self, decision: Decision, enquiry: Enquiry, *, parts: Parts) -> Answer:
        """The reply, with its sources, what it offers and how it came about."""
        language = enquiry.language
        spoken = enquiry.romanised or language
        choices = [*decision.shown, *offered_as(decision.choices, spoken, language)]
        lines = self._lines(decision, enquiry, choices, parts)
        return Answer(
            text="\n\n".join(line for line in lines if line),
            outcome=decision.outcome,
            confidence=decision.confidence,
            citations=citations(decision.sections),
            handoff_reason=decision.handoff,
            is_greeting=decision.words == "greeting_reply",
            understood=enquiry.understood,
            choices=tuple(choices),
            provenance=Provenance(
                answerer=decision.answerer,
                language=language,
                generation=decision.generation,
                model=decision.model,
                prompt_version=decision.prompt_version,
                reason=decision.reason.value,
                sections=tuple(_names(decision.sections)),
                tokens=decision.tokens,
            ),
        )

    @staticmethod
    def teller(tell: Tell, enquiry: Enquiry) -> Callable[[str], Awaitable[bool]]:
        """Tells the beginning of a reply with what stands before it."""

        async def begin(text: str) -> bool:
            before = _unspoken(enquiry, text)
            whole = f"{before}\n\n{text}" if before else text
            return await tell(whole, language=enquiry.language)

        return begin

    def _lines(
        self,
        decision: Decision,
        enquiry: Enquiry,
        choices: Sequence[str],
        parts: Parts,
    ) -> Iterable[str]:
        """The parts of the reply, in their order; some of them are empty."""
        language = enquiry.language
        handoff = self._handoff(decision, language)
        yield _unspoken(enquiry, decision.text)
        yield from (decision.text, handoff) if decision.text else (handoff,)
        yield from self._told(decision, language, parts)
        yield self._words(decision, language)
        yield _offer(decision, choices, language)
        yield from (phrase(note, language) for note in decision.notes)

    def _handoff(self, decision: Decision, language: str) -> str:
        if decision.handoff is None:
            return ""
        if decision.words is not None:
            return phrase(decision.words, language)
        return handoff_text(self._organisation, decision.handoff, language)

    def _told(self, decision: Decision, language: str, parts: Parts) -> Iterable[str]:
        """Each section; before the first one in another language it says so."""
        if decision.text is not None:
            return
        said = False
        for chunk in decision.sections:
            written = language
            if language not in chunk.answers:
                written = surely_written_in(chunk.text, known=language)
            if written != language and not said:
                name = name_of(written, spoken=language)
                yield phrase("in_other_language", language, name=name)
                said = True
            yield section_text(
                chunk,
                language=language,
                today=self._now().date(),
                parts=parts.get(chunk.id, ()),
            )

    def _words(self, decision: Decision, language: str) -> str:
        if decision.words is None or decision.handoff:
            return ""
        if decision.words == Want.HOURS:
            return hours_text(self._organisation, language, now=self._now())
        if decision.words == Want.IDENTITY:
            return identity_text(self._organisation, language)
        if decision.choices and decision.outcome is Outcome.CLARIFY:
            return ""  # said above the choices
        return phrase(decision.words, language)


def _names(chunks: Sequence[Chunk]) -> Iterable[str]:
    """The names of sections; before that of a part stands that of its whole."""
    for chunk in chunks:
        if chunk.whole:
            yield chunk.whole
        yield chunk.name


def _unspoken(enquiry: Enquiry, text: str | None) -> str:
    """That the reply comes in English, in the language of the message.

    Not above a ``text`` of a model's that is in that language itself.
    """
    found = enquiry.unspoken
    if found is None or enquiry.language != "en":
        return ""
    if text and (romanised_in(text) or written_in(text) == found):
        return ""
    return _notices().get(found, "")


@cache
def _notices() -> Mapping[str, str]:
    notices: Mapping[str, str] = yaml.safe_load(NOTICES.read_text("utf-8"))
    return notices


def offered_as(chunks: Iterable[Chunk], *languages: str) -> list[str]:
    """The questions that sections are offered by, in the first language with one."""
    return list(dict.fromkeys(_question(chunk, languages) for chunk in chunks))


def _question(chunk: Chunk, languages: Sequence[str]) -> str:
    asks = chunk.heading.rstrip().endswith(QUESTION_MARKS)
    alone = asks or chunk.heading == chunk.title
    own = chunk.heading if alone else f"{chunk.title}: {chunk.heading}"
    if languages[0] == "en":
        return own if asks else chunk.ask_in("en") or own
    named = (chunk.ask_in(language) for language in languages)
    return next((ask for ask in named if ask), own)


def _offer(decision: Decision, choices: Sequence[str], language: str) -> str:
    """What can be asked next; choices that the text names itself are not repeated."""
    if not decision.choices:
        return ""
    beside = decision.outcome is not Outcome.CLARIFY
    words = "also_asked" if beside else decision.words or "do_you_mean"
    listed = numbered(choices)[len(decision.shown) :]
    return "\n".join((phrase(words, language), *listed))
