"""The decision to answer rests on the evidence and on nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.chunks import Sentence, SentenceKind
from bot.answering.evidence import LOOKED_AT, calibration, confidence, signals
from bot.answering.passages import NEARLY_ASKED
from tests.support.passages import chunk, passage

PART = st.floats(-1, 1)
CHUNK = chunk()


def test_without_passages_every_signal_is_0_and_nothing_is_answered() -> None:
    assert set(signals([]).values()) == {0.0}
    assert confidence([]) < calibration().threshold


def test_strong_evidence_is_answered_and_weak_evidence_is_not() -> None:
    strong = passage(CHUNK, scores=[0.9], context=0.8, coverage=1.0)
    weak = passage(CHUNK, scores=[0.1], context=0.1, coverage=0.0)

    assert confidence([strong]) > 0.9
    assert confidence([weak]) < calibration().threshold


def test_each_signal_is_the_best_of_what_it_looks_at() -> None:
    found = signals(
        [
            passage(chunk("One. Two."), scores=[0.2, 0.3], context=0.3, coverage=0.1),
            passage(CHUNK, scores=[0.8], context=0.6, coverage=0.2),
            passage(CHUNK, scores=[0.1], context=0.1, coverage=0.9),
        ]
    )

    assert found == {"sentence": 0.8, "first": 0.3, "context": 0.6, "coverage": 0.9}


def test_a_message_that_says_little_is_judged_by_its_context() -> None:
    sentences = chunk("One. Two.").sentences
    short, long = (
        replace(
            passage(chunk("One. Two."), scores=[0.1] * len(sentences), coverage=0.0),
            context_scores=(0.9,) * len(sentences),
            substance=substance,
        )
        for substance in (0.0, 1.0)
    )

    assert signals([short])["sentence"] == signals([short])["first"] == 0.9
    assert signals([short])["coverage"] == 1.0
    assert signals([long])["sentence"] == signals([long])["first"] == 0.1
    assert signals([long])["coverage"] == 0.0
    assert confidence([long]) < confidence([short])


def test_a_heading_that_asks_nearly_the_same_is_evidence() -> None:
    def best(heading: str, score: float) -> float:
        asked = Sentence(heading, SentenceKind.HEADING)
        found = chunk("One.", sentences=(asked, Sentence("One.")))
        return signals([passage(found, scores=[score, 0.3])])["sentence"]

    assert best("What does it cost?", 0.9) == 0.9
    assert best("يكلف كم؟", 0.9) == 0.9
    assert best("What does it cost?", NEARLY_ASKED - 0.01) == 0.3
    assert best("Costs", 0.9) == 0.3


def test_a_heading_counts_no_more_than_the_message_that_it_repeats() -> None:
    asked = Sentence("What does it cost?", SentenceKind.HEADING)
    found = passage(
        chunk("One.", sentences=(asked, Sentence("One."))),
        scores=[1.0, 0.3],
        substance=0.1,
    )
    little = replace(found, context_scores=(0.2, 0.2))
    assert signals([little])["sentence"] == pytest.approx(0.1 * 1.0 + 0.9 * 0.2)


def test_only_the_first_passages_count_for_coverage_and_context() -> None:
    first = [passage(CHUNK, scores=[0.2]) for _ in range(LOOKED_AT)]
    last = passage(CHUNK, scores=[0.1], context=1.0, coverage=1.0)

    assert signals([*first, last]) == signals(first)


def test_a_passage_without_sentences_is_no_error() -> None:
    assert signals([passage(chunk("", sentences=[]))])["sentence"] == 0.0


def test_the_weights_belong_to_the_signals() -> None:
    model = calibration()

    assert set(model.weights) == set(signals([]))
    assert 0 < model.threshold < 1


@given(PART, PART, st.floats(0, 1))
def test_confidence_is_a_probability(
    sentence: float, context: float, coverage: float
) -> None:
    found = passage(CHUNK, scores=[sentence], context=context, coverage=coverage)

    assert 0 < confidence([found]) < 1


@given(PART, PART)
def test_a_nearer_sentence_never_lowers_confidence(one: float, two: float) -> None:
    far, near = sorted((one, two))

    assert confidence([passage(CHUNK, scores=[far])]) <= confidence(
        [passage(CHUNK, scores=[near])]
    )
