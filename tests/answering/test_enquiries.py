"""What students ask finds the documents that answer it.

The documents of each question were written down, and read by somebody else, before
anything had been searched. ``enquiry`` is the number of the enquiry in a collection of
real ones, for whoever has it.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.answering import enquiry as enquiries
from bot.answering.assembly import Answering
from bot.answering.store.folders import EmbeddedStore
from bot.answering.encoding.encoder import Encoder
from bot.answering.retrieval.library import IndexLibrary
from bot.answering.passages import Query
from bot.answering.retriever import search_index
from bot.answering.understanding import language_of
from bot.phrases import languages
from bot.conversations.ports import Outcome
from tests.support.answering import ask
from tests.support.clock import Clock

PROJECT = Path(__file__).parents[2]
FIRST = 5
ENOUGH = 0.95


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


def test_a_document_that_answers_is_among_the_first_five(
    project_data: Path, encoder: Encoder
) -> None:
    missed = _missed(project_data, encoder, ENGLISH)
    assert len(missed) <= (1 - ENOUGH) * len(ENGLISH), missed


def test_so_it_is_for_the_words_of_real_enquiries(
    project_data: Path, encoder: Encoder, shared_dir: Path
) -> None:
    lines = (shared_dir / "evals/enquiries/questions.jsonl").read_text().splitlines()
    asked = {row["id"]: row["turns"][-1] for row in map(json.loads, lines)}
    real = [
        enquiry._replace(question=asked[enquiry.number])
        for enquiry in ENGLISH
        if enquiry.number
    ]
    missed = _missed(project_data, encoder, real)
    assert len(missed) <= (1 - ENOUGH) * len(real), missed


async def test_so_it_is_over_all_languages(project: Answering) -> None:
    """Of those that no catalogue has, one or two may be missed."""
    missed = [
        enquiry.question
        for enquiry in (*ENGLISH, *OTHERS)
        if not {*enquiry.documents}.intersection(await _first(project, enquiry))
    ]
    assert len(missed) <= (1 - ENOUGH) * len(_enquiries()), missed


@pytest.mark.parametrize("enquiry", OTHERS, ids=lambda enquiry: enquiry.number)
async def test_a_question_in_another_language_is_answered_rightly_or_declined(
    enquiry: Enquiry, project: Answering
) -> None:
    answer = await ask(project, enquiry.question)
    if answer.outcome is Outcome.ANSWER:
        assert {cited.source for cited in answer.citations} & {*enquiry.documents}


async def _first(answering: Answering, asked: Enquiry) -> list[str]:
    """The documents of the first passages that the assistant looks at."""
    spoken = language_of(asked.question, allowed=languages(), known="en")
    enquiry = enquiries.Enquiry(question=asked.question, earlier=(), language=spoken)
    found = await answering.assistant._finder.find(enquiry)
    return [passage.chunk.document for passage in found.passages[:FIRST]]


def _missed(data: Path, encoder: Encoder, enquiries: list[Enquiry]) -> list[str]:
    store = EmbeddedStore(data / "index")
    index = IndexLibrary(store, embedding_model=encoder.name).index()
    return [
        enquiry.question
        for enquiry in enquiries
        if not {*enquiry.documents}
        & {
            passage.chunk.document
            for passage in search_index(
                index,
                Query(text=enquiry.question),
                encoder.embed([enquiry.question]),
                today=Clock()().date(),
                limit=FIRST,
            )
        }
    ]
