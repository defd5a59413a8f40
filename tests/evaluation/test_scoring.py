"""Figures are what they say they are."""

from pathlib import Path

import pytest
from rich.console import Console

from bot.conversations.ports import Answer, Outcome, Provenance
from bot.errors import BotError
from bot.evaluation.report import as_object, plot, print_report
from bot.evaluation.scoring import Reply, auroc, figures, reliability
from bot.evaluation.suites import Question


def reply(
    *,
    expected: str = "answer",
    outcome: Outcome = Outcome.ANSWER,
    text: str = "It takes six weeks.",
    gold: str = "six weeks",
    ranking: tuple[str, ...] = ("right.md", "wrong.md"),
    confidence: float = 0.9,
    turns: int = 1,
    milliseconds: float = 10.0,
) -> Reply:
    return Reply(
        question=Question(
            id="q",
            turns=["How long?"] * turns,
            expected=expected,
            source="right.md",
            gold=[gold] if gold else [],
        ),
        answer=Answer(
            text=text,
            outcome=outcome,
            confidence=confidence,
            provenance=Provenance(answerer="extractive", language="en"),
        ),
        ranking=ranking,
        milliseconds=milliseconds,
    )


def test_ranks_count_documents_from_one() -> None:
    others = tuple(f"{n}.md" for n in range(20))
    found = figures(
        [
            reply(),
            reply(ranking=("wrong.md", "right.md")),
            reply(ranking=(*others[:7], "right.md")),
            reply(ranking=(*others[:10], "right.md")),
        ]
    )
    assert found["hit_at_1"] == 0.25
    assert found["hit_at_5"] == 0.5
    assert found["mrr_at_10"] == pytest.approx((1 + 1 / 2 + 1 / 8) / 4, abs=1e-4)


def test_gold_is_looked_for_in_what_is_shown() -> None:
    found = figures(
        [
            reply(),
            reply(gold="twelve months full time"),
            reply(text="Sorry, no.", outcome=Outcome.NO_ANSWER),
            reply(text="six of them", gold="Six Weeks"),
        ]
    )
    assert found["gold_recall"] == pytest.approx((1 + 0 + 0 + 0.5) / 4)
    assert found["gold_share"] == 0.25
    assert found["words"] == pytest.approx((4 + 4 + 3) / 3, abs=1e-4)


def test_decisions_are_counted_for_first_and_later_messages() -> None:
    found = figures(
        [
            reply(confidence=0.8),
            reply(outcome=Outcome.NO_ANSWER, confidence=0.2, turns=2),
            reply(expected="no_answer", confidence=0.3, turns=3),
            reply(expected="no_answer", outcome=Outcome.NO_ANSWER, confidence=0.1),
            reply(expected="clarify", outcome=Outcome.CLARIFY),
        ]
    )
    assert found["answered_when_should"] == 0.5
    assert found["answered_when_should_not"] == 0.5
    assert found["auroc"] == 0.75
    assert found["first_turns"] == {
        "answered_when_should": 1.0,
        "answered_when_should_not": 0.0,
        "auroc": 1.0,
    }
    assert found["later_turns"] == {
        "answered_when_should": 0.0,
        "answered_when_should_not": 1.0,
        "auroc": 0.0,
    }
    assert found["confusion"] == {
        "answer": {"answer": 1, "clarify": 0, "no_answer": 1, "handoff": 0},
        "clarify": {"answer": 0, "clarify": 1, "no_answer": 0, "handoff": 0},
        "no_answer": {"answer": 1, "clarify": 0, "no_answer": 1, "handoff": 0},
    }


def test_what_cannot_be_measured_is_none() -> None:
    found = figures([reply(expected="handoff", gold="")])
    assert found["hit_at_1"] is None
    assert found["gold_share"] is None
    assert found["auroc"] is None


def test_ties_count_half() -> None:
    assert auroc([0.5, 0.9], [0.5, 0.1]) == pytest.approx(0.875)
    assert auroc([], [0.1]) is None


def test_latencies_are_percentiles() -> None:
    found = figures([reply(milliseconds=float(n)) for n in range(1, 101)])
    assert found["latency_ms_p50"] == 50.5
    assert found["latency_ms_p95"] == pytest.approx(95.05)


def test_reliability_sets_confidence_against_truth() -> None:
    found = reliability(
        [
            reply(confidence=0.91),
            reply(confidence=0.99),
            reply(confidence=1.0, expected="no_answer"),
            reply(confidence=0.05, expected="no_answer"),
            reply(confidence=0.5, expected="clarify"),
        ]
    )
    assert found == [(0.05, 0, 1), (pytest.approx(0.9667, abs=1e-3), 2 / 3, 3)]


def test_the_object_and_the_table_say_the_same(tmp_path: Path) -> None:
    replies = [
        reply(),
        reply(
            expected="no_answer",
            outcome=Outcome.NO_ANSWER,
            text="Sorry, no.",
            confidence=0.1,
        ),
    ]
    found = figures(replies)
    whole = as_object("sample", found, replies)
    assert whole["suite"] == "sample"
    assert whole["questions"] == 2
    assert whole["replies"] == [
        {
            "id": "q",
            "outcome": "answer",
            "answer": "It takes six weeks.",
            "citations": [],
            "confidence": 0.9,
        },
        {
            "id": "q",
            "outcome": "no_answer",
            "answer": "Sorry, no.",
            "citations": [],
            "confidence": 0.1,
        },
    ]
    console = Console(width=100, record=True, quiet=False, file=None)
    with console.capture() as shown:
        print_report("sample", found, replies, console=console)
    text = shown.get()
    assert "sample: 2 questions" in text
    assert "right document first" in text
    assert "1.000" in text


def test_the_reliability_diagram_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "plot.png"
    plot([reply(), reply(expected="no_answer", confidence=0.1)], path)
    assert path.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(BotError, match="no answerable or unanswerable"):
        plot([reply(expected="handoff")], path)
