"""Labelled messages are read from files that anybody can add to, and checked."""

from pathlib import Path

import pytest

from bot.answering.understanding.examples import (
    Example,
    Want,
    own_examples,
    read_examples,
    shipped_examples,
    sum_of,
)
from bot.errors import SettingsError


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_named_after_what_its_messages_want(tmp_path: Path) -> None:
    write(tmp_path, "call.yaml", 'en:\n- ring me\n- "yes: call"\nhi-Latn: [phone karo]')
    assert read_examples(tmp_path) == (
        Example(Want.CALL, "en", "ring me"),
        Example(Want.CALL, "en", "yes: call"),
        Example(Want.CALL, "hi-Latn", "phone karo"),
    )


def test_what_looks_like_a_number_or_a_truth_value_is_a_text(tmp_path: Path) -> None:
    write(tmp_path, "none.yaml", "en: [no, 2026, 'null', ~]")
    texts = [one.text for one in read_examples(tmp_path)]
    assert texts == ["no", "2026", "null", "~"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("rant.yaml", "en: [x]", r"rant\.yaml: there is no label 'rant'.*complaint"),
        ("call.yaml", "- ring me", r"call\.yaml:1: write a list"),
        ("call.yaml", "", r"call\.yaml:1: write a list"),
        ("call.yaml", "en: [x]\nes: llámame", r"call\.yaml:2: es needs a list"),
        ("call.yaml", "en:\n- ring me\n- ''", r"call\.yaml:3: every message is one"),
        ("call.yaml", "en:\n- ring: me", r"call\.yaml:2: every message is one text"),
        ("call.yaml", "en: [x", r"call\.yaml cannot be read"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_line(
    name: str, text: str, problem: str, tmp_path: Path
) -> None:
    write(tmp_path, name, text)
    with pytest.raises(SettingsError, match=problem):
        read_examples(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "call.yaml").write_bytes(b"en: [\xff\xfe]")
    with pytest.raises(SettingsError, match=r"call\.yaml cannot be read"):
        read_examples(tmp_path)


def test_an_organisation_may_have_examples_of_its_own_or_none(tmp_path: Path) -> None:
    assert own_examples(tmp_path) == ()
    (tmp_path / "examples").mkdir()
    write(tmp_path / "examples", "stop.yaml", "en: [leave me be]")
    assert own_examples(tmp_path) == (Example(Want.STOP, "en", "leave me be"),)


def test_every_label_has_examples_in_many_languages() -> None:
    languages: dict[Want, set[str]] = {}
    for one in shipped_examples():
        languages.setdefault(one.want, set()).add(one.language)
    assert languages.keys() == set(Want)
    assert {want for want, some in languages.items() if len(some) < 10} == set()


def test_no_message_is_an_example_of_two_wants() -> None:
    wants: dict[str, set[Want]] = {}
    for one in shipped_examples():
        wants.setdefault(one.text.casefold(), set()).add(one.want)
    assert {text: some for text, some in wants.items() if len(some) > 1} == {}


def test_the_sum_changes_with_a_text_or_its_label_and_not_with_the_order() -> None:
    one, two = Example(Want.CALL, "en", "ring me"), Example(Want.STOP, "en", "enough")
    assert sum_of([one, two]) == sum_of([two, one])
    assert sum_of([one, two]) != sum_of([one])
    assert sum_of([one]) != sum_of([Example(Want.PERSON, "en", "ring me")])
