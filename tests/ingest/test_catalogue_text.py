"""A draft is put into a catalogue, and nothing else of the file changes."""

from difflib import ndiff
from pathlib import Path

import pytest

from bot.errors import DocumentError
from ingest.catalogue_entries import Entry, entries_of
from ingest.catalogue_file import CatalogueFile
from ingest.catalogue_text import HEADER, Draft, with_draft

NAME = "languages/es.yaml"
TEXT = """\
# Ours, by hand.

guidance/fees.md:   # money
  # the first one
  "Refunds":
    asks:
      - "¿Me devuelven?"   # as in the chat
      - 'money back'
  Scholarships:
    asks: [beca]
    of: "old sum"   # by Ana
    answer: >-
      La beca paga
      la mitad.

    # Ana: look at this again

# the end
"""
BEFORE = ("guidance/duration.md", "guidance/fees.md")


def put(text: str, fields: dict[str, object], **more: object) -> str:
    """The text with a draft for a section, of which some come before."""
    values = {
        "document": "guidance/fees.md",
        "heading": "Refunds",
        "documents": ("faq/a.md",),
        "headings": (),
        **more,
    }
    draft = Draft(fields=fields, **values)  # type: ignore[arg-type]
    return with_draft(NAME, text.encode(), draft).decode()


def changes(before: str, after: str) -> list[str]:
    """The lines that are gone, with "- ", and those that are new, with "+ "."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def read(text: str) -> list[Entry]:
    return list(entries_of(NAME, "es", text.encode()))


def test_a_field_is_added_to_an_entry_with_a_mark_of_its_own() -> None:
    after = put(TEXT, {"of": "0a1b", "answer": "Sí: 14 días."})
    assert changes(TEXT, after) == [
        "+     draft: answer",
        '+     of: "0a1b"',
        '+     answer: "Sí: 14 días."',
    ]
    used, draft, *_ = read(after)
    assert (used.asks, used.answer) == (("¿Me devuelven?", "money back"), None)
    assert (draft.asks, draft.answer, draft.draft) == ((), "Sí: 14 días.", True)


def test_an_answer_that_is_replaced_stays_as_a_comment() -> None:
    fields: dict[str, object] = {"of": "new sum", "answer": "La beca paga la mitad."}
    after = put(TEXT, fields, heading="Scholarships")
    assert after == TEXT.replace(
        """\
    of: "old sum"   # by Ana
    answer: >-
      La beca paga
      la mitad.
""",
        """\
    # of: "old sum"   # by Ana
    # answer: >-
    #   La beca paga
    #   la mitad.
    draft: answer
    of: "new sum"
    answer: "La beca paga la mitad."
""",
    )


def test_a_new_section_stands_behind_those_that_come_before_it() -> None:
    fields: dict[str, object] = {"asks": ["¿Y?", 'con "comillas"']}
    new = [
        '+   "In instalments: #1":',
        "+     draft: true",
        "+     asks:",
        '+       - "¿Y?"',
        '+       - "con \\"comillas\\""',
    ]
    heading = "In instalments: #1"
    after = put(TEXT, fields, heading=heading, headings=("Refunds", "Other"))
    assert changes(TEXT, after) == new
    assert after.index("In instalments") < after.index("Scholarships")
    first = put(TEXT, fields, heading=heading)
    assert changes(TEXT, first) == new
    assert first.index("In instalments") < first.index("the first one")


def test_a_new_document_stands_behind_those_that_come_before_it_or_last() -> None:
    fields: dict[str, object] = {"asks": ["¿Y?"]}
    more = {"document": "guidance/visa.md", "heading": "Germany"}
    after = put(TEXT, fields, documents=BEFORE, **more)
    assert after.index("# Ana: look") < after.index("visa.md") < after.index("# the e")
    assert put(TEXT, fields, **more).endswith('# the end\nguidance/visa.md:\n'
        '  "Germany":\n    draft: true\n    asks:\n      - "¿Y?"\n')  # fmt: skip


def test_the_mark_says_what_of_an_entry_is_a_draft() -> None:
    asked = put(HEADER, {"asks": ["¿Y?"]})
    both = put(asked, {"of": "1", "answer": "Sí."})
    assert changes(asked, both) == ['+     of: "1"', '+     answer: "Sí."']
    assert [one.draft for one in read(both)] == [True]
    used = asked.replace("draft: true", "draft: false  # read by Ana")
    both = put(used, {"of": "1", "answer": "Sí."})
    assert "draft: answer  # read by Ana" in both
    assert [one.draft for one in read(both)] == [False, True]
    half = both.replace("draft: answer", "draft: asks")
    assert [one.answer for one in read(half)] == ["Sí.", None]


@pytest.mark.parametrize(
    "text",
    ["", HEADER, "# nothing yet", TEXT.rstrip(), TEXT.replace("\n", "\r\n"), "\ufeff"],
)
def test_line_ends_and_what_begins_a_file_are_kept(text: str) -> None:
    after = put(text, {"asks": ["¿Y?"]}, document="x y.md", heading="B")
    assert after.startswith(text.rstrip("\r\n"))
    assert after.count("\r\n") in (0, after.count("\n"))
    assert read(after)[-1].section == "x y.md#B"


def test_what_a_model_writes_is_nothing_but_a_text() -> None:
    texts = ["- x", "a: b # c", "*x", '"', "'", "{y}", "null", "%", "\\n", "1\n2", "’"]
    (entry,) = read(put("", {"asks": texts}))
    assert entry.asks == tuple(texts)


@pytest.mark.parametrize(
    "text",
    [
        '{"guidance/fees.md": {"Refunds": {"asks": ["x"]}}}\n',
        'guidance/fees.md: {"Refunds": {"asks": ["x"]}}\n',
        'guidance/fees.md:\n  "Refunds": {asks: [x]}\n',
        "guidance/fees.md: &a\n  Refunds: &b\n    asks: [x]\nfaq/a.md: *a\n",
    ],
)
def test_what_cannot_be_added_to_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(DocumentError, match=r"es\.yaml.* write it by hand"):
        put(text, {"of": "1", "answer": "Sí."})


def test_a_file_keeps_its_rights_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    path.chmod(0o640)
    draft = Draft(document="z.md", heading="Z", fields={"asks": ["¿Y?"]})
    CatalogueFile(tmp_path, "es").put(draft, known=())
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["es.yaml"]


def test_what_somebody_wrote_meanwhile_stays(tmp_path: Path) -> None:
    file = CatalogueFile(tmp_path, "es")
    draft = Draft(document="z.md", heading="Z", fields={"asks": ["¿Y?"]})
    file.put(draft, known=())
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(DocumentError, match="meanwhile"):
        file.put(draft, known=())
    assert (tmp_path / NAME).read_bytes() == before
