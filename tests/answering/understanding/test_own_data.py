"""Who asks for their data, or to be forgotten, is understood, and nobody else."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.answering.encoding.encoder import Encoder
from bot.answering.understanding import own_data
from bot.answering.understanding.intents import load
from bot.answering.understanding.own_data import (
    LABELS,
    WISHES,
    OwnDataWishes,
    examples,
    fit,
    save,
    sum_of_examples,
)
from bot.answering.understanding.reader import Reader
from bot.conversations.ports import Author, Outcome, OwnData, Turn
from bot.errors import IndexUnavailableError
from bot.phrases import languages, phrase

HELD = Path(__file__).with_name("own_data_held.yaml")
LABEL_OF: dict[OwnData | None, str] = {
    **dict(zip(WISHES, LABELS, strict=False)),
    None: LABELS[-1],
}


@pytest.fixture(scope="module")
def wishes() -> OwnDataWishes:
    """Those that come with the program."""
    return own_data.load()


@pytest.fixture(scope="module")
def reader(encoder: Encoder, wishes: OwnDataWishes) -> Reader:
    return Reader(encoder, load(), languages=languages(), own_data=wishes)


def test_what_is_fitted_is_what_is_shipped(
    wishes: OwnDataWishes, encoder: Encoder
) -> None:
    assert wishes.examples_sum == sum_of_examples()
    assert wishes.encoder == encoder.name


def test_every_language_has_examples_and_messages_to_measure_with() -> None:
    for file in (own_data.EXAMPLES, HELD):
        found = yaml.safe_load(file.read_text("utf-8"))
        assert set(found) == set(LABELS)
        for label in LABELS:
            assert set(found[label]) == set(languages()), (file, label)


def test_nothing_is_measured_with_that_was_fitted_on() -> None:
    fitted = {text.casefold() for _, text in examples()}
    assert not [text for _, text in held() if text.casefold() in fitted]


def test_nine_of_ten_wishes_are_heard_and_nothing_else_is_taken_for_one(
    wishes: OwnDataWishes, encoder: Encoder
) -> None:
    texts = held()
    vectors = encoder.queries([text for _, text in texts])
    found = [LABEL_OF[wishes.read(vector[np.newaxis])] for vector in vectors]
    wrong = [
        (label, read, text)
        for (label, text), read in zip(texts, found, strict=True)
        if read not in {label, LABELS[-1]}
    ]
    heard = Counter(
        label for (label, _), read in zip(texts, found, strict=True) if label == read
    )
    counts = Counter(label for label, _ in texts)

    assert wrong == []
    assert heard["erase"] / counts["erase"] >= 0.85
    assert heard["copy"] / counts["copy"] >= 0.85


@pytest.mark.parametrize("language", languages())
def test_what_the_notice_tells_to_write_is_understood(
    reader: Reader, language: str
) -> None:
    asked, wanted = own_words(phrase("own_data_notice", language))
    assert reader.read(asked).own_data is OwnData.COPY, asked
    assert reader.read(wanted).own_data is OwnData.ERASE, wanted


def test_a_yes_is_asked_again_and_a_no_leaves_everything(reader: Reader) -> None:
    question = Turn(
        Author.BOT,
        "Shall we erase everything?",
        choices=(phrase("own_data_word", "en"),),
        outcome=Outcome.CLARIFY,
        language="en",
    )
    assert reader.read("yes", earlier=[question]).own_data is OwnData.ERASE
    assert reader.read("1", earlier=[question]).own_data is OwnData.ERASE
    assert reader.read("no", earlier=[question]).own_data is OwnData.LEAVE
    assert reader.read("What is the fee?", earlier=[question]).own_data is None


def test_a_wish_among_other_sentences_is_heard(reader: Reader) -> None:
    said = "Thanks for the help. I have decided against it. Please delete all my data."
    assert reader.read(said).own_data is OwnData.ERASE


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "own_data.npz"
    broken.write_bytes(b"no")
    with pytest.raises(IndexUnavailableError, match="run python -m bot calibrate"):
        own_data.load(broken)


def test_fitting_again_hears_the_same(
    wishes: OwnDataWishes, encoder: Encoder, tmp_path: Path
) -> None:
    file = tmp_path / "own_data.npz"
    save(fit(load(), encoder), file)
    vectors = encoder.queries(["please delete all my data", "what is the fee?"])
    again = own_data.load(file).scores(vectors)
    assert np.allclose(again, wishes.scores(vectors), atol=0.05)


def held() -> list[tuple[str, str]]:
    found = yaml.safe_load(HELD.read_text("utf-8"))
    return [
        (label, text)
        for label in LABELS
        for texts in found[label].values()
        for text in texts
    ]


def own_words(sentence: str) -> list[str]:
    """What stands between quotation marks."""
    marks = '"“”„«»'
    for mark in marks:
        sentence = sentence.replace(mark, '"')
    return [part.strip() for part in sentence.split('"')[1::2]]
