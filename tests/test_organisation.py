"""The operator's own file: read, or refused with the field that is wrong."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.organisation import load_organisation
from tests.conftest import PROJECT
from tests.support.knowledge import ORGANISATION


def written(folder: Path, text: str) -> Path:
    path = folder / "organisation.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_projects_own_file_is_valid() -> None:
    organisation = load_organisation(PROJECT / "knowledge" / "organisation.yaml")
    assert organisation.languages[0] == "en"
    assert organisation.opening_hours


def test_everything_in_the_file_is_read(tmp_path: Path) -> None:
    organisation = load_organisation(written(tmp_path, ORGANISATION))
    assert organisation.name == "Harbour Advisory"
    assert organisation.phone == "+44 20 7946 0000"
    assert organisation.opening_hours == {"monday": ["09:00-17:30"]}
    assert organisation.languages == ["en", "es", "fr"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Europe/London", "Mars/Base", "time_zone: .*not a time zone"),
        ("09:00-17:30", "17:30-09:00", "opening_hours.monday.0: .*ends before"),
        ("monday", "funday", "opening_hours.funday"),
        ("[en, es, fr]", "[]", "languages: List should have at least 1"),
        ("[en, es, fr]", "[English]", "languages.0: .*en, es"),
        ("name: Harbour Advisory", "title: Harbour", "name: Field required"),
        ("time_zone", "timezone", "time_zone: Field required"),
        ("email: hello", "e-mail: hello", "e-mail: Extra inputs"),
        ("email: hello", "holidays: [Christmas]\nemail: hello", "holidays.0: .*date"),
        ("email: hello", "service_price: {en: ''}\nemail: hello", "service_price.en"),
        ("name: Harbour", "name: [Harbour", "is not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_field(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = written(tmp_path, ORGANISATION.replace(old, new, 1))
    with pytest.raises(SettingsError, match=sentence) as caught:
        load_organisation(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"nowhere.yaml is not there.*copy this project"
    ):
        load_organisation(tmp_path / "nowhere.yaml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "organisation.yaml"
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_organisation(path)


def test_texts_can_be_given_by_language(tmp_path: Path) -> None:
    plain = load_organisation(written(tmp_path, ORGANISATION))
    assert plain.description_in("en") == "I answer questions about courses and visas."
    assert plain.description_in("es") == ""
    assert plain.emergency_help_in("es") == ""
    several = ORGANISATION.replace(
        "description: I answer questions about courses and visas.",
        "description: {en: Courses., es: Cursos.}\nemergency_help: Call 555.",
    )
    organisation = load_organisation(written(tmp_path, several))
    assert organisation.description_in("es") == "Cursos."
    assert organisation.description_in("fr") == ""
    assert organisation.emergency_help_in("es") == "Call 555."


def test_what_is_not_told_of_an_organisation_is_empty(tmp_path: Path) -> None:
    organisation = load_organisation(written(tmp_path, ORGANISATION))
    assert organisation.address is None
    assert organisation.holidays == []
    assert organisation.service_price_in("en") == ""


def test_address_holidays_and_the_price_of_advice_are_read(tmp_path: Path) -> None:
    more = (
        "address: 1 Quay Street, London\n"
        "holidays: [2026-12-25, 2026-12-28]\n"
        "service_price: Our advice is free of charge.\n"
    )
    organisation = load_organisation(written(tmp_path, ORGANISATION + more))
    assert organisation.address == "1 Quay Street, London"
    assert organisation.holidays == [date(2026, 12, 25), date(2026, 12, 28)]
    assert organisation.service_price_in("en") == "Our advice is free of charge."


def test_a_price_is_told_rather_in_another_language_than_not_at_all(
    tmp_path: Path,
) -> None:
    both = ORGANISATION + "service_price: {en: Free of charge., es: Gratis.}\n"
    organisation = load_organisation(written(tmp_path, both))
    assert organisation.service_price_in("es") == "Gratis."
    assert organisation.service_price_in("fr") == "Free of charge."


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ("{English: Courses.}", "description.English.*: .*language code"),
        ("{es: ''}", "description.es: String should have at least 1"),
        ("[Courses.]", "description: Input should be a valid dictionary"),
    ],
)
def test_a_mistake_in_texts_by_language_is_named(
    tmp_path: Path, texts: str, sentence: str
) -> None:
    wrong = ORGANISATION.replace(
        "description: I answer questions about courses and visas.",
        f"description: {texts}",
    )
    with pytest.raises(SettingsError, match=sentence):
        load_organisation(written(tmp_path, wrong))


def test_the_projects_own_greeting_is_in_one_language() -> None:
    organisation = load_organisation(PROJECT / "knowledge" / "organisation.yaml")
    assert set(organisation.description) == set(organisation.languages)
