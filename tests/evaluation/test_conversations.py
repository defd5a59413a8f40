"""Each reply of a conversation is held against the label of its message."""

from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.understanding.examples import Want
from bot.config import Settings
from bot.conversations.ports import Answer, Outcome, Provenance
from bot.conversations.states import Reason
from bot.evaluation.conversations import (
    Heard,
    Judged,
    Verdict,
    converse,
    figures,
    hear,
    request_figures,
    shares,
    verdict_of,
)
from bot.evaluation.dialogues import Dialogue, Labelled, Request
from tests.support.answering import answering_with

RIGHT, OTHER = "faq/a.md#A", "faq/b.md#B"
TOLD, OFFERED = Verdict.TOLD, Verdict.OFFERED
MISSED, WRONG = Verdict.MISSED, Verdict.WRONG


def labelled(expect: str, *sections: str, text: str = "?") -> Labelled:
    return Labelled(text=text, expect=expect, sections=sections)


def reply(
    *sections: str,
    outcome: Outcome = Outcome.ANSWER,
    handoff: str | None = None,
    answerer: str = "sections",
) -> Answer:
    return Answer(
        text="Some words.",
        outcome=Outcome.HANDOFF if handoff else outcome,
        confidence=0.5,
        handoff_reason=handoff,
        provenance=Provenance(answerer=answerer, language="en", sections=sections),
    )


def judged(
    verdict: Verdict,
    *,
    place: int = 0,
    language: str = "en",
    label: Labelled | None = None,
) -> Judged:
    return Judged(
        dialogue="one",
        language=language,
        place=place,
        labelled=label or labelled("answer", RIGHT),
        answer=reply(),
        offered=(),
        milliseconds=10.0,
        verdict=verdict,
    )


@pytest.mark.parametrize(
    ("sections", "offered", "verdict"),
    [
        ((RIGHT,), (), TOLD),
        ((OTHER, RIGHT), (), TOLD),
        ((RIGHT,), (OTHER,), TOLD),
        ((), (OTHER, RIGHT), OFFERED),
        ((OTHER,), (RIGHT,), OFFERED),
        ((OTHER,), (), WRONG),
        ((), (OTHER,), MISSED),
        ((), (), MISSED),
    ],
)
def test_a_question_is_told_offered_wrong_or_missed(
    sections: tuple[str, ...], offered: tuple[str, ...], verdict: Verdict
) -> None:
    outcome = Outcome.ANSWER if sections else Outcome.CLARIFY
    answer = reply(*sections, outcome=outcome)
    assert verdict_of(labelled("answer", RIGHT), answer, offered) is verdict


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        ("handoff", Reason.ASKED_FOR_PERSON),
        ("callback", Reason.ASKED_FOR_CALL),
        ("complaint", Reason.COMPLAINT),
        ("distress", Reason.DISTRESS),
        ("stop", Reason.ASKED_TO_STOP),
    ],
)
def test_who_asks_for_a_person_has_to_be_handed_over_for_that_reason(
    expect: str, reason: Reason
) -> None:
    label = labelled(expect, RIGHT)
    assert verdict_of(label, reply(handoff=reason)) is Verdict.RIGHT
    assert verdict_of(label, reply(RIGHT, handoff=reason)) is Verdict.RIGHT
    assert verdict_of(label, reply(handoff="something else")) is MISSED
    assert verdict_of(label, reply(RIGHT)) is MISSED


@pytest.mark.parametrize(
    ("expect", "answerer"),
    [
        ("hours", "organisation"),
        ("identity", "organisation"),
        ("programme", "programmes"),
        ("comparison", "programmes"),
    ],
)
def test_what_stands_in_no_section_is_right_from_whoever_knows_it(
    expect: str, answerer: str
) -> None:
    label = labelled(expect, RIGHT)
    assert verdict_of(label, reply(answerer=answerer)) is Verdict.RIGHT
    assert verdict_of(label, reply(RIGHT)) is TOLD
    assert verdict_of(label, reply(OTHER)) is WRONG
    assert verdict_of(label, reply(answerer="fixed")) is MISSED


@pytest.mark.parametrize("expect", ["refuse", "thanks", "greeting", "smalltalk"])
def test_where_nothing_is_to_be_told_nothing_must_be(expect: str) -> None:
    label = labelled(expect)
    not_known = reply(outcome=Outcome.NO_ANSWER)
    assert verdict_of(label, not_known) is Verdict.RIGHT
    assert verdict_of(label, reply(OTHER)) is WRONG
    assert verdict_of(label, reply(handoff=Reason.COMPLAINT)) is MISSED


