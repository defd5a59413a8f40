"""Replies that need no passage."""

import pytest

from bot.answering.passages import Passage
from bot.answering.replies import CHOICES, clarify_choices, fixed_reply
from bot.answering.understanding import Intent
from bot.phrases import languages, phrase
from bot.conversations.ports import Outcome
from tests.support.passages import chunk, passage

HANDED_OVER = {
    Intent.DISTRESS: "distress",
    Intent.ASKS_FOR_CALL: "asked_for_call",
    Intent.ASKS_FOR_PERSON: "asked_for_person",
    Intent.OWN_CASE: "own_case",
    Intent.COMPLAINT: "complaint",
}
ANSWERED = {
    Intent.ABOUT_BOT,
    Intent.THANKS,
    Intent.GREETING,
    Intent.INSULT,
    Intent.SMALL_TALK,
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("intent", Intent)
def test_every_intent_has_a_reply_in_every_language(
    intent: Intent, language: str
) -> None:
    reply = fixed_reply(intent, language)

    assert reply.text in {phrase(key, language) for key in _keys()}
    assert reply.provenance.language == language
    assert reply.provenance.answerer == "fixed"
    assert (reply.confidence, reply.citations) == (0.0, ())


@pytest.mark.parametrize("intent", Intent)
def test_a_person_is_called_for_these_intents_and_no_others(intent: Intent) -> None:
    reply = fixed_reply(intent, "en")

    assert reply.handoff_reason == HANDED_OVER.get(intent)
    assert (reply.outcome is Outcome.HANDOFF) == (intent in HANDED_OVER)


def test_help_with_a_deceit_is_refused() -> None:
    assert fixed_reply(Intent.DISHONEST, "en").outcome is Outcome.NO_ANSWER


@pytest.mark.parametrize(
    "intent", sorted(set(Intent) - set(HANDED_OVER) - {Intent.DISHONEST})
)
def test_other_intents_are_answered_or_asked_back(intent: Intent) -> None:
    wanted = Outcome.ANSWER if intent in ANSWERED else Outcome.CLARIFY

    assert fixed_reply(intent, "en").outcome is wanted


@pytest.mark.parametrize("intent", Intent)
def test_only_a_greeting_is_a_greeting(intent: Intent) -> None:
    assert fixed_reply(intent, "en").is_greeting == (intent is Intent.GREETING)


def test_somebody_in_distress_reads_where_help_is() -> None:
    assert "emergency number" in fixed_reply(Intent.DISTRESS, "en").text


def test_a_word_that_several_passages_hold_is_asked_back() -> None:
    found = [about("Fees", "Refunds"), about("Visas"), about("Visas"), about("Courses")]

    assert clarify_choices("germany?", found, answerable=False) == (
        "Fees: Refunds",
        "Visas",
        "Courses",
    )


def test_no_more_choices_are_given_than_a_phone_shows() -> None:
    found = [about(f"Title {n}") for n in range(6)]

    assert len(clarify_choices("germany", found, answerable=False)) == CHOICES


def test_a_heading_that_is_a_question_needs_no_title_unless_two_are_the_same() -> None:
    found = [about("Fees", "What is it?"), about("Visas", "How long?")]
    same = [about("Fees", "How long?"), about("Visas", "How long?")]

    assert clarify_choices("germany", found, answerable=False) == (
        "What is it?",
        "How long?",
    )
    assert clarify_choices("germany", same, answerable=False) == (
        "Fees: How long?",
        "Visas: How long?",
    )


@pytest.mark.parametrize("answerable", [True, False])
@pytest.mark.parametrize("question", ["student visa germany", "of the"])
def test_a_question_of_other_than_one_word_is_not_asked_back(
    question: str, answerable: bool
) -> None:
    found = [about("Fees"), about("Visas")]

    assert clarify_choices(question, found, answerable=answerable) == ()


def test_a_whole_question_that_can_be_answered_is_not_asked_back() -> None:
    found = [about("Fees"), about("Visas")]

    assert clarify_choices("when do i register?", found, answerable=True) == ()
    assert clarify_choices("register", found, answerable=True) == ("Fees", "Visas")


@pytest.mark.parametrize("answerable", [True, False])
def test_a_word_that_no_passage_holds_is_not_asked_back(answerable: bool) -> None:
    found = [about("Fees", lexical=0.0), about("Visas", lexical=0.0)]

    assert clarify_choices("germany", found, answerable=answerable) == ()
    assert clarify_choices("germany", [], answerable=answerable) == ()


def test_a_word_of_one_passage_is_asked_back_only_if_it_is_a_topic() -> None:
    found = [about("Fees"), about("Visas", lexical=0.0)]

    assert clarify_choices("fees", found, answerable=False) == ("Fees",)
    assert clarify_choices("germany", found, answerable=False) == ()


def test_an_answer_without_a_rival_is_given() -> None:
    found = [about("Fees"), about("Visas", dense=0.3), about("Grants", lexical=0.0)]

    assert clarify_choices("germany", found, answerable=True) == ()


def test_an_answer_with_a_rival_nearly_as_close_is_asked_back() -> None:
    found = [about("Fees"), about("Visas", dense=0.6), about("Grants", dense=0.3)]

    assert clarify_choices("germany", found, answerable=True) == ("Fees", "Visas")


def about(
    title: str, heading: str = "", *, lexical: float = 3.0, dense: float = 0.7
) -> Passage:
    """A passage under a title, and a heading if it has one."""
    headings = (heading,) if heading else ()
    return passage(
        chunk(document=f"{title}.md", title=title, headings=headings),
        lexical=lexical,
        dense=dense,
    )


def _keys() -> set[str]:
    return {
        "handoff_distress",
        "handoff_call",
        "handoff_person",
        "handoff_complaint",
        "handoff_case",
        "refuse_dishonest",
        "insult",
        "small_talk",
        "about_bot",
        "thanks",
        "greeting_reply",
        "clarify_open",
        "empty_message",
    }
