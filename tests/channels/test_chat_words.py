"""The chat's own words come in the language that a browser asks for."""

import json
import re

import pytest

from bot.channels.chat_words import chat_words, offered, preferred
from bot.organisation import Organisation
from bot.phrases import languages
from tests.support.core import ORGANISATION
from tests.support.house import House


def speaking(*codes: str) -> Organisation:
    return ORGANISATION.model_copy(update={"languages": list(codes)})


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.5, AR-eg", "ar"),
        ("de-DE,de;q=0.9,ar;q=0.4", "ar"),
        ("fr;q=0, ar;q=0.1", "ar"),
        ("fr;q=0", "en"),
        ("*", "en"),
        ("fr;q=a lot", "fr"),
        (",;=;q=\u00b2,;;q=.", "en"),
        ("xx," * 1000 + "fr", "en"),
    ],
)
def test_the_best_liked_of_the_offered_languages_is_taken(
    accepted: str, language: str
) -> None:
    assert preferred(accepted, ["en", "fr", "ar"]) == language


def test_what_the_organisation_does_not_speak_is_not_offered() -> None:
    assert offered(speaking("es", "sv", "ur")) == ["es", "ur"]
    assert offered(speaking("sv")) == ["en"]


def test_german_is_offered_where_the_organisation_speaks_it() -> None:
    assert offered(speaking("en", "de")) == ["en", "de"]
    assert preferred("de-AT,de;q=0.9,en;q=0.5", ["en", "de"]) == "de"
    assert chat_words("de")["close"] == "Schließen"


@pytest.mark.parametrize("language", languages())
def test_arabic_and_urdu_run_from_right_to_left(language: str) -> None:
    runs = "rtl" if language in {"ar", "ur"} else "ltr"
    assert chat_words(language)["direction"] == runs


async def test_the_page_comes_in_the_browsers_language(house: House) -> None:
    page = await house.client.get("/", headers={"Accept-Language": "es-MX,en;q=0.5"})
    assert '<html lang="es" dir="ltr">' in page.text
    assert "<title>Pregunte a Harbour Advisory</title>" in page.text
    assert "Accept-Language" in page.headers["Vary"]


async def test_a_visitor_is_greeted_in_the_browsers_language(house: House) -> None:
    opened = await house.client.post(
        "/api/chat/conversations", headers={"Accept-Language": "es"}
    )
    assert opened.json()["greeting"].startswith("¡Hola!")


async def test_the_widget_brings_its_words_in_every_language_offered(
    house: House,
) -> None:
    script = (await house.client.get("/widget.js")).text
    found = re.search(r"const languages = (.+);\n", script)
    assert found
    words = json.loads(found.group(1))
    assert list(words) == house.parts.organisation.languages
    own = script.replace(found.group(1), "")
    assert [name for name in words["en"] if f'"{name}"' not in own] == []
