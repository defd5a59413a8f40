"""The few words that are understood literally: yes, no, a number, danger to life."""

import pytest

from bot.answering.understanding.words import (
    is_no,
    is_yes,
    names_danger,
    number_said,
    numbers_said,
)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes please!", "OK.", "sure 🙂", "yes\nplease", "sí", "Si, por favor",
        "oui", "D’accord", "ja, bitte", "sim", "có", "是的", "好的！", "हाँ", "हाँ।",
        "ठीक है", "haan ji", "হ্যাঁ", "نعم", "جی ہاں", "да", "evet",
    ],
)  # fmt: skip
def test_a_yes_and_nothing_else_is_a_yes(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "no", "No, thanks.", "none of these", "ninguna", "non", "nein", "não", "không",
        "都不是", "नहीं", "नहीं।", "nahi", "না", "لا", "نہیں", "нет", "hayır",
    ],
)  # fmt: skip
def test_a_no_and_nothing_else_is_a_no(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize(
    "text", ["", "?", "yes but how much", "no idea what a credit is", "yesterday", "नह"]
)
def test_whatever_says_more_is_neither(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), ("2.", 2), ("(3)", 3), ("number 2", 2), ("the second one", 2),
        ("first", 1), ("la segunda", 2), ("le premier", 1), ("der dritte", 3),
        ("第一个", 1), ("दूसरा", 2), ("दूसरा वाला", 2), ("dusra wala", 2),
        ("দ্বিতীয়টা", 2), ("الثاني", 2), ("второй", 2), ("the last one", 4),
        ("la última", 4), ("最后一个", 4), ("5", None), ("the fifth", None),
    ],
)  # fmt: skip
def test_a_short_message_names_one_of_several_by_its_number(
    text: str, number: int | None
) -> None:
    assert number_said(text, among=4) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("compare the first two", (1, 2)), ("compara las dos primeras", (1, 2)),
        ("the first and the third please", (1, 3)), ("1 vs 3", (1, 3)),
        ("compare the first and the last one", (1, 4)), ("比较第一和第三", (1, 3)),
        ("die ersten drei vergleichen", (1, 2, 3)), ("compare them", ()),
    ],
)  # fmt: skip
def test_a_message_names_several_of_a_list(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_said(text, among=4) == numbers


@pytest.mark.parametrize(
    "text",
    ["", "0", "12", "2 or 3", "the first and the second", "fees",
     "I have 2 years of experience in nursing"],
)  # fmt: skip
def test_other_figures_pick_nothing(text: str) -> None:
    assert number_said(text, among=4) is None


@pytest.mark.parametrize(
    "text",
    [
        "i want to die", "I WANT TO KILL MYSELF", "thinking about suicide again",
        "no quiero vivir más, quiero morir", "j'ai envie de mourir",
        "ich will sterben", "quero morrer", "tôi muốn chết", "我想自杀",
        "मैं मरना चाहता हूँ", "main khudkushi kar lunga", "আমি মরতে চাই",
        "اريد ان اموت", "أريد أن أموت", "میں مرنا چاہتا ہوں", "хочу умереть",
        "ölmek istiyorum", "visa refused. i want to die. how much is a new one?",
    ],
)  # fmt: skip
def test_danger_is_heard_wherever_its_words_stand(text: str) -> None:
    assert names_danger(text)


@pytest.mark.parametrize(
    "text",
    ["is there a course on suicide prevention?", "this homework is killing me",
     "my phone died", "what is the deadline?", "how do I die-cast metal?",
     "mourir de rire"],
)  # fmt: skip
def test_words_that_only_sound_like_danger_are_none(text: str) -> None:
    assert not names_danger(text)
