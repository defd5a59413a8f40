"""Labelled conversations and messages are read whole, or refused with their line."""

import json
from pathlib import Path

import pytest

from bot.answering.understanding.examples import Want
from bot.evaluation.dialogues import Labelled, read_dialogues, read_requests
from bot.evaluation.suites import SuiteError

TURN = {"text": "How long?", "expect": "answer", "sections": ["a.md#B"]}
DIALOGUE = {"id": "one", "language": "en", "turns": [TURN]}
REQUEST = {"text": "call me", "label": "call", "language": "en"}


def written(folder: Path, *lines: object) -> Path:
    """A file of JSON objects; texts are written as they are."""
    path = folder / "lines.jsonl"
    texts = (
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
        for line in lines
    )
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def with_turn(**fields: object) -> dict[str, object]:
    """A conversation whose second message has other fields."""
    return {**DIALOGUE, "turns": [TURN, {**TURN, **fields}]}


def test_conversations_are_read_with_their_labels(tmp_path: Path) -> None:
    more = with_turn(text="ok\u2028thx", expect="thanks", sections=[], must=["warm"])
    first, second = read_dialogues(written(tmp_path, DIALOGUE, "", more))
    assert (first.id, first.language) == ("one", "en")
    assert first.turns == (
        Labelled(text="How long?", expect="answer", sections=("a.md#B",)),
    )
    assert second.turns[1].text == "ok\u2028thx"
    assert second.turns[1].must == ("warm",)


def test_messages_are_read_with_one_label_or_several(tmp_path: Path) -> None:
    several = {**REQUEST, "label": ["call", "none"]}
    one, two = read_requests(written(tmp_path, REQUEST, several))
    assert one.labels == (Want.CALL,)
    assert two.labels == (Want.CALL, Want.NONE)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (with_turn(expect="joy"), r"turns\.1\.expect: .*there is no 'joy'"),
        (with_turn(section="a.md#B"), r"turns\.1\.section: Extra inputs are not"),
        (with_turn(text=""), r"turns\.1\.text: "),
        ({**DIALOGUE, "turns": []}, r"turns: "),
        ({"id": "one", "turns": [TURN]}, r"language: Field required"),
        ("{", r"not JSON: "),
        ("[]", r": Input should be "),
    ],
)
def test_a_wrong_field_of_a_conversation_is_named_with_file_and_line(
    line: object, message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, DIALOGUE, "", line)
    with pytest.raises(SuiteError, match=rf"^{path}:3: {message}"):
        read_dialogues(path)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({**REQUEST, "label": "joy"}, "label"),
        ({**REQUEST, "want": "call"}, "want"),
        ({"text": "call me", "label": "call"}, "language"),
    ],
)
def test_a_wrong_field_of_a_message_is_named_with_file_and_line(
    line: object, field: str, tmp_path: Path
) -> None:
    path = written(tmp_path, REQUEST, line)
    with pytest.raises(SuiteError, match=rf"^{path}:2: {field}"):
        read_requests(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    with pytest.raises(SuiteError, match=f"{path} cannot be read"):
        read_dialogues(path)
    path.write_bytes(b"\xff")
    with pytest.raises(SuiteError, match=f"{path} cannot be read"):
        read_requests(path)


@pytest.mark.parametrize(
    ("expect", "sections", "unanswerable"),
    [("refuse", [], True), ("refuse", ["a.md#B"], False), ("answer", [], False)],
)
def test_a_question_that_no_section_answers_is_known(
    expect: str, sections: list[str], unanswerable: bool
) -> None:
    found = Labelled(text="Why?", expect=expect, sections=tuple(sections))
    assert found.unanswerable is unanswerable


@pytest.mark.parametrize("folder", ["conversations", "enquiries"])
def test_the_projects_own_conversations_can_be_read(folder: str) -> None:
    evals = Path(__file__).parents[1] / "evals"
    assert read_dialogues(evals / folder / "dialogues.jsonl")
