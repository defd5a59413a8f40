"""A sentence keeps the conditions and denials of its source, or does not go out."""

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.checks.rules_kept import CASE, DATE, OPPOSITE, RulesKept
from bot.phrases import languages
from tests.support.conditions import broken, pairs, sent_back


@pytest.fixture(scope="module")
def kept(encoder: Encoder) -> RulesKept:
    return RulesKept(encoder.passages, languages=languages())


def test_there_are_enough_pairs_in_every_language() -> None:
    assert {one["language"] for one in pairs()} == set(languages())
    for kind in ("faithful", "wrong"):
        assert sum(len(one[kind]) for one in pairs()) >= 70


@pytest.mark.parametrize(("held", "least"), [(False, 0.85), (True, 0.8)])
def test_most_sentences_that_lose_a_condition_are_found(
    kept: RulesKept, held: bool, least: float
) -> None:
    found, of = sent_back(kept, "wrong", held=held)
    assert found >= least * of


@pytest.mark.parametrize("held", [False, True])
def test_hardly_a_faithful_sentence_is_sent_back(kept: RulesKept, held: bool) -> None:
    found, of = sent_back(kept, "faithful", held=held)
    assert found <= 0.03 * of


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        ("You cannot work on this visa.", "You can work on this visa.", OPPOSITE),
        (
            "You can't work more than 20 hours a week unless you do a PhD.",
            "You can work 20 hours a week if it is no PhD.",
            None,
        ),
        (
            "The course is free only for EU citizens.",
            "The course is free.",
            CASE,
        ),
        ("The fee is £490 from April 2027.", "The fee is £490.", DATE),
        ("The fee is £490 from April 2027.", "From April 2027 it is £490.", None),
        (
            "It is £490 a year, as of June 2026. It has been so since 1 May 2024.",
            "It is £490 a year, as of June 2026.",
            None,
        ),
        (
            "Since 1 May 2024 only students of a PhD bring family, as of April 2025.",
            "Only students of a PhD bring family, as of April 2025.",
            None,
        ),
        ("Pay at most 490 euros.", "Pay at least 490 euros.", OPPOSITE),
        ("Pay at most 490 euros.", "You pay no more than 490 euros.", None),
    ],
)
def test_what_is_found_is_told(
    kept: RulesKept, source: str, text: str, why: str | None
) -> None:
    assert broken(kept, source, text) == why


def test_a_case_may_be_named_in_another_sentence_or_by_the_contact(
    kept: RulesKept,
) -> None:
    source, text = "The course is free only for EU citizens.", "The course is free."
    said = Passage(text, "en")
    reply = f"{text} That holds for citizens of the EU."
    assert kept.broken(said, [source], reply=reply, contact="") is None
    mine = "i am a citizen of the EU"
    assert kept.broken(said, [source], reply=text, contact=mine) is None


def test_a_reviewed_translation_counts_like_the_section(kept: RulesKept) -> None:
    source = (
        "Duolingo counts.\nReviewed translation: Das Visum kostet ab April 2027 £490."
    )
    assert broken(kept, source, "Das Visum kostet £490.", "de") == DATE


def test_of_a_language_whose_small_words_are_not_known_nothing_is_said(
    kept: RulesKept,
) -> None:
    source = "You cannot work on this visa."
    assert broken(kept, source, "Вы можете работать по этой визе.", "ru") is None
