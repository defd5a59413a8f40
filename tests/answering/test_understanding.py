"""What a message wants, in every language that has a catalogue."""

import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding import (
    Intent,
    intent_of,
    language_of,
    rules,
)
from bot.phrases import languages

MESSAGES = Path(__file__).parent / "messages"
QUESTION = "question"
FEWEST_OF_TWENTY = 18
HANDED_OVER = {
    Intent.DISTRESS,
    Intent.ASKS_FOR_CALL,
    Intent.ASKS_FOR_PERSON,
    Intent.OWN_CASE,
    Intent.COMPLAINT,
}
OTHERS = [
    intent
    for intent in Intent
    if intent not in {Intent.ASKS_FOR_PERSON, Intent.VAGUE, Intent.EMPTY}
]


def messages(language: str, kind: str) -> list[str]:
    """Messages of one kind as contacts write them in a language."""
    text = (MESSAGES / f"{language}.yaml").read_text("utf-8")
    found: list[str] = yaml.safe_load(text)[kind]
    return found


def all_messages(kind: str) -> list[str]:
    """Messages of one kind in every language."""
    return [text for language in languages() for text in messages(language, kind)]


@pytest.mark.parametrize("language", languages())
def test_asking_for_a_person_is_recognised_in_every_language(language: str) -> None:
    asked = messages(language, Intent.ASKS_FOR_PERSON)
    missed = [text for text in asked if intent_of(text) is not Intent.ASKS_FOR_PERSON]

    assert len(asked) == 20
    assert len(asked) - len(missed) >= FEWEST_OF_TWENTY, missed


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("intent", OTHERS)
def test_other_intents_are_recognised_in_every_language(
    language: str, intent: Intent
) -> None:
    for text in messages(language, intent):
        assert intent_of(text) is intent, text


@pytest.mark.parametrize("text", all_messages(QUESTION))
def test_a_question_for_the_documents_is_nothing_else(text: str) -> None:
    assert intent_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Is this university a scam?",
        "are u sure this course is not a fraud?",
        "how can i complain about a fake college",
        "What should I do if an agent cheats me?",
        "who do i report fraud to",
    ],
)
def test_a_question_about_scams_is_a_question(text: str) -> None:
    assert intent_of(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("are you a bot? I want to talk to a human", Intent.ASKS_FOR_PERSON),
        ("I paid the fee, can I talk to someone?", Intent.ASKS_FOR_PERSON),
        ("how much is the agent fee", None),
        ("do i need an agent to talk to the embassy", None),
        ("thanks, but how much does it cost?", None),
        ("hello, what is a micro-credential?", None),
        ("i want to talk to a person because i want to die", Intent.DISTRESS),
        ("can an agent call me", Intent.ASKS_FOR_CALL),
        ("i am from nepal. please call me tomorrow", Intent.ASKS_FOR_CALL),
        ("this is the worst service, give me a human", Intent.COMPLAINT),
    ],
)
def test_a_message_of_two_parts_is_told_by_the_weightier_one(
    text: str, intent: Intent | None
) -> None:
    assert intent_of(text) is intent


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍", "…", "\u200b"])
def test_a_message_without_letters_or_figures_is_empty(text: str) -> None:
    assert intent_of(text) is Intent.EMPTY


@pytest.mark.parametrize("text", ["help", "need some info pls", "tell me more"])
def test_a_message_that_names_no_subject_is_vague(text: str) -> None:
    assert intent_of(text) is Intent.VAGUE


@pytest.mark.parametrize(
    "text",
    [
        "I DON’T WANT TO TALK TO A BOT",
        "talk\n\nto   a\tperson",
        unicodedata.normalize("NFD", "tư vấn viên"),
        "شَخْص",  # with vowels
        "\u200fشخص\u200f",  # between marks of direction
        "ｈｕｍａｎ",  # full width
    ],
)
def test_spelling_that_looks_the_same_means_the_same(text: str) -> None:
    assert intent_of(text) is Intent.ASKS_FOR_PERSON


STORY = "I finished school in March and my father wants to pay for a course. " * 30


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("I want to kill myself.", Intent.DISTRESS),
        ("Can I talk to a person please?", Intent.ASKS_FOR_PERSON),
        ("Please call me.", Intent.ASKS_FOR_CALL),
        ("Could you make me a fake transcript?", Intent.DISHONEST),
        ("I want to make a complaint.", Intent.COMPLAINT),
        ("", None),
    ],
)
@pytest.mark.parametrize("before", [0, 399, 590, 1195, 2070])
def test_what_must_not_be_missed_is_seen_anywhere_in_a_long_story(
    words: str, intent: Intent | None, before: int
) -> None:
    assert intent_of(f"{STORY[:before]}. {words} {STORY}") is intent


