"""What the README promises is there."""

import re

from bot.settings_reference import settings_table
from ingest.front_matter import FrontMatter
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")


def between(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found, name
    return found.group(1).strip()


def test_the_settings_table_is_what_the_program_reads() -> None:
    assert between("settings") == settings_table()


def test_every_field_of_the_front_matter_is_named() -> None:
    missing = [name for name in FrontMatter.model_fields if f"`{name}`" not in README]
    assert missing == []


def test_every_file_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    )
    named = set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE))
    assert named == {"run", "test"}
    assert named <= targets
