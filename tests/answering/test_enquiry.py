"""What of a conversation a question is read with."""

from bot.answering.enquiry import Enquiry
from bot.answering.history import LONGEST_QUESTION, shortened
from bot.phrases import phrase
from bot.conversations.ports import Author, Turn

REFUSAL = Turn(Author.BOT, f"Hello! {phrase('no_answer', 'en')}")
ANSWER = Turn(Author.BOT, "Six weeks.")


def said(text: str) -> Turn:
    return Turn(Author.CONTACT, text)


def texts(*turns: Turn) -> tuple[str, ...]:
    return Enquiry(question="now", earlier=turns, language="en").contact_texts


def test_questions_are_kept_in_their_order() -> None:
    earlier = (said("visa?"), ANSWER, said("rooms?"), said("fees?"), ANSWER)
    assert texts(*earlier) == ("visa?", "rooms?", "fees?")


def test_greetings_and_staff_say_nothing() -> None:
    staff = Turn(Author.STAFF, "Ana here.")
    assert texts(said("hello"), ANSWER, said("visa?"), staff) == ("visa?",)


def test_what_was_refused_earlier_is_left_out() -> None:
    earlier = (said("weather?"), REFUSAL, said("visa for germany?"), ANSWER)
    assert texts(*earlier) == ("visa for germany?",)


def test_what_was_refused_just_before_may_be_the_same_in_other_words() -> None:
    earlier = (said("visa for germany?"), ANSWER, said("blocked acc needed?"), REFUSAL)
    assert texts(*earlier) == ("visa for germany?", "blocked acc needed?")


def test_a_country_completes_the_word_before_it_and_nothing_else_does() -> None:
    earlier = (said("visa"), ANSWER)
    asked = Enquiry(question="australia", earlier=earlier, language="en").asked
    assert asked == "visa australia"
    for before, question in (
        ("yes", "who is covered?"),
        ("is it free there", "canada"),
    ):
        turns = (said(before), ANSWER)
        enquiry = Enquiry(question=question, earlier=turns, language="en")
        assert enquiry.asked == question


def test_of_a_very_long_message_the_beginning_and_the_end_are_searched() -> None:
    story = "I have finished school. " + "My father said so. " * 200
    text = shortened(f"{story}What does a visa for Germany cost?")
    assert len(text) <= LONGEST_QUESTION + 1
    assert text.startswith("I have finished school.")
    assert text.endswith("said so. What does a visa for Germany cost?")
    assert shortened("visa?") == "visa?"
    assert len(shortened("x" * 5000)) == LONGEST_QUESTION + 1
