"""A message is cut into its sentences, in every script, and none of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding.sentences import MOST, asks, sentences_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("How much is it?", ["How much is it?"]),
        ("Hi! How much is it? Thanks", ["Hi!", "How much is it?", "Thanks"]),
        ("IELTS 6.5 is enough? ok", ["IELTS 6.5 is enough?", "ok"]),
        ("one line\n\nanother", ["one line", "another"]),
        ("कितना खर्च होगा? मुझे बताइए।", ["कितना खर्च होगा?", "मुझे बताइए।"]),
        ("多少钱？什么时候开始？", ["多少钱？", "什么时候开始？"]),
        ("كم التكلفة؟ شكرا", ["كم التكلفة؟", "شكرا"]),
        ("کتنا خرچ ہوگا؟ شکریہ۔", ["کتنا خرچ ہوگا؟", "شکریہ۔"]),
        ("really ?! 🙂 yes", ["really ? !", "🙂 yes"]),
        ("", []),
        (" \n ", []),
    ],
)  # fmt: skip
def test_a_message_is_cut_behind_its_sentences(text: str, sentences: list[str]) -> None:
    assert list(sentences_of(text)) == sentences


@given(st.text(alphabet="ab .?!\n।？"))
def test_nothing_is_lost_and_a_message_has_a_few_parts_at_most(text: str) -> None:
    found = sentences_of(text)
    assert len(found) <= MOST
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["why?", "为什么？", "لماذا؟", "why ? tell me"])
def test_a_question_mark_of_any_script_asks(text: str) -> None:
    assert asks(text)
    assert not asks(text.translate(dict.fromkeys(map(ord, "?？؟"))))
