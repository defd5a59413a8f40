"""Lets an assistant answer under observation, and puts down what it looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from bot.answering.enquiry import Decision, Enquiry, Found, Hit
from bot.answering.retrieval.ranking import Weights
from bot.answering.understanding.examples import Example
from bot.conversations.ports import Assistant, Author, Citation, Turn
from bot.explanation import Explanation, FoundSection, Lookup

LIKELIEST, SIGNALS = 3, 6
# What was read, found and decided of a message.
Step = tuple[Enquiry, Sequence[Found], Decision]


async def explained(
    assistant: Assistant,
    question: str,
    steps: Sequence[Step],
    *,
    earlier: Sequence[str],
    examples: Sequence[Example],
    weights: Callable[[], Weights],
) -> Explanation:
    """What became of earlier messages and then a question.

    ``steps`` is where the assistant puts down each of its steps.

    Raises:
        IndexUnavailableError: there is no index to answer from.
    """
    turns: list[Turn] = []
    language = None
    for text in earlier:
        before = await assistant.answer(text, earlier=turns, language=language)
        turns += [Turn(Author.CONTACT, text), before.as_turn]
        language = before.provenance.language
    answer = await assistant.answer(question, earlier=turns, language=language)
    enquiry, found, decision = steps[-1]
    needed = weights()
    return Explanation(
        question=question,
        earlier=tuple(earlier),
        outcome=decision.outcome.value,
        reason=decision.reason.value,
        answerer=decision.answerer,
        language=enquiry.language,
        wants=enquiry.wants,
        chances=_likeliest(enquiry.chances),
        examples=_nearest(examples, enquiry),
        picked=enquiry.picked,
        facts=enquiry.facts,
        generation=decision.generation,
        needs={"sure": needed.sure, "near": needed.near},
        lookups=[_lookup(enquiry, place, one) for place, one in enumerate(found)],
        reply=answer.text,
        choices=answer.choices,
        sources=[_source(cited) for cited in answer.citations],
    )


def _source(cited: Citation) -> dict[str, object]:
    return {**asdict(cited), "as_of": cited.as_of and cited.as_of.isoformat()}


def _likeliest(chances: Mapping[str, float]) -> dict[str, float]:
    best = sorted(chances.items(), key=lambda pair: -pair[1])[:LIKELIEST]
    return {str(name): value for name, value in best}


def _nearest(examples: Sequence[Example], enquiry: Enquiry) -> list[str]:
    return [
        f"{examples[number].want}: {examples[number].text}"
        for number in enquiry.nearest
        if number < len(examples)
    ]


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