def test_shares_are_of_messages_and_good_ones_are_summed() -> None:
    assert shares([]) == {"messages": 0}
    found = shares([judged(one) for one in (TOLD, OFFERED, WRONG, MISSED)])
    assert found == {
        "messages": 4,
        "good": 0.5,
        "told": 0.25,
        "offered": 0.25,
        "right": 0.0,
        "wrong": 0.25,
        "missed": 0.25,
    }


def test_figures_tell_first_questions_from_later_ones_and_languages_apart() -> None:
    found = figures(
        [
            judged(TOLD),
            judged(MISSED, place=1, language="hi"),
            judged(Verdict.RIGHT, place=2, label=labelled("refuse")),
            judged(Verdict.RIGHT, place=3, label=labelled("thanks")),
        ]
    )
    assert found["messages"] == 4
    assert found["questions"] == shares([judged(TOLD), judged(MISSED)])
    assert found["first questions"] == shares([judged(TOLD)])
    assert found["later questions"] == shares([judged(MISSED)])
    assert found["not held"] == shares([judged(Verdict.RIGHT)])
    assert found["questions by language"] == {
        "en": shares([judged(TOLD)]),
        "hi": shares([judged(MISSED)]),
    }
    assert found["words"] == 2
    assert found["latency_ms_p50"] == 10.0


@pytest.mark.parametrize(
    ("label", "taken", "also_asks", "right"),
    [
        (Want.CALL, Want.CALL, False, True),
        (Want.CALL, Want.PERSON, False, False),
        (Want.NONE, Want.NONE, False, True),
        (Want.NONE, Want.CALL, False, False),
        ((Want.CALL, Want.NONE), Want.CALL, True, True),
        ((Want.CALL, Want.NONE), Want.NONE, False, False),
    ],
)
def test_all_that_a_message_wants_has_to_be_heard(
    label: Want | tuple[Want, ...], taken: Want, also_asks: bool, right: bool
) -> None:
    request = Request(text="?", label=label, language="en")
    heard = Heard(request=request, taken=taken, also_asks=also_asks)
    assert heard.right is right


def test_figures_of_single_messages_are_by_label_and_language() -> None:
    def heard(label: Want, taken: Want, language: str = "en") -> Heard:
        request = Request(text="?", label=label, language=language)
        return Heard(request=request, taken=taken, also_asks=False)

    found = request_figures(
        [
            heard(Want.CALL, Want.CALL),
            heard(Want.CALL, Want.NONE, "hi"),
            heard(Want.NONE, Want.CALL),
            heard(Want.NONE, Want.NONE),
        ]
    )
    labels = found["labels"]
    assert isinstance(labels, dict)
    assert labels["call"] == {"messages": 2, "found": 0.5, "ordinary taken for it": 0.5}
    assert found["right"] == 0.5
    assert found["by language"] == {"en": 0.667, "hi": 0.0}


@pytest.fixture
def indexed(sample_data: Path, sample_knowledge: Path) -> Settings:
    return Settings(data_dir=sample_data, knowledge_dir=sample_knowledge)


async def test_a_conversation_is_answered_message_by_message(
    indexed: Settings, encoder: Encoder
) -> None:
    refunds = "guidance/fees.md#Refunds"
    dialogue = Dialogue(
        id="one",
        language="en",
        turns=(
            labelled("answer", refunds, text="how do I get a refund?"),
            labelled("handoff", text="can I talk to a person please"),
            labelled("thanks", text="thank you so much"),
        ),
    )
    done: list[int] = []
    with answering_with(indexed, encoder=encoder) as answering:
        found = await converse(answering, [dialogue], told=done.append)
    assert [(one.dialogue, one.place) for one in found] == [
        ("one", 0),
        ("one", 1),
        ("one", 2),
    ]
    assert done == [1]
    assert found[0].verdict in {TOLD, OFFERED}
    assert [one.verdict for one in found[1:]] == [Verdict.RIGHT, Verdict.RIGHT]
    assert found[0].first
    assert not found[1].first
    assert all(one.milliseconds > 0 for one in found)


async def test_single_messages_are_heard(indexed: Settings, encoder: Encoder) -> None:
    requests = [
        Request(text="please call me back", label=Want.CALL, language="en"),
        Request(text="how do I get a refund?", label=Want.NONE, language="en"),
    ]
    with answering_with(indexed, encoder=encoder) as answering:
        found = await hear(answering, requests)
    assert [one.right for one in found] == [True, True]
