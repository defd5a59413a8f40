"""What students ask finds the documents that answer it.

The documents of each question were written down, and read by somebody else, before
anything had been searched. ``enquiry`` is the number of the enquiry in a collection of
real ones, for whoever has it.
"""

import json
from pathlib import Path
from typing import NamedTuple

from bot.answering.assembly import Answering
from bot.conversations.ports import Outcome
from tests.support.answering import ask
from tests.support.clock import Clock

PROJECT = Path(__file__).parents[2]
FIRST = 5
ENOUGH = 0.95
# Of what is answered in other languages, so much has to be from the right document.
RIGHT = 0.9


class Enquiry(NamedTuple):
    """A question, and the documents of which each answers it."""

    question: str
    documents: tuple[str, ...]
    language: str
    number: str | None


def _enquiries() -> list[Enquiry]:
    lines = (PROJECT / "tests/evals/enquiries.jsonl").read_text().splitlines()
    return [
        Enquiry(
            question=row["question"],
            documents=tuple(row["documents"]),
            language=row.get("language", "en"),
            number=row.get("enquiry"),
        )
        for row in map(json.loads, lines)
    ]


ENGLISH = [enquiry for enquiry in _enquiries() if enquiry.language == "en"]
OTHERS = [enquiry for enquiry in _enquiries() if enquiry.language != "en"]


def test_every_document_that_should_answer_is_there() -> None:
    named = {name for enquiry in _enquiries() for name in enquiry.documents}
    there = (PROJECT / "knowledge").rglob("*.md")
    assert named <= {str(path.relative_to(PROJECT / "knowledge")) for path in there}


async def test_a_document_that_answers_is_among_the_first_five(
    project: Answering,
) -> None:
    missed = await _missed(project, ENGLISH)
    assert len(missed) <= (1 - ENOUGH) * len(ENGLISH), missed


async def test_so_it_is_for_the_words_of_real_enquiries(
    project: Answering, shared_dir: Path
) -> None:
    lines = (shared_dir / "evals/enquiries/questions.jsonl").read_text().splitlines()
    asked = {row["id"]: row["turns"][-1] for row in map(json.loads, lines)}
    real = [
        enquiry._replace(question=asked[enquiry.number])
        for enquiry in ENGLISH
        if enquiry.number
    ]
    missed = await _missed(project, real)
    assert len(missed) <= (1 - ENOUGH) * len(real), missed


async def test_so_it_is_over_all_languages(project: Answering) -> None:
    """Of those that no catalogue has, one or two may be missed."""
    missed = await _missed(project, [*ENGLISH, *OTHERS])
    assert len(missed) <= (1 - ENOUGH) * len(_enquiries()), missed


async def test_what_is_answered_in_another_language_is_answered_rightly(
    project: Answering,
) -> None:
    wrong, answered = [], 0
    for enquiry in OTHERS:
        answer = await ask(project, enquiry.question)
        if answer.outcome is Outcome.ANSWER and answer.citations:
            answered += 1
            if not {one.source for one in answer.citations} & {*enquiry.documents}:
                wrong.append(enquiry.question)
    assert answered
    assert len(wrong) <= (1 - RIGHT) * answered, wrong


async def _missed(answering: Answering, enquiries: list[Enquiry]) -> list[str]:
    return [
        enquiry.question
        for enquiry in enquiries
        if not {*enquiry.documents} & {*await _first(answering, enquiry.question)}
    ]


async def _first(answering: Answering, question: str) -> list[str]:
    """The documents of the first sections that the assistant looks at."""
    enquiry = await answering.read(question)
    index, today = answering.library.index(), Clock()().date()
    return [
        hit.chunk.document
        for query in enquiry.queries
        for hit in index.search(query, today=today, limit=FIRST).hits
    ]
