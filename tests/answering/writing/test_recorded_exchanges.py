"""Replies of a capable model to real prompts: the check lets good ones through.

``tests/evals/exchanges`` holds what a model that saw nothing but the prompt wrote, to
messages of conversations and enquiries in many languages; ``again`` is what it wrote
when its reply was sent back, or when it was given what it looked for.
"""

from bot.answering.writing.model_reply import ModelOutcome
from tests.support.exchanges import PROMPT, exchanges, reasons

EXCHANGES = exchanges()
# What the prompt was when they were recorded; with another one they are stale.
RECORDED_WITH = "answer-2"


def test_they_were_recorded_with_this_prompt() -> None:
    assert PROMPT.version == RECORDED_WITH, "record the exchanges anew"


def test_there_are_many_in_many_languages() -> None:
    assert len(EXCHANGES) >= 170
    assert len({one["language"] for one in EXCHANGES}) >= 8
    assert len({one["id"] for one in EXCHANGES}) == len(EXCHANGES)


def test_few_replies_of_a_capable_model_are_sent_back() -> None:
    sent_back = {one["id"]: reasons(one) for one in EXCHANGES}
    told = {number: why for number, why in sent_back.items() if why}
    assert len(told) <= 0.02 * len(EXCHANGES), told


def test_no_reply_with_another_figure_is_let_through() -> None:
    answers = [
        one for one in EXCHANGES if one["reply"]["outcome"] == ModelOutcome.ANSWER
    ]
    assert len(answers) > 100
    for one in answers:
        first, *others = one["reply"]["sentences"]
        changed = {**first, "text": f"{first['text']} (79,431 €)"}
        reply = {**one["reply"], "sentences": [changed, *others]}
        why = reasons({**one, "reply": reply})
        assert any("a figure" in reason for reason in why), one["id"]
