"""A draft is approved by taking its mark out, and no other letter changes."""

import pytest

from bot.errors import DocumentError, NotFoundError
from ingest.catalogue_marks import without_mark

NAME = "languages/de.yaml"
MARK = "    draft: answer  # of a model\n"
TEXT = f"""\
# A comment stays.
faq/a.md:
  "Q?":
{MARK}    asks: ["Frage?"]
    of: "0000000000"
    answer: "Antwort."
  "R?":
    asks: ["Noch eine?"]
"""


def approved(text: str, heading: str = "Q?") -> str:
    return without_mark(
        NAME, text.encode(), document="faq/a.md", heading=heading
    ).decode()


def test_the_mark_goes_and_everything_else_stays() -> None:
    assert approved(TEXT) == TEXT.replace(MARK, "")
    assert approved(f"\ufeff{TEXT}") == f"\ufeff{TEXT}".replace(MARK, "")
    windows = TEXT.replace("\n", "\r\n")
    assert approved(windows) == windows.replace(MARK.replace("\n", "\r\n"), "")


@pytest.mark.parametrize("heading", ["R?", "S?"])
def test_without_a_draft_there_is_nothing_to_approve(heading: str) -> None:
    with pytest.raises(NotFoundError, match="has no draft"):
        approved(TEXT, heading)


def test_a_mark_among_other_things_is_left_to_a_person() -> None:
    with pytest.raises(DocumentError, match=f"{NAME}:2"):
        approved('faq/a.md:\n  "Q?": {draft: true, asks: ["Frage?"]}\n')
