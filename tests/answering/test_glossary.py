"""Questions in other languages become the English words of the trade."""

import pytest
import yaml

from bot.answering.assembly import Answering
from bot.answering.glossary import GLOSSARY, ROMAN, glossed, is_romanised
from bot.phrases import languages
from bot.conversations.ports import Author, Outcome, Turn
from tests.support.answering import ask


def test_every_word_stands_in_every_language_of_the_catalogue() -> None:
    rules = yaml.safe_load(GLOSSARY.read_text("utf-8"))
    wanted = {*languages()} - {"en"}
    assert {
        w for w, found in rules["words"].items() if set(found) - {ROMAN} != wanted
    } == set()
    assert set(rules["frame"]) <= set(rules["words"])


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        (
            "es",
            "¿Cuánto cuesta la matrícula en Alemania?",
            "how much tuition fee in Germany",
        ),
        ("es", "cuanto dinero necesito", "how much money do I need"),
        (
            "fr",
            "combien d'heures un étudiant peut-il travailler",
            "how many hours student can I work",
        ),
        ("pt", "bolsas de estudo para mestrado", "scholarship master's degree"),
        ("vi", "hoc phi thac si o uc", "tuition fee master's degree in Australia"),
        (
            "zh",
            "在英国读硕士需要多少钱",
            "in United Kingdom study master's degree do I need how much money",
        ),
        ("hi", "क्या मैं कनाडा में काम कर सकता हूँ", "can I in Canada work"),
        ("bn", "জার্মানিতে পড়তে কত টাকা", "in Germany study how much money"),
        (
            "ar",
            "متطلبات اللغة الإنجليزية في بريطانيا",
            "English language requirements in United Kingdom",
        ),
        ("ur", "آسٹریلیا میں کام", "in Australia work"),
        ("zh", "需要IELTS吗", "do I need ielts"),
    ],
)
def test_what_is_asked_is_told_in_english(
    language: str, text: str, english: str
) -> None:
    assert glossed(text, language=language) == english


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "hola"),
        ("es", "¿qué tiempo hace hoy en Madrid?"),
        ("fr", "quelle est la meilleure recette de crêpes ?"),
        ("de", "Was kostet ein Visum?"),
        ("hi", "किराया कितना है"),
        ("ar", ""),
    ],
)
def test_what_it_has_no_words_for_stays_as_it_is(language: str, text: str) -> None:
    assert glossed(text, language=language) is None


def test_where_somebody_comes_from_is_no_place_to_look_for() -> None:
    said = glossed("soy de México, ¿puedo trabajar en Canadá?", language="es")
    assert said == "can I work in Canada"


@pytest.mark.parametrize(
    ("question", "source"),
    [
        (
            "Est-ce que je peux travailler pendant mes études au Canada ?",
            "canada-working",
        ),
        (
            "¿Cuánto dura la visa de estudiante de Nueva Zelanda?",
            "new-zealand-student-visa",
        ),
        ("জার্মানিতে পড়তে কত টাকা লাগে?", "germany"),
        ("ما هي متطلبات اللغة الإنجليزية للدراسة في بريطانيا؟", "uk-english"),
    ],
)
async def test_documents_in_english_answer_other_languages(
    question: str, source: str, project: Answering
) -> None:
    reply = await ask(project, question)
    assert reply.outcome is Outcome.ANSWER
    assert any(source in cited.source for cited in reply.citations)


async def test_a_conversation_goes_on_in_its_language(project: Answering) -> None:
    first = Turn(Author.CONTACT, "¿Cuánto dinero necesito para Canadá?")
    answer = await ask(project, first.text)
    told = Turn(Author.BOT, answer.text)
    reply = await ask(project, "¿y para alemania?", first, told)
    assert reply.outcome is Outcome.ANSWER
    assert "11,904" in reply.text


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (
            "kya main canada me part time job kar sakta hoon",
            "in Canada part time job can I",
        ),
        ("germany me padhai ka kharcha kitna hai", "in Germany study cost how much"),
        ("ielts ke bina uk ja sakte hai kya", "ielts without in United Kingdom can I"),
        ("ami canada te porte chai koto taka", "in Canada study how much money"),
        ("uk te jete koto din", "in United Kingdom how long"),
    ],
)
def test_hindi_and_bengali_in_latin_letters_are_told_in_english(
    text: str, english: str
) -> None:
    assert is_romanised(text)
    assert glossed(text, language=ROMAN) == english


@pytest.mark.parametrize(
    "text",
    [
        "How much is the visa fee for the UK?",
        "can i do part time job in canada",
        "is ka a university in germany",
        "¿Puedo trabajar en Canadá con visa de estudiante?",
        "Posso ir a Canada para estudar?",
        "tôi muốn đi du học ở Úc",
    ],
)
def test_other_languages_in_latin_letters_are_not_taken_for_them(text: str) -> None:
    assert not is_romanised(text)


async def test_who_writes_hindi_in_latin_letters_is_answered_in_english(
    project: Answering,
) -> None:
    reply = await ask(project, "kya main canada me part time job kar sakta hoon")
    assert reply.outcome is Outcome.ANSWER
    assert "24 hours a week" in reply.text