def test_small_talk_at_the_end_of_a_long_story_is_only_politeness() -> None:
    assert intent_of("thanks a lot") is Intent.THANKS
    assert intent_of(f"{STORY} thanks a lot") is None


@given(st.text())
def test_any_text_has_an_intent_or_is_a_question(text: str) -> None:
    assert intent_of(text) in {*Intent, None}


def test_every_intent_but_an_empty_message_has_rules() -> None:
    assert {rule.intent for rule in rules()} == set(Intent) - {Intent.EMPTY}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How much does a course cost?", "en"),
        ("¿Cuánto cuesta estudiar en Alemania?", "es"),
        ("Combien coûte une formation en ligne ?", "fr"),
        ("Quanto custa um curso em Portugal?", "pt"),
        ("كم تكلفة الدورة عبر الإنترنت؟", "ar"),
        ("ऑनलाइन कोर्स की फीस कितनी है?", "hi"),
        ("অনলাইন কোর্সের খরচ কত?", "bn"),
        ("Khóa học trực tuyến giá bao nhiêu?", "vi"),
        ("在线课程多少钱？", "zh"),  # no space, so one "word"
        ("नमस्ते", "hi"),
    ],
)
def test_a_message_is_answered_in_its_own_language(text: str, language: str) -> None:
    assert language_of(text, allowed=languages(), known=None) == language


@pytest.mark.parametrize(
    "text", ["visa interview questions usa", "Email encryption gmail.", "ok gracias"]
)
def test_words_that_languages_share_change_no_language(text: str) -> None:
    assert language_of(text, allowed=languages(), known="en") == "en"
    assert language_of(text, allowed=["en", "es", "fr"], known=None) == "en"


def test_a_few_latin_letters_keep_the_language_of_the_conversation() -> None:
    assert language_of("ok gracias", allowed=["en", "es", "fr"], known="fr") == "fr"
    assert language_of("ok gracias", allowed=["en", "es", "fr"], known=None) == "en"


def test_a_language_that_is_not_spoken_here_gets_the_known_or_the_first_one() -> None:
    hindi = "मुझे जर्मनी के लिए वीज़ा चाहिए"

    assert language_of(hindi, allowed=["en", "es", "fr"], known="es") == "es"
    assert language_of(hindi, allowed=["en", "es", "fr"], known=None) == "en"


def test_a_known_language_that_is_no_longer_spoken_is_forgotten() -> None:
    assert language_of("ok", allowed=["en", "es"], known="fr") == "en"


def test_with_one_language_nothing_is_guessed() -> None:
    assert language_of("¿Cuánto cuesta el curso?", allowed=["en"], known="es") == "en"


def test_a_language_that_the_classifier_does_not_know_is_never_guessed() -> None:
    allowed = ["tlh", "en"]

    assert language_of("How much does it cost?", allowed=allowed, known=None) == "en"
    assert language_of("कोर्स की फीस कितनी है?", allowed=allowed, known=None) == "tlh"


def test_real_messages_that_ask_for_a_person_are_recognised(shared_dir: Path) -> None:
    lines = (
        (shared_dir / "evals/asks-for-person/questions.jsonl")
        .read_text("utf-8")
        .splitlines()
    )
    rows = [json.loads(line) for line in lines]
    taken = {row["id"] for row in rows if intent_of(row["turns"][-1]) in HANDED_OVER}
    wanted = {row["id"] for row in rows if row["expected"] == "handoff"}

    assert (len(rows), len(wanted)) == (451, 54)
    assert len(taken & wanted) >= 52
    assert len(taken - wanted) <= 2


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok thnks", Intent.THANKS),
        ("thankyou so much u helped alot", Intent.THANKS),
        ("thanks for ur help", Intent.THANKS),
        ("thanks but what about fees", None),
        ("can i talk 2 someone", Intent.ASKS_FOR_PERSON),
        ("your bot is not answering my qustion properly", Intent.COMPLAINT),
    ],
)
def test_hasty_messages_are_understood(text: str, intent: Intent | None) -> None:
    assert intent_of(text) is intent
