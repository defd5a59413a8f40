"""The catalogue: every language says the same things, and says all of them."""

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.answering.understanding.examples import Want
from bot.answering.understanding.intents import load
from bot.answering.understanding.reader import Reader
from bot.phrases import FALLBACK, languages, phrase, phrases

BOT = Path(__file__).parents[1] / "bot"
QUOTED = re.compile('["“«]\\s*([^"”»]+?)\\s*["”»]')
OFFERS_A_PERSON = (
    "about_us",
    "nothing_near",
    "offer_person",
    "media_only",
    "scam_person",
)


@pytest.fixture(scope="session")
def reader(encoder: Encoder) -> Reader:
    """What reads a contact's messages."""
    return Reader(encoder, load(), languages=languages())


def blanks(sentence: str) -> list[str]:
    """The names of the blanks of a sentence."""
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


def test_there_are_catalogues_for_the_languages_that_contacts_write_most() -> None:
    assert set(languages()) >= {
        "ar",
        "bn",
        "de",
        "en",
        "es",
        "fr",
        "hi",
        "pt",
        "ur",
        "vi",
        "zh",
    }


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_sentences_with_the_same_blanks(
    language: str,
) -> None:
    wanted = {key: blanks(text) for key, text in phrases(FALLBACK).items()}

    assert {key: blanks(text) for key, text in phrases(language).items()} == wanted


@pytest.mark.parametrize("language", [name for name in languages() if name != "en"])
def test_no_sentence_was_left_in_english(language: str) -> None:
    english = phrases(FALLBACK)
    same = {key for key, text in phrases(language).items() if text == english[key]}

    # An abbreviation that Portuguese has too, and a word that French has as well.
    assert same <= {"page", "source"}


@pytest.mark.parametrize("key", phrases(FALLBACK))
def test_every_sentence_is_said_somewhere(key: str) -> None:
    sources = [path.read_text("utf-8") for path in BOT.rglob("*.py")]

    assert any(f'"{key}"' in source for source in sources)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", OFFERS_A_PERSON)
def test_the_word_that_a_contact_is_told_to_reply_brings_a_person(
    reader: Reader, language: str, key: str
) -> None:
    words = QUOTED.findall(phrases(language)[key])

    assert [reader.read(word).wants for word in words] == [Want.PERSON]


@pytest.mark.parametrize("language", languages())
def test_the_button_for_a_person_says_what_brings_one(
    reader: Reader, language: str
) -> None:
    asked = phrase("chat_person_asked", language)

    assert reader.read(asked).wants == Want.PERSON


@pytest.mark.parametrize("language", languages())
def test_who_wants_no_messages_is_told_the_word_that_brings_them_again(
    reader: Reader, language: str
) -> None:
    (word,) = re.findall("START", phrase("stopped", language))

    assert reader.read(word, language=language).wants == Want.START


def test_blanks_are_filled_in() -> None:
    text = phrase("greeting", "es", organisation="Puerto", can_help="Ayudo.")

    assert text.startswith("¡Hola! Soy el asistente automático de Puerto. Ayudo. ")


def test_values_with_braces_are_left_as_they_are() -> None:
    assert phrase("address", "en", value="{x} {}") == "Address: {x} {}"


def test_a_language_without_a_catalogue_gets_english() -> None:
    assert phrase("thanks", "xx") == phrase("thanks", "en")


def test_a_blank_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="month"):
        phrase("as_of", "en")


def test_a_sentence_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="farewell"):
        phrase("farewell", "en")
