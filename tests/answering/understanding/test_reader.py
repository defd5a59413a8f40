"""A message is read once: what it wants, what it asks, what it goes on with."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.enquiry import Enquiry
from bot.answering.understanding.examples import Want
from bot.answering.understanding.intents import load
from bot.answering.understanding.reader import Reader
from bot.conversations.ports import Author, Outcome, Turn

CHOICES = ("What does the visa cost?", "How long does the visa take?")
ASKED = Turn(Author.BOT, "Which?", CHOICES, Outcome.CLARIFY)
TOLD = Turn(Author.BOT, "24 hours.", outcome=Outcome.ANSWER, sections=("a.md#Working",))


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> Reader:
    return Reader(encoder, load(), languages=["en", "es", "fr", "hi", "zh"])


def said(text: str) -> Turn:
    return Turn(Author.CONTACT, text)


def asked(enquiry: Enquiry) -> list[str]:
    return [query.text for query in enquiry.queries]


def test_a_question_is_looked_up_by_its_words_and_their_meaning(
    reader: Reader, encoder: Encoder
) -> None:
    text = "How long does a student visa take?"
    enquiry = reader.read(text)
    (query,) = enquiry.queries
    assert enquiry.wants == Want.NONE
    assert query.text == text
    assert np.allclose(query.vector, encoder.queries([text])[0], atol=1e-4)
    assert (query.before, query.told, query.declined) == ((), (), frozenset())


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("I want to talk to a person. How much is the student visa?", Want.PERSON),
        ("please call me. what does the visa cost for Germany?", Want.CALL),
    ],
)
def test_a_wish_and_a_question_are_both_heard(
    text: str, wants: Want, reader: Reader
) -> None:
    enquiry = reader.read(text)
    assert enquiry.wants == wants
    assert enquiry.also_asks
    assert asked(enquiry) == [text.partition(". ")[2]]


def test_a_wish_alone_asks_nothing(reader: Reader) -> None:
    enquiry = reader.read("can I talk to a person please")
    assert enquiry.wants == Want.PERSON
    assert not enquiry.also_asks


def test_thanks_and_greetings_around_a_question_are_left_out(reader: Reader) -> None:
    enquiry = reader.read("Thank you so much! And what does the student visa cost?")
    assert enquiry.wants == Want.NONE
    assert asked(enquiry) == ["And what does the student visa cost?"]


def test_two_questions_are_looked_up_apart(reader: Reader) -> None:
    enquiry = reader.read("What does the visa cost? How long does it take to get?")
    assert asked(enquiry) == [
        "What does the visa cost?",
        "How long does it take to get?",
    ]
    first, second = enquiry.queries
    assert first.said == ()
    assert second.said == (first.text,)
    assert np.array_equal(second.before[0], first.vector)


def test_of_more_than_two_questions_the_others_are_counted(reader: Reader) -> None:
    text = "What does it cost? How long does it take? May I work? What must I bring?"
    enquiry = reader.read(text)
    assert asked(enquiry) == ["What does it cost?", "How long does it take?"]
    assert enquiry.unread == 2


def test_what_is_said_around_a_question_stays_with_it(reader: Reader) -> None:
    text = "My exam is in April and I am nervous. How long does a student visa take?"
    assert asked(reader.read(text)) == [text]


@pytest.mark.parametrize(
    "text",
    ["i want to die", "visa refused. i want to die. how much is a new one?",
     "मैं मरना चाहता हूँ"],
)  # fmt: skip
def test_danger_comes_before_everything_else(text: str, reader: Reader) -> None:
    enquiry = reader.read(text)
    assert (enquiry.wants, enquiry.sure) == (Want.DISTRESS, 1.0)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_message_without_a_character_wants_nothing(text: str, reader: Reader) -> None:
    enquiry = reader.read(text)
    assert (enquiry.wants, enquiry.text) == (Want.NONE, "")


@pytest.mark.parametrize("text", ["2", "the second one", CHOICES[1], "how long"])
def test_a_pick_is_looked_up_as_what_was_picked(text: str, reader: Reader) -> None:
    enquiry = reader.read(text, earlier=[said("visa"), ASKED])
    assert enquiry.picked == CHOICES[1]
    assert asked(enquiry) == [CHOICES[1]]
    assert enquiry.wants == Want.NONE
    assert enquiry.understood == {}


def test_a_pick_stands_for_what_was_picked_in_later_turns(
    reader: Reader, encoder: Encoder
) -> None:
    earlier = [said("visa"), ASKED, said("2"), TOLD]
    (query,) = reader.read("and in Canada?", earlier=earlier).queries
    assert query.said[-1] == CHOICES[1]
    assert np.allclose(query.before[0], encoder.queries([CHOICES[1]])[0], atol=1e-4)
    assert len(query.before) == 2


def test_what_the_bot_told_is_known_and_what_it_said_is_not_read(
    reader: Reader,
) -> None:
    older = Turn(Author.BOT, "x", outcome=Outcome.ANSWER, sections=("b.md#Fees",))
    earlier = [said("fees?"), older, said("work?"), TOLD, Turn(Author.STAFF, "Hi")]
    (query,) = reader.read("and after that?", earlier=earlier).queries
    assert query.told == ("a.md#Working",)
    assert query.told_before == {"b.md#Fees"}
    assert len(query.before) == 2


def test_a_no_to_what_was_offered_looks_further_for_what_was_asked(
    reader: Reader,
) -> None:
    names = {CHOICES[0]: "a.md#Cost", CHOICES[1]: "a.md#Time"}
    enquiry = reader.read(
        "none of these", earlier=[said("visa"), ASKED], section_asked_by=names.get
    )
    assert enquiry.declines
    (query,) = enquiry.queries
    assert query.text == "visa"
    assert query.declined == {"a.md#Cost", "a.md#Time"}
    assert query.before == ()


def test_a_yes_to_a_person_is_heard(reader: Reader) -> None:
    refused = Turn(Author.BOT, "I don't have that.", outcome=Outcome.NO_ANSWER)
    assert reader.read("yes please", earlier=[said("?"), refused]).accepts_person
    assert not reader.read("yes please", earlier=[said("?"), TOLD]).accepts_person


def test_countries_that_are_named_and_the_one_that_is_remembered_are_kept_apart(
    reader: Reader,
) -> None:
    facts = {"destination": "Germany"}
    (query,) = reader.read("What does the visa cost?", facts=facts).queries
    assert query.named == frozenset()
    assert query.remembered == {"germany"}
    (query,) = reader.read("What does a UK visa cost?", facts=facts).queries
    assert query.named == {"uk"}
    (query,) = reader.read("And in Ireland?", facts=facts).queries
    assert query.named == query.remembered == frozenset({"ireland"})
    (query,) = reader.read("I am from Ghana. What does it cost?", facts={}).queries
    assert (query.named, query.remembered) == (frozenset(), frozenset())


def test_the_last_question_is_also_asked_of_the_country_that_is_named(
    reader: Reader, encoder: Encoder
) -> None:
    earlier = [said("What does a visa for Canada cost?"), TOLD]
    (query,) = reader.read("and for Germany?", earlier=earlier).queries
    expected = encoder.queries(["what does a visa for germany cost?"])[0]
    assert query.moved is not None
    assert np.allclose(query.moved, expected, atol=1e-4)
    (query,) = reader.read("and how long?", earlier=earlier).queries
    assert query.moved is None


def test_without_a_memory_the_conversation_tells_the_plans(reader: Reader) -> None:
    earlier = [said("I want to study in Germany"), TOLD]
    assert plans(reader, earlier, None) == {"destination": "Germany", "level": "PhD"}
    assert plans(reader, earlier, {}) == {"level": "PhD"}
    canada = {"destination": "Canada"}
    assert plans(reader, earlier, canada) == {"destination": "Canada", "level": "PhD"}


def plans(
    reader: Reader, earlier: Sequence[Turn], facts: dict[str, str] | None
) -> dict[str, str]:
    enquiry = reader.read("a PhD?", earlier=earlier, facts=facts)
    assert enquiry.understood == {"level": "PhD"}
    return dict(enquiry.facts)


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("¿Cuánto cuesta el visado de estudiante?", None, "es"),
        ("छात्र वीज़ा की फीस कितनी है?", "en", "hi"),
        ("学生签证多少钱？", "en", "zh"),
        ("ok", "fr", "fr"),
        ("How much does the student visa cost?", "fr", "en"),
        ("Сколько стоит виза?", "es", "es"),
    ],
)
def test_the_language_is_the_messages_or_the_one_that_is_known(
    text: str, known: str | None, language: str, reader: Reader
) -> None:
    assert reader.read(text, language=known).language == language


def test_hindi_in_latin_letters_is_taken_for_no_other_language(reader: Reader) -> None:
    for text in ("bhai canada ka visa kitne din me aata hai", "aur fees kitni lagegi"):
        assert reader.read(text).language == "en"
    assert reader.read("mujhe ielts ke bina admission milega kya").romanised


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Almanya'da öğrenci vizesi ne kadar sürüyor acaba?", "tr"),
        ("Сколько стоит студенческая виза в Канаду?", "ru"),
        ("How long does a student visa take?", None),
        ("¿Cuánto cuesta la visa de estudiante?", None),
    ],
)
def test_a_language_in_which_nothing_is_said_is_known_the_first_time(
    text: str, language: str | None, reader: Reader
) -> None:
    assert reader.read(text).unspoken == language
    again = reader.read(text, earlier=[Turn(Author.CONTACT, text)])
    assert again.unspoken is None


def test_without_a_known_language_it_is_the_one_that_the_bot_wrote_in(
    reader: Reader,
) -> None:
    spanish = Turn(Author.BOT, "Hola", outcome=Outcome.ANSWER, language="es")
    assert reader.read("ok", earlier=[said("hola"), spanish]).language == "es"
    assert reader.read("ok", earlier=[spanish], language="fr").language == "fr"


def test_a_pick_keeps_the_language_of_the_conversation(reader: Reader) -> None:
    enquiry = reader.read(CHOICES[1], earlier=[said("?"), ASKED], language="es")
    assert enquiry.language == "es"


def test_a_message_that_was_read_before_is_not_encoded_again(
    encoder: Encoder,
) -> None:
    reader = Reader(encoder, load(), languages=["en"])
    earlier = [said("What does the visa cost?"), TOLD]
    first = reader.read("and how long?", earlier=earlier).queries[0]
    again = reader.read("and how long?", earlier=earlier).queries[0]
    assert again.vector is first.vector
    assert again.before[0] is first.before[0]
