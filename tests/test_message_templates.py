"""The operator's approved messages: read, checked, and told what is wrong with them."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.message_templates import load_templates
from tests.conftest import PROJECT

GOOD = """
- name: Ready
  content_sid: HX0123456789abcdef0123456789abcdef
  language: en
  text: Hello {{1}}.
  blanks: {"1": name}
"""


def test_the_projects_own_examples_are_good_and_only_for_development() -> None:
    path = PROJECT / "knowledge" / "templates.yaml"
    found = load_templates(path, examples=True)
    assert [one.announces for one in found] == [True, False]
    assert load_templates(path, examples=False) == []


def test_no_file_means_no_templates(tmp_path: Path) -> None:
    assert load_templates(tmp_path / "templates.yaml", examples=True) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("{{1}}", "{{name}}"), "write blanks as"),
        (GOOD.replace('"1": name', ""), "does not say what {{1}} is for"),
        (GOOD.replace("HX", "H"), "content_sid"),
        (GOOD + GOOD, "two templates are called Ready"),
        ("- [", "cannot be read"),
        ("name: x", "valid list"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "templates.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"templates\.yaml") as raised:
        load_templates(path, examples=True)
    assert reason in str(raised.value)
