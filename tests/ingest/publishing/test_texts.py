"""Parts of a Markdown document are changed, and every other line stays."""

import pytest

from bot.errors import DocumentError
from ingest.publishing.texts import (
    matter_of,
    new_document,
    parts_of,
    with_matter,
    with_part,
    without_part,
)
from tests.conftest import PROJECT

NAME = "faq/parking.md"
TEXT = """\
---
title: Parking
kind: faq
# whom to ask: the house
sources:
  - https://example.org/a
last_verified: 2026-05-12
---
# Parking

Behind the house.

## With a permit?

- Ask us.

```
## no heading
```

### At night

Never.
"""


def test_parts_are_what_stands_below_each_heading() -> None:
    found = [(one.level, one.heading, one.text) for one in parts_of(NAME, TEXT)]
    assert found == [
        (0, "", ""),
        (1, "Parking", "Behind the house."),
        (2, "With a permit?", "- Ask us.\n\n```\n## no heading\n```"),
        (3, "At night", "Never."),
    ]


def test_one_part_changes_and_no_other_line() -> None:
    made = with_part(NAME, TEXT, 2, heading="With  a pass?", words="Yes.\n")
    before, after = (
        TEXT.split("## With a permit?", maxsplit=1)[0],
        TEXT[TEXT.index("### At") :],
    )
    assert made == f"{before}## With a pass?\n\nYes.\n\n{after}"


def test_another_part_stands_at_the_end_as_deep_as_the_others() -> None:
    made = with_part(NAME, TEXT, None, heading="By bike?", words="In front.")
    assert made == f"{TEXT}\n## By bike?\n\nIn front.\n"


def test_a_part_can_be_taken_out() -> None:
    assert without_part(NAME, TEXT, 3) == TEXT[: TEXT.index("\n### At")]
    for number in (4, -1):
        with pytest.raises(DocumentError, match="has no section"):
            without_part(NAME, TEXT, number)
        with pytest.raises(DocumentError, match="has no section"):
            with_part(NAME, TEXT, number, heading="", words="")


def test_fields_of_front_matter_change_and_comments_stay() -> None:
    made = with_matter(
        NAME,
        TEXT,
        {"last_verified": "2026-11-24", "source": "https://example.org/a#b: c"},
    )
    assert "# whom to ask: the house\nsources:\n  - https://example.org/a\n" in made
    assert "last_verified: 2026-11-24\n" in made
    assert matter_of(NAME, made)["source"] == "https://example.org/a#b: c"
    assert made[made.index("# Parking") :] == TEXT[TEXT.index("# Parking") :]
    assert with_matter(NAME, made, {"source": "", "last_verified": "2026-05-12"}) == (
        TEXT
    )


@pytest.mark.parametrize("value", ["no", "2026", "a: b", "'", '"x" # y', "- a", "{b}"])
def test_a_title_is_read_as_it_was_given(value: str) -> None:
    made = new_document(
        {"title": value, "kind": "faq", "last_verified": "2026-11-24"}, [("Q?", "A.")]
    )
    assert matter_of(NAME, made)["title"] == value
    assert matter_of(NAME, with_matter(NAME, TEXT, {"title": value}))["title"] == value


def test_front_matter_is_made_where_there_is_none() -> None:
    fields = {"title": "Parking", "kind": "faq", "last_verified": "2026-11-24"}
    made = with_matter(NAME, "Behind the house.\n", fields)
    assert matter_of(NAME, made) == {
        **fields,
        **dict.fromkeys(("source", "recheck_by", "valid_until"), ""),
    }


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(DocumentError, match="colour: unknown field"):
        with_matter(NAME, TEXT, {"colour": "blue"})


def test_every_part_of_our_own_documents_can_be_written_back_as_it_is() -> None:
    for path in sorted((PROJECT / "knowledge").glob("faq/*.md")):
        text = path.read_text("utf-8")
        for part in parts_of(path.name, text):
            made = with_part(
                path.name, text, part.number, heading=part.heading, words=part.text
            )
            again = parts_of(path.name, made)
            assert [(p.heading, p.text) for p in again] == [
                (p.heading, p.text) for p in parts_of(path.name, text)
            ], path
