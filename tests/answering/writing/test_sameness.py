"""What a translation does not have in common with its original is told in words."""

import pytest

from bot.answering.writing.sameness import differences

LANGUAGES = ["en", "de", "hi", "es", "zh", "ar", "bn", "fr", "pt", "ur", "vi"]


def told(text: str, translation: str, into: str) -> str:
    return " ".join(differences(text, translation, into=into, languages=LANGUAGES))


@pytest.mark.parametrize(
    ("text", "translation", "into"),
    [
        (
            "The fee is 1,500 euros, due on 31 March, says Maria Schmidt of DAAD.",
            "Die Gebühr ist 1.500 Euro, fällig am 31. März, so Maria Schmidt vom DAAD.",
            "de",
        ),
        (
            "Send your IELTS result to visa@harbour.example by 5 May 2027.",
            "अपना IELTS परिणाम 5 मई 2027 तक visa@harbour.example पर भेजें।",
            "hi",
        ),
        (
            "आपकी फीस ४५० यूरो है और जर्मनी में छह सप्ताह लगते हैं।",
            "Your fee is 450 euros and it takes six weeks in Germany.",
            "en",
        ),
        ("Was kostet das in Deutschland?", "What does that cost in Germany?", "en"),
        ("See https://e.org/a.", "Consulte https://e.org/a", "es"),
        ("好的，三月可以。", "All right, March is fine.", "en"),
        ("On Monday we meet Ana.", "El lunes nos reunimos con Ana.", "es"),
    ],
)
def test_a_faithful_translation_raises_no_doubt(
    text: str, translation: str, into: str
) -> None:
    assert told(text, translation, into) == ""


@pytest.mark.parametrize(
    ("text", "translation", "into", "says"),
    [
        ("It is 450 euros.", "Es kostet 540 Euro.", "de", "450"),
        ("It is 450 euros.", "Es kostet 540 Euro.", "de", "540"),
        ("By 5 May 2027.", "Bis zum 5. Juni 2027.", "de", "month 6"),
        ("See https://e.org/a.", "Siehe https://evil.example/a.", "de", "evil.example"),
        ("Write to a@e.org please.", "Bitte schreiben Sie uns.", "de", "a@e.org"),
        ("It is 450 euros.", "Es kostet 450 Dollar.", "de", "currencies"),
        ("You can go to Germany.", "Puede ir a Francia.", "es", "Germany"),
        ("Please ask Maria Schmidt.", "Por favor, pregunte a Juan.", "es", "Schmidt"),
        ("Your IELTS counts.", "आपकी परीक्षा मान्य है।", "hi", "IELTS"),
        (
            "We will answer you on Monday, when we are open again.",
            "We will answer you on Monday, when we are open again.",
            "de",
            "another language",
        ),
        (
            "Thank you, we will look at your documents and write to you again soon.",
            "Gracias. " * 80,
            "es",
            "much longer",
        ),
    ],
)
def test_what_differs_is_named(
    text: str, translation: str, into: str, says: str
) -> None:
    assert says in told(text, translation, into)
