"""What was offered last, and what a message picks of it or declines."""

import pytest

from bot.answering.understanding.offers import numbered, offered_in
from bot.conversations.ports import Author, Outcome, Turn

CHOICES = (
    "What does the student visa cost?",
    "How long does the visa take?",
    "Can I work with a visa?",
)
ASKED = Turn(Author.BOT, "Do you mean one of these?", CHOICES, Outcome.CLARIFY)
REFUSED = Turn(Author.BOT, "I don't have that.", outcome=Outcome.NO_ANSWER)
ONE = Turn(Author.BOT, "Do you mean this?", CHOICES[:1], Outcome.CLARIFY)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("How long does the visa take?", 1),
        ("how LONG does the visa take?", 1),
        ("2", 1),
        ("2.", 1),
        ("the second one", 1),
        ("la tercera", 2),
        ("दूसरा", 1),
        ("cost", 0),
        ("student visa", 0),
        ("work", 2),
    ],
)
def test_a_choice_is_tapped_or_picked_by_its_number_or_by_its_words(
    text: str, place: int
) -> None:
    assert offered_in([ASKED]).picked(text) == CHOICES[place]


@pytest.mark.parametrize(
    "text", ["visa", "4", "9", "12", "1 or 2", "scholarships", "", "yes", "no"]
)
def test_what_fits_several_choices_or_none_picks_nothing(text: str) -> None:
    assert offered_in([ASKED]).picked(text) is None


def test_a_yes_picks_the_only_choice() -> None:
    assert offered_in([ONE]).picked("yes") == CHOICES[0]
    assert offered_in([ONE]).picked("haan ji") == CHOICES[0]


@pytest.mark.parametrize("text", ["no", "none of these", "नहीं", "都不是", "ninguno"])
def test_choices_can_be_declined(text: str) -> None:
    assert offered_in([ASKED]).reply(text).declines
    assert not offered_in([REFUSED]).reply(text).declines


@pytest.mark.parametrize("text", ["no", "no thanks", "नहीं", "non"])
def test_a_person_who_was_offered_can_be_refused(text: str) -> None:
    assert offered_in([REFUSED]).reply(text).refuses_person
    assert not offered_in([ASKED]).reply(text).refuses_person
    assert not offered_in([]).reply(text).refuses_person


@pytest.mark.parametrize("text", ["yes", "ok", "हाँ", "sí", "是的"])
def test_a_person_who_was_offered_is_accepted_by_a_yes(text: str) -> None:
    assert offered_in([REFUSED]).reply(text).accepts_person


@pytest.mark.parametrize("text", ["no", "ok thanks, and what does it cost?", ""])
def test_anything_else_does_not_accept_a_person(text: str) -> None:
    assert not offered_in([REFUSED]).reply(text).accepts_person


@pytest.mark.parametrize(
    "earlier",
    [
        (),
        (Turn(Author.BOT, "Hello!", outcome=Outcome.ANSWER),),
        (ASKED, Turn(Author.CONTACT, "hm")),
        (REFUSED, Turn(Author.STAFF, "This is Ana. May I help?")),
        (REFUSED, Turn(Author.BOT, "You're welcome!", outcome=Outcome.ANSWER)),
        (Turn(Author.CONTACT, "I don't have that.", outcome=Outcome.NO_ANSWER),),
        (ASKED,),
    ],
    ids=["nothing", "a greeting", "contact", "staff", "older", "not the bot's",
         "choices"],
)  # fmt: skip
def test_a_yes_to_anything_else_accepts_nobody(earlier: tuple[Turn, ...]) -> None:
    assert not offered_in(earlier).reply("yes").accepts_person


def test_nothing_stands_open_once_somebody_else_has_written() -> None:
    staff = Turn(Author.STAFF, "This is Ana.")
    assert offered_in([ASKED, staff]).picked("2") is None
    assert not offered_in([ASKED, staff]).reply("no").declines


def test_choices_are_shown_with_their_numbers() -> None:
    assert numbered(["fees", "visas"]) == ["1. fees", "2. visas"]
