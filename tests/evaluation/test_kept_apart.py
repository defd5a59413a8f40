"""What is measured with is not what was learned from."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from bot.answering.understanding.examples import shipped_examples
from bot.evaluation.dialogues import read_dialogues, read_requests
from bot.evaluation.fitting import (
    ASTRAY,
    DIALOGUES,
    FOLLOWED,
    LATER,
    UNANSWERABLE,
    VISITORS,
    elsewhere,
)
from ingest.phrasings import read_catalogues
from tests.conftest import PROJECT

SUITES = sorted(path for path in (PROJECT / "tests/evals").iterdir() if path.is_dir())
# Shorter messages ("thank you") are what everybody writes.
FEWEST_LETTERS = 20
NEARLY_THE_SAME = 90


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


@pytest.fixture(scope="module")
def learned_from() -> list[str]:
    """Every text that examples, the ranking or the catalogues are made of."""
    texts = [one.text for one in shipped_examples()]
    for file in (DIALOGUES, FOLLOWED, LATER, VISITORS):
        texts += [turn.text for one in read_dialogues(file) for turn in one.turns]
    for file in (UNANSWERABLE, ASTRAY):
        lines = file.read_text("utf-8").splitlines()
        texts += [json.loads(line)["text"] for line in lines]
    texts += [turn.text for one in elsewhere() for turn in one.turns]
    entries = read_catalogues(PROJECT / "knowledge").entries
    texts += [ask for entry in entries for ask in entry.asks]
    return sorted({_plain(text) for text in texts})


@pytest.mark.parametrize("suite", SUITES, ids=lambda path: path.name)
def test_no_message_of_a_suite_is_nearly_one_that_was_learned_from(
    suite: Path, learned_from: list[str]
) -> None:
    texts: list[str] = []
    if (suite / "dialogues.jsonl").is_file():
        dialogues = read_dialogues(suite / "dialogues.jsonl")
        texts += [turn.text for one in dialogues for turn in one.turns]
    if (suite / "requests.jsonl").is_file():
        texts += [one.text for one in read_requests(suite / "requests.jsonl")]
    assert nearly_in(learned_from, texts) == []


def test_the_evidence_is_not_fitted_on_what_is_known_to_go_astray() -> None:
    lines = ASTRAY.read_text("utf-8").splitlines()
    known = sorted({_plain(json.loads(line)["text"]) for line in lines})
    fitted = [turn.text for one in elsewhere() for turn in one.turns]
    assert nearly_in(known, fitted) == []


@pytest.mark.parametrize("file", [FOLLOWED, LATER], ids=lambda path: path.stem)
def test_the_ranking_is_not_fitted_on_what_the_encoder_learns_from(file: Path) -> None:
    learned, fitted = (
        [_plain(turn.text) for one in read_dialogues(file) for turn in one.turns]
        for file in (file, DIALOGUES)
    )
    assert nearly_in(sorted(set(learned)), fitted) == []


def nearly_in(known: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The longer texts that are nearly one of those known."""
    long = [_plain(text) for text in texts if len(text) >= FEWEST_LETTERS]
    scores = process.cdist(
        long, known, scorer=fuzz.ratio, score_cutoff=NEARLY_THE_SAME, workers=2
    )
    return [text for text, row in zip(long, scores, strict=True) if row.any()]


def test_there_are_enough_conversations_and_requests_to_measure_with() -> None:
    dialogues = [
        one
        for suite in SUITES
        if (suite / "dialogues.jsonl").is_file()
        for one in read_dialogues(suite / "dialogues.jsonl")
    ]
    requests = [
        one
        for suite in SUITES
        if (suite / "requests.jsonl").is_file()
        for one in read_requests(suite / "requests.jsonl")
    ]
    assert sum(len(one.turns) > 1 for one in dialogues) >= 60
    assert len(requests) >= 600
    assert len({one.language for one in requests}) >= 12
