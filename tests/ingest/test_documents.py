"""Documents are read, and every mistake in one is named by file, line and reason."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import DocumentError
from ingest.documents import Document, read_documents

GOOD = """\
---
title: Visas
kind: guidance
last_verified: 2026-06-01
---
A visa takes eight weeks.
"""


def write(folder: Path, name: str, content: str | bytes = GOOD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_one(folder: Path, content: str | bytes) -> Document:
    write(folder, "visa.md", content)
    (document,) = read_documents(folder)
    return document


def problems(folder: Path) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_documents(folder)
    return str(caught.value).splitlines()


def with_field(line: str) -> str:
    """The good document with a line more, which is line 5."""
    return GOOD.replace("2026-06-01\n", f"2026-06-01\n{line}\n")


def test_a_document_is_read_with_its_front_matter(tmp_path: Path) -> None:
    document = read_one(
        tmp_path,
        with_field("source: https://example.org/visa\ncountry: [DE, NO]\nfee: 75.5\n")
        .replace("fee", "currency: EUR\nfee")
        .replace("guidance", "programme"),
    )
    assert document.path == "visa.md"
    assert document.body == "A visa takes eight weeks."
    assert document.about.title == "Visas"
    assert document.about.last_verified == date(2026, 6, 1)
    assert document.about.source == "https://example.org/visa"
    assert document.about.facets == {
        "country": ["DE", "NO"],
        "currency": "EUR",
        "fee": 75.5,
    }


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: 2026", "2026"),
        ("title: no", "no"),
        ("title: 2026-06-01", "2026-06-01"),
        ("title: 'Fees: 2026'", "Fees: 2026"),
    ],
)
def test_a_title_that_looks_like_something_else_stays_text(
    tmp_path: Path, line: str, title: str
) -> None:
    document = read_one(tmp_path, GOOD.replace("title: Visas", line))
    assert document.about.title == title


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_a_field_without_a_value_counts_as_left_out(
    tmp_path: Path, nothing: str
) -> None:
    document = read_one(tmp_path, with_field(f"source: {nothing}"))
    assert document.about.source is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "---\ntitle: Visas\nkind: faq\n",
            "1: front matter is not closed with a line ---",
        ),
        (
            with_field("topics: [visa"),
            "5: front matter: expected ',' or ']', but got '<stream end>'",
        ),
        (
            with_field("topics: " + "[" * 1500 + "]" * 1500),
            "5: front matter: is nested too deeply",
        ),
        (
            with_field("  provider: Harbour: data"),
            "5: front matter: mapping values are not allowed here",
        ),
        (with_field("title: Twice"), "5: title: stands here twice"),
        (GOOD.replace("title: Visas\n", ""), "1: title: Field required"),
        (GOOD.replace("Visas", ""), "2: title: Field required"),
        (
            GOOD.replace("guidance", "guide"),
            "3: kind: Input should be 'guidance', 'programme' or 'faq'",
        ),
        (
            GOOD.replace("2026-06-01", "2026-13-45"),
            "4: last_verified: Input should be a valid date",
        ),
        (
            GOOD.replace("2026-06-01", "last spring"),
            "4: last_verified: Input should be a valid date",
        ),
        (
            with_field("source: example.org"),
            "5: source: an address starts with https://",
        ),
        (
            with_field("sources: [https://example.org, javascript:alert(1)]"),
            "5: sources: an address starts with https://",
        ),
        (with_field("country: DE"), "5: country: Input should be a valid list"),
        (with_field("fee: 450"), "5: fee: needs a currency"),
        (
            with_field("fee: -1\ncurrency: EUR"),
            "5: fee: Input should be greater than or equal to 0",
        ),
        (
            with_field("fee: cheap\ncurrency: EUR"),
            "5: fee: Input should be a valid number",
        ),
        (
            with_field("fee: .nan\ncurrency: EUR"),
            "5: fee: Input should be a valid number",
        ),
        (
            with_field("currency: euro\nfee: 450"),
            "5: currency: String should match pattern '^[A-Z]{3}$'",
        ),
        (
            with_field("valid_from: 2026-07-01\nvalid_until: 2026-06-30"),
            "6: valid_until: is before valid_from",
        ),
        (GOOD.replace("A visa takes eight weeks.", " "), "5: there is no text below"),
        (b"\x00\x01\x02\x03 bytes", " is not text"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_reason(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    write(tmp_path, "guidance/visa.md", content)
    (line,) = problems(tmp_path)
    assert line.startswith(f"guidance/visa.md:{problem}")


def test_several_mistakes_in_several_documents_are_all_named(tmp_path: Path) -> None:
    write(tmp_path, "a.md", with_field("valid_until: soon\nfee: 3"))
    write(tmp_path, "b/good.md")
    write(tmp_path, "d.md", "---\ntitle: Visas\n")
    assert problems(tmp_path) == [
        (
            "a.md:5: valid_until: Input should be a valid date or datetime, "
            "input is too short"
        ),
        "a.md:6: fee: needs a currency",
        "d.md:1: front matter is not closed with a line ---",
    ]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("---\n", "---  \n").encode(),
        GOOD.encode().rstrip(b"\n"),
    ],
    ids=["CRLF", "BOM", "spaces after the dashes", "no last line break"],
)
def test_what_editors_do_to_a_file_changes_nothing(
    tmp_path: Path, content: bytes
) -> None:
    assert read_one(tmp_path, content) == read_one(tmp_path, GOOD)


def test_a_line_is_counted_the_same_in_a_file_with_crlf(tmp_path: Path) -> None:
    write(tmp_path, "visa.md", with_field("fee: 3").replace("\n", "\r\n"))
    assert problems(tmp_path)[0].startswith("visa.md:5: fee:")


def test_nul_bytes_do_not_reach_the_index(tmp_path: Path) -> None:
    document = read_one(tmp_path, GOOD.replace("eight", "ei\0ght"))
    assert document.body == "A visa takes ei\ufffdght weeks."


def test_a_rule_in_the_text_does_not_end_the_document(tmp_path: Path) -> None:
    document = read_one(tmp_path, GOOD + "\n---\n\nMore below.\n")
    assert document.body == "A visa takes eight weeks.\n\n---\n\nMore below."


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("---\ntitle: Reading term\nformat:\n  html: {}\n---\nText.", "Reading term"),
        ('+++\ntitle = "Rowing club"\n[menu]\nweight = 3\n+++\nText.', "Rowing club"),
        ("---\naliases: [attic]\ntags: [rooms]\n---\n# Attic\n\nText.", "Attic"),
        ("---\ntitle: Rooms: music\nlayout: page\n---\nText.", "Rooms: music"),
        ("---\n\n# Kiln\n\nText.", "Kiln"),
        ("---\n---\nText.", "Visa"),
    ],
)
def test_front_matter_of_another_program_gives_a_title_at_most(
    tmp_path: Path, content: str, title: str
) -> None:
    document = read_one(tmp_path, content)
    assert document.about.title == title
    assert document.body.endswith("Text.")
    assert not any(mark in document.body for mark in ("+++", "aliases", "format"))


def test_a_field_that_nothing_knows_is_named_and_not_used(tmp_path: Path) -> None:
    document = read_one(tmp_path, with_field("Title: x"))
    assert document.about.title == "Visas"
    assert document.note == "line 5: Title: unknown field, not used; see README"


def test_a_day_may_be_written_with_dots_and_its_day_first(tmp_path: Path) -> None:
    document = read_one(tmp_path, GOOD.replace("2026-06-01", "1.6.2026"))
    assert document.about.last_verified == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "charset", "note"),
    [
        ("A key costs £6 at the café.", "cp1252", "cp1252"),
        ("Zgłoszenie kosztuje 85 zł, świadectwo należy złożyć.", "cp1250", "cp1250"),
        ("Плата за общежитие составляет 900 рублей.", "cp1251", "cp1251"),
        ("学生寮の家賃は三万円です。入寮は四月です。", "shift_jis", "shift_jis"),
    ],
)
def test_a_text_in_an_older_character_set_is_read_by_its_words(
    tmp_path: Path, text: str, charset: str, note: str
) -> None:
    document = read_one(tmp_path, text.encode(charset))
    assert document.body == text
    assert document.note == f"is read as {note}, by guess; save it as UTF-8"
