"""A sentence that asks two things is cut where words join, in every language."""

import pytest

from bot.answering.understanding.joined import apart


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Can I work in Canada or the UK?",
            ("can i work in canada or the canada?", "can i work in uk or the uk?"),
        ),
        (
            "What is the fee, and how long does it take?",
            ("What is the fee", "how long does it take?"),
        ),
        ("cuánto cuesta y cuánto dura", ("cuánto cuesta", "cuánto dura")),
        ("费用多少，需要多长时间", ("费用多少", "需要多长时间")),
        ("费用多少和需要多长时间", ("费用多少", "需要多长时间")),
        ("ما هي الرسوم وكم المدة", ("ما هي الرسوم", "كم المدة")),
        ("फीस कितनी है और कब तक", ("फीस कितनी है", "कब तक")),
        ("fees kitni hai aur kab tak", ("fees kitni hai", "kab tak")),
    ],
)
def test_two_questions_in_a_sentence_are_told_apart(
    text: str, parts: tuple[str, ...]
) -> None:
    assert apart(text) == parts


@pytest.mark.parametrize(
    "text",
    ["my wife and kids", "How much does it cost?", "random band sandy", "and", "费用"],
)
def test_what_asks_one_thing_stays_whole(text: str) -> None:
    assert apart(text) == ()


def test_it_is_cut_where_both_sides_are_most_alike() -> None:
    text = "I have a wife and a child and can they both come with me"
    first, second = apart(text)
    assert (first, second) == (
        "I have a wife and a child",
        "can they both come with me",
    )


def test_several_countries_are_asked_for_each_in_their_order() -> None:
    found = apart("uk, canada and aus: which visa is cheaper?")
    assert [one.split(",")[0] for one in found] == ["uk", "canada", "aus"]
