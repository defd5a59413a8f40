"""Why a message got the reply it got: everything that was read, found and decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Decision, Enquiry, Found, Hit
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.conversations.ports import Author, Turn
from bot.organisation import load_organisation

LIKELIEST, SIGNALS = 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSection:
    """A section, its share of the probability, and what speaks for and against it."""

    section: str
    share: float
    text: float
    asked: float
    lexical: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question that was looked up, and what was found for it."""

    question: str
    previous: str
    told: Sequence[str]
    named: Sequence[str]
    remembered: Sequence[str]
    sure: float
    near: float
    evidence: Mapping[str, float]
    sections: Sequence[FoundSection]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a message, and everything that led to it.

    ``wants`` is what it was taken to want, ``chances`` what it most likely wants and
    ``examples`` the labelled messages that are nearest to it; ``needs`` are what an
    answer and a question back need of ``sure`` and ``near``.
    """

    question: str
    earlier: Sequence[str]
    outcome: str
    reason: str
    answerer: str
    language: str
    wants: str
    chances: Mapping[str, float]
    examples: Sequence[str]
    picked: str | None
    facts: Mapping[str, str]
    generation: str | None
    needs: Mapping[str, float]
    lookups: Sequence[Lookup]
    reply: str


async def explain(
    settings: Settings,
    question: str,
    *,
    earlier: Sequence[str] = (),
    encoder: Encoder | None = None,
    clock: Clock = utc_now,
) -> Explanation:
    """Let the assistant answer earlier messages and then a question, and watch it.

    Raises:
        IndexUnavailableError: there is no index to answer from.
    """
    steps: list[tuple[Enquiry, Sequence[Found], Decision]] = []
    answering = Answering(
        settings,
        load_organisation(settings.organisation_file),
        encoder=encoder,
        clock=clock,
        watch=lambda *step: steps.append(step),
    )
    turns: list[Turn] = []
    language = None
    try:
        for text in (*earlier, question):
            answer = await answering.assistant.answer(
                text, earlier=turns, language=language
            )
            turns += [Turn(Author.CONTACT, text), answer.as_turn]
            language = answer.provenance.language
        enquiry, found, decision = steps[-1]
        return Explanation(
            question=question,
            earlier=tuple(earlier),
            outcome=decision.outcome.value,
            reason=decision.reason.value,
            answerer=decision.answerer,
            language=enquiry.language,
            wants=enquiry.wants,
            chances=_likeliest(enquiry.chances),
            examples=_nearest(answering, enquiry),
            picked=enquiry.picked,
            facts=enquiry.facts,
            generation=decision.generation,
            needs=_needs(answering),
            lookups=[_lookup(enquiry, place, one) for place, one in enumerate(found)],
            reply=turns[-1].text,
        )
    finally:
        answering.close()


def in_words(found: Explanation) -> list[str]:
    """An explanation, line by line, for an editor."""
    needs = ", ".join(f"{name} {value:.2f}" for name, value in found.needs.items())
    lines = [
        f"{found.outcome}: {found.reason} (by {found.answerer}, in {found.language})",
        f"wants {found.wants}; likeliest: {_numbers(found.chances)}",
        *(f"   like: {example}" for example in found.examples),
    ]
    if found.picked:
        lines.append(f"picked: {found.picked}")
    if found.facts:
        lines.append(f"known of the contact: {dict(found.facts)}")
    for one in found.lookups:
        lines += ["", f"looked up: {one.question}"]
        if one.previous:
            lines.append(f"   after: {one.previous}; told last: {', '.join(one.told)}")
        lines.append(f"   sure {one.sure:.2f}, near {one.near:.2f} (needed: {needs})")
        lines.append(f"   evidence: {_numbers(one.evidence)}")
        for place, section in enumerate(one.sections, start=1):
            lines.append(f"{place}. {section.section}  share {section.share:.2f}")
            lines.append(
                f"   text {section.text:.3f}, asked {section.asked:.3f}, words "
                f"{section.lexical:.1f}; {_numbers(section.signals)}"
            )
    return [*lines, "", found.reply]


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())


def _likeliest(chances: Mapping[str, float]) -> dict[str, float]:
    best = sorted(chances.items(), key=lambda pair: -pair[1])[:LIKELIEST]
    return {str(name): value for name, value in best}


def _nearest(answering: Answering, enquiry: Enquiry) -> list[str]:
    examples = answering.examples()
    return [
        f"{examples[number].want}: {examples[number].text}"
        for number in enquiry.nearest
        if number < len(examples)
    ]


def _needs(answering: Answering) -> dict[str, float]:
    weights = answering.library.index().weights
    return {"sure": weights.sure, "near": weights.near}


def _lookup(enquiry: Enquiry, place: int, found: Found) -> Lookup:
    query = enquiry.queries[place]
    return Lookup(
        question=query.text,
        previous=query.said[-1] if query.said else "",
        told=query.told,
        named=sorted(query.named),
        remembered=sorted(query.remembered),
        sure=found.sure,
        near=found.near,
        evidence=found.signals,
        sections=[_section(hit) for hit in found.hits],
    )


def _section(hit: Hit) -> FoundSection:
    signals = sorted(hit.signals.items(), key=lambda pair: -abs(pair[1]))[:SIGNALS]
    return FoundSection(
        section=hit.chunk.name,
        share=hit.share,
        text=hit.text,
        asked=hit.asked,
        lexical=hit.lexical,
        signals=dict(signals),
    )
