"""What the README promises is there."""

import re

from pydantic import SecretStr

from bot.config import Settings
from ingest.front_matter import FrontMatter
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")


def settings_table() -> str:
    """The table as it has to stand in the README."""
    rows = ["| Setting | Default | What it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, SecretStr):
            default = default.get_secret_value()
        shown = f"`{default}`" if default not in ("", []) else "none"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


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
