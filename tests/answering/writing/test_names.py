"""A name in a reply must stand in its sources."""

import pytest

from bot.answering.programmes.naming import names_of
from bot.answering.writing.checks.names import names_what_is_not_held
from bot.answering.writing.checks.passages import Passage
from tests.support.sections import chunk

SOURCE = (
    "The Google Data Analytics Professional Certificate is taught on Coursera. The "
    "student visa asks for more. Write to the Department of Home Affairs."
)
KNOWN = names_of(
    [
        chunk(
            title="Google Cybersecurity Professional Certificate",
            document="programmes/security.md",
            kind="programme",
            facets={"provider": "The Open University (on FutureLearn)"},
        ),
        chunk(title="How long a course takes"),
    ]
)


def is_refused(text: str, language: str, *, contact: str = "") -> bool:
    return names_what_is_not_held(
        Passage(text, language), [SOURCE], contact=contact, known=KNOWN
    )


def test_programmes_and_providers_are_known_in_full_and_in_short() -> None:
    assert {
        "Google Cybersecurity Professional Certificate",
        "Google Cybersecurity",
        "The Open University",
        "Open University",
    } == KNOWN


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You could take the Harvard Data Masters instead."),
        ("en", "It is taught at Imperial College London."),
        ("en", 'Look for the course "Machines for all" there.'),
        ("en", "The Google Cybersecurity certificate is another one."),
        ("de", "Auch Google Cybersecurity ist ein Zertifikat."),
        ("es", "La Open University también lo ofrece."),
        ("fr", "L'Open University le propose aussi."),
        ("pt", "A Open University também oferece."),
        ("vi", "Open University cũng có khóa này."),
        ("zh", "您也可以在Udacity上学习。"),
        ("ar", "يمكنك الدراسة في Harvard University أيضًا."),
        ("hi", "आप इसे Udacity पर भी कर सकते हैं।"),
        ("bn", "আপনি Udacity-তে পড়তে পারেন।"),
        ("ur", "آپ Udacity پر پڑھ سکتے ہیں۔"),
    ],
)
def test_a_name_that_no_source_has_is_refused(language: str, text: str) -> None:
    assert is_refused(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Take the Google Data Analytics certificate on Coursera."),
        ("en", "So the Student Visa asks for more."),
        ("en", "Ask Home Affairs."),
        ("en", "See https://Some.Example/Other-Name."),
        ("en", 'Write "person" to reach us.'),
        ("de", "Der Berufliche Abschluss der Deutschen Hochschule zählt."),
        ("es", "Escriba al Ministerio del Interior."),
        ("zh", "在Coursera上学习Google Data Analytics，用I-20。"),
        ("hi", "इसे Coursera पर करें।"),
    ],
)
def test_other_names_and_terms_pass(language: str, text: str) -> None:
    assert not is_refused(text, language)


def test_a_name_may_be_the_contacts_own() -> None:
    text = "We know nothing of Harvard Data Masters."
    assert is_refused(text, "en")
    assert not is_refused(text, "en", contact="and the harvard data masters?")
