"""A message that completes or mends a question is asked as that question."""

import pytest

from bot.answering.assembly import Answering
from bot.answering.completing import asked_in, completed, intent_behind
from bot.answering.understanding import Intent
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask


@pytest.mark.parametrize(
    ("question", "text", "whole"),
    [
        (
            "how much is the visa for the UK",
            "and Canada?",
            "how much is the visa for the Canada",
        ),
        ("how much is the visa", "what about germany", "how much is the visa germany"),
        (
            "can I bring my wife",
            "its uk, mba",
            "can i bring my wife united kingdom master's",
        ),
        ("masters fees in canada", "and for a phd?", "phd fees in canada"),
        ("cuánto cuesta la visa", "¿y en Canadá?", "cuánto cuesta la visa canada"),
        (
            "combien coûte le visa",
            "et pour le Canada ?",
            "combien coûte le visa canada",
        ),
        ("quanto custa o visto", "e no Canadá?", "quanto custa o visto canada"),
        ("वीज़ा की फीस कितनी है", "और कनाडा में?", "वीजा की फीस कितनी है canada"),
        ("ভিসা ফি কত", "আর কানাডায়?", "ভিসা ফি কত canada"),
        ("ویزا فیس کتنی ہے", "اور کینیڈا میں؟", "ویزا فیس کتنی ہے canada"),
        ("كم رسوم التأشيرة", "وفي كندا؟", "كم رسوم التاشيره canada"),
        ("签证费多少", "那加拿大呢？", "签证费多少 canada"),
        ("phí visa bao nhiêu", "còn Canada thì sao?", "phí visa bao nhiêu canada"),
        (
            "how much money to show for canada",
            "what about quebec",
            "how much money to show for canada quebec",
        ),
        ("rent in uk", "and in munich?", "rent in germany munich"),
    ],
)
def test_a_country_or_a_level_completes_the_question(
    question: str, text: str, whole: str
) -> None:
    assert (completed(text, question) or "").casefold() == whole.casefold()


@pytest.mark.parametrize(
    ("question", "text", "whole"),
    [
        (
            "my budget is 10 lakh is it enough",
            "sorry, 20 lakh",
            "my budget is 20 lakh is it enough",
        ),
        ("ielts 6.5 enough?", "sorry 6", "ielts 6 enough?"),
        ("cuánto por 2 personas", "perdón, 3 personas", "cuánto por 3 personas"),
        ("visa fee for uk", "sorry, not uk but canada", "visa fee for Canada"),
        (
            "how many hours can i work in germany",
            "sorry i meant canada",
            "how many hours can i work in Canada",
        ),
        (
            "how much money with 1 kid",
            "2 kids actually",
            "how much money with 2 kid",
        ),
        (
            "is there an age limit, i am 34",
            "im 36 sorry",
            "is there an age limit, i am 36",
        ),
    ],
)
def test_what_is_said_anew_mends_the_question(
    question: str, text: str, whole: str
) -> None:
    assert (completed(text, question) or "").casefold() == whole.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "and how much is the visa for Canada?",
        "can my wife work in Canada",
        "sorry, how much was it?",
        "what does it actually cost",
        "sorry for the late reply, my exams were last week and I was busy",
        "is it online?",
        "how much",
        "ok",
        "and the deadline?",
        "sorry",
        "wait",
        "不好意思，我看不懂",
        "perdón, gracias",
        "sorry i want a person",
        "sorry you are useless",
        "actually my father died",
        "sorry call me at 9876543210",
        "sorry, not uk",
        "no, not canada",
        "sorry not wife, my brother",
        "i mean after graduation",
        "actually never mind",
    ],
)
def test_a_message_that_asks_by_itself_stays_alone(text: str) -> None:
    assert completed(text, "how much is the visa for the UK") is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Is Germany cheaper than the UK?", "and Canada?"),
        ("i finished my bachelors in germany, can i do masters in uk", "and canada?"),
        ("with 1 kid and 2 cats", "sorry, 3 dogs"),
    ],
)
def test_what_could_take_the_place_of_several_completes_nothing(
    question: str, text: str
) -> None:
    assert completed(text, question) is None


@pytest.mark.parametrize(
    ("question", "text", "whole"),
    [
        (
            "I'm from Canada, can I study in Germany?",
            "and in the UK?",
            "i'm from canada, can i study in united kingdom?",
        ),
        (
            "can a woman study in oman safely",
            "and in canada?",
            "can a woman study in canada safely",
        ),
        (
            "I have a bachelor's, can I do a masters in UK?",
            "phd?",
            "i have a bachelor's, can i do a phd in uk?",
        ),
    ],
)
def test_where_somebody_comes_from_stays_as_it_is(
    question: str, text: str, whole: str
) -> None:
    assert (completed(text, question) or "").casefold() == whole


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("sorry i want a person", Intent.ASKS_FOR_PERSON),
        ("actually thanks", Intent.THANKS),
        ("sorry", None),
        ("sorry i meant canada", None),
    ],
)
def test_what_is_wanted_is_heard_after_a_sorry(
    text: str, intent: Intent | None
) -> None:
    assert intent_behind(text) is intent


def test_what_was_asked_before_is_told_with_what_changed_of_it() -> None:
    said = ["hours of work in Germany", "sorry i meant canada", "is it taxed?", "in uk"]
    assert asked_in(said) == ("hours of work in Canada", "is it taxed? United Kingdom")
    assert asked_in(["Canada", "how much is it"]) == ("Canada", "how much is it")
    assert asked_in([]) == ()


async def test_a_corrected_country_is_answered_for(project: Answering) -> None:
    asked = Turn(Author.CONTACT, "how many hours can i work in germany")
    reply = await ask(project, "sorry i meant canada", asked)
    assert reply.outcome is Outcome.ANSWER
    assert "24 hours a week" in reply.text
    assert "Germany" not in reply.text


async def test_a_level_completes_a_question_over_several_messages(
    project: Answering,
) -> None:
    said = [Turn(Author.CONTACT, text) for text in ("can i bring my wife", "uk, mba")]
    reply = await ask(project, "what about phd", *said)
    assert reply.outcome is Outcome.ANSWER
    assert "such as a PhD" in reply.text
