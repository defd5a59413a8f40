"""A yes to the offer of a person, and everything that is not one."""

import pytest

from bot.answering.assembly import Answering
from bot.conversations.ports import Author, Outcome, Turn
from bot.phrases import phrase
from tests.support.answering import ask

CONTACT, BOT, STAFF = Author.CONTACT, Author.BOT, Author.STAFF


def said_no(language: str = "en") -> Turn:
    return Turn(
        BOT,
        phrase("nothing_near", language),
        outcome=Outcome.NO_ANSWER,
        language=language,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "yes"),
        ("en", "Yes please!"),
        ("en", "ok"),
        ("en", "sure 🙂"),
        ("en", "yes\nplease"),
        ("es", "sí"),
        ("es", "claro"),
        ("es", "Si, por favor"),
        ("fr", "oui"),
        ("fr", "Oui, merci"),
        ("fr", "d'accord"),
        ("fr", "ok"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
async def test_a_yes_to_the_offer_of_a_person_hands_over_in_its_language(
    language: str,
    words: str,
    known: bool,
    sample: Answering,
) -> None:
    answer = await ask(
        sample,
        words,
        Turn(CONTACT, "?"),
        said_no(language),
        language=language if known else None,
    )
    assert (answer.outcome, answer.handoff_reason) == (
        Outcome.HANDOFF,
        "asked_for_person",
    )
    assert answer.text == phrase("handoff_person", language)
    assert answer.provenance.language == language


async def test_a_yes_to_what_the_assistant_itself_said_hands_over(
    sample: Answering,
) -> None:
    question = "What is the capital of Mongolia?"
    refused = await ask(sample, question)
    assert refused.outcome is Outcome.NO_ANSWER
    answer = await ask(sample, "yes", Turn(CONTACT, question), refused.as_turn)
    assert answer.handoff_reason == "asked_for_person"


@pytest.mark.parametrize(
    "earlier",
    [
        (),
        (Turn(CONTACT, "hi"), Turn(BOT, "Hello! What would you like to know?")),
        (said_no(), Turn(CONTACT, "thanks"), Turn(BOT, "You're welcome!")),
        (said_no(), Turn(STAFF, "This is Ana. May I help?")),
        (Turn(CONTACT, phrase("nothing_near", "en")),),
    ],
    ids=["no turn", "a greeting", "an older offer", "staff", "the contact's words"],
)
async def test_a_yes_to_anything_else_hands_nothing_over(
    earlier: tuple[Turn, ...], sample: Answering
) -> None:
    assert (await ask(sample, "yes", *earlier)).outcome is not Outcome.HANDOFF


@pytest.mark.parametrize(
    "words",
    [
        "no",
        "no thanks",
        "ok thanks",
        "thank you",
        "yes but how long does a micro-credential take?",
        "okay, what about the fee of the Harbour data course",
    ],
)
async def test_anything_but_a_yes_after_the_offer_hands_nothing_over(
    words: str, sample: Answering
) -> None:
    answer = await ask(sample, words, Turn(CONTACT, "?"), said_no())
    assert answer.outcome is not Outcome.HANDOFF


@pytest.mark.parametrize(
    ("words", "language"),
    [("no", "en"), ("No, thanks.", "en"), ("नहीं", "hi"), ("non", "fr")],
)
async def test_a_no_to_the_offer_of_a_person_is_the_end_of_it(
    words: str, language: str, project: Answering
) -> None:
    turns = (Turn(CONTACT, "?"), said_no(language))
    answer = await ask(project, words, *turns, language=language)
    assert answer.outcome is Outcome.ANSWER
    assert answer.text == phrase("thanks", language)
