"""Documents of many kinds of trouble, asked about through the assistant as it is.

The files are of our own making, small, and each stands for a kind that readers of
documents get wrong. They were seen while the readers were mended, so that they hold
what was reached, and prove nothing about files that nobody has seen.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Outcome
from bot.organisation import load_organisation
from ingest.outcomes import FileOutcome, FileStatus
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.ingest.fidelity.judging import (
    FILES,
    Question,
    cases,
    misled,
    missing,
    questions,
)

# What was reached when this was written: of the questions that a file answers.
RIGHT = 0.78
RIGHT_OF_FORMAT = 0.3
FEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The files as they ended, and each question with its answer."""

    files: dict[str, FileOutcome]
    answers: list[tuple[Question, Answer]]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Asked:
    folder = tmp_path_factory.mktemp("fidelity")
    knowledge = folder / "knowledge"
    shutil.copytree(FILES, knowledge)
    card = Path(shutil.copy(PROJECT / "knowledge" / "organisation.yaml", knowledge))
    settings = Settings(knowledge_dir=knowledge, data_dir=folder / "data")
    report = sync(settings, encoder=encoder)
    answering = Answering(settings, load_organisation(card), encoder=encoder)

    async def ask() -> list[tuple[Question, Answer]]:
        return [(one, await answering.assistant.answer(one.ask)) for one in questions()]

    answers = asyncio.run(ask())
    answering.close()
    return Asked(files={file.path: file for file in report.files}, answers=answers)


def test_every_file_ends_as_it_has_to_and_keeps_no_other_from_its_end(
    asked: Asked,
) -> None:
    ends = {case["file"]: asked.files[case["file"]] for case in cases()}
    assert {
        case["file"]: ends[case["file"]].status
        for case in cases()
        if ends[case["file"]].status
        not in {case["expect_status"], case.get("also_ok", case["expect_status"])}
    } == {}
    refused = [case for case in cases() if ends[case["file"]].status == "refused"]
    assert refused
    for case in refused:
        reason = str(ends[case["file"]].reason)
        assert any(words in reason for words in case["reason_contains"]), reason


def test_no_answer_tells_what_is_wrong(asked: Asked) -> None:
    assert [
        (one.file, one.ask, wrong)
        for one, answer in asked.answers
        if (wrong := misled(answer.text, one))
    ] == []


def test_answers_tell_what_is_asked_with_its_labels(
    asked: Asked, record_property: Callable[[str, object], None]
) -> None:
    known = [pair for pair in asked.answers if not pair[0].unanswerable]
    total = Counter(one.format for one, _ in known)
    right = Counter(
        one.format
        for one, answer in known
        if answer.outcome is Outcome.ANSWER and not missing(answer.text, one)
    )
    for name, number in sorted(total.items()):
        record_property(name, f"{right[name]} of {number}")
        if number >= FEWEST:
            assert right[name] >= RIGHT_OF_FORMAT * number, name
    assert right.total() >= RIGHT * total.total()


def test_a_passage_that_speaks_to_a_program_is_named_and_left_out(
    asked: Asked,
) -> None:
    file = asked.files["open-evening.html"]
    assert file.status is FileStatus.INDEXED
    assert str(file.reason).startswith("left out: line 5: instructions to a program")


def test_what_was_taken_of_a_web_page_is_known(asked: Asked) -> None:
    shares = {name: file.share for name, file in asked.files.items() if file.share}
    assert shares["guides.html"] > 0.9
    assert shares["bike-shed.html"] < 0.5
