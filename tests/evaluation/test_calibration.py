"""What is learned is fitted on labelled messages, and reads back as it was written."""

import json
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.retrieval.index import Index
from bot.answering.retrieval.ranking import FEATURES, read_weights, weights_for
from bot.answering.understanding.examples import WANTS, Example, shipped_examples
from bot.answering.understanding.intents import load
from bot.answering.understanding.reader import Reader
from bot.config import Settings
from bot.evaluation.calibration import Sample, fit, left_out, samples_of, write
from bot.evaluation.dialogues import Dialogue, Labelled
from bot.evaluation.fitting import (
    elsewhere,
    fit_everything,
    open_index,
    unanswerable,
)
from bot.evaluation.suite_samples import suite_samples

FOREIGN = (
    "who won the match last night?",
    "how do I boil an egg?",
    "what is the weather tomorrow?",
    "which phone is the best?",
    "sing me a song about the sea",
    "how tall is the tower?",
)


@pytest.fixture(scope="module")
def here(
    sample_data: Path, sample_knowledge: Path, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The index of the sample documents, in a data folder that may be written to."""
    folder = tmp_path_factory.mktemp("calibration")
    (folder / "index").symlink_to(sample_data / "index")
    return Settings(data_dir=folder, knowledge_dir=sample_knowledge)


@pytest.fixture(scope="module")
def index(here: Settings) -> Index:
    return open_index(here)


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> Reader:
    return Reader(encoder, load(), languages=["en"])


@pytest.fixture(scope="module")
def dialogues(index: Index) -> list[Dialogue]:
    """Each section asked for by its heading, after another; and foreign messages."""
    asked = [
        Labelled(
            text=f"please tell me: {chunk.heading}",
            expect="answer",
            sections=(chunk.name,),
        )
        for chunk in index.chunks
    ]
    pairs = zip(asked, [*asked[1:], asked[0]], strict=True)
    talks = [
        Dialogue(id=f"talk-{n}", language="en", turns=pair)
        for n, pair in enumerate(pairs)
    ]
    strange = [
        Dialogue(
            id=f"foreign-{n}",
            language="en",
            turns=(Labelled(text=text, expect="refuse"),),
        )
        for n, text in enumerate(FOREIGN)
    ]
    return [*talks, *strange]


@pytest.fixture(scope="module")
def samples(dialogues: list[Dialogue], index: Index, reader: Reader) -> list[Sample]:
    return samples_of(dialogues, index=index, reader=reader)


def test_most_right_sections_come_first_where_their_conversation_was_left_out(
    samples: list[Sample],
) -> None:
    outcomes = left_out(samples)
    first = [
        right
        for sample, (_, right, _) in zip(samples, outcomes, strict=True)
        if sample.answerable
    ]
    assert sum(first) / len(first) > 0.5


def test_what_was_fitted_reads_back_as_it_was_written(
    samples: list[Sample], tmp_path: Path
) -> None:
    weights = fit(samples, encoder="one")
    write(weights, tmp_path / "weights.json")

    assert read_weights(tmp_path / "weights.json") == weights
    assert set(weights.ranking) == set(FEATURES)
    assert 0 < weights.sure <= 1


def test_weights_for_another_encoder_are_those_of_the_data_folder(
    samples: list[Sample], tmp_path: Path
) -> None:
    weights = fit(samples, encoder="another")
    write(weights, tmp_path / "weights.json")

    assert weights_for("another", tmp_path) == weights
    assert weights_for("a third one", tmp_path).encoder != "a third one"


def test_a_suite_over_documents_of_its_own_gives_samples(
    here: Settings, encoder: Encoder, reader: Reader, tmp_path: Path
) -> None:
    suite = tmp_path / "boats"
    (suite / "documents").mkdir(parents=True)
    (suite / "documents/hire.md").write_text("# Hire\n\nA boat costs £12 an hour.\n")
    (suite / "documents/tides.md").write_text("# Tides\n\nHigh water is at noon.\n")
    rows = [
        {"id": "1", "turns": ["what is a boat?", "and how much is it an hour"],
         "expected": "answer", "source": "hire.md", "gold": ["A boat costs £12"]},
        {"id": "2", "turns": ["when is high water"], "expected": "answer",
         "source": "tides.md"},
        {"id": "3", "turns": ["who is the king"], "expected": "no_answer"},
    ]  # fmt: skip
    lines = "\n".join(json.dumps(row) for row in rows)
    (suite / "questions.jsonl").write_text(lines, "utf-8")

    found = suite_samples(here, suite, encoder=encoder, reader=reader)

    assert sorted(sample.answerable for sample in found) == [False, True, True]


def test_everything_is_fitted_by_one_command_and_says_how_well_it_does(
    here: Settings, dialogues: list[Dialogue]
) -> None:
    shipped = shipped_examples()
    few: list[Example] = []
    for want in WANTS:
        few += [one for one in shipped if one.want is want][:12]

    said = list(fit_everything(here, examples=few, dialogues=dialogues))

    assert f"fitting {len(few)} examples" in said[0]
    assert any("right first" in line for line in said)


def test_the_messages_without_an_answer_are_conversations_of_one() -> None:
    assert all(one.turns[0].unanswerable for one in unanswerable())


def test_of_what_nothing_is_about_only_the_last_message_has_no_answer() -> None:
    for one in elsewhere():
        *before, last = (turn.unanswerable for turn in one.turns)
        assert (any(before), last) == (False, True)
