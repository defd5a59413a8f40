"""PDF files are read page by page, with headings and tables; odd ones say why not."""

import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

from ingest.formats.contents import Contents, UnreadableError
from ingest.formats.pdf import read_pdf
from tests.support.foreign import (
    FEES,
    in_columns,
    pdf,
    prose,
    ruled,
    scanned,
    written,
)

LONG = (
    "You get all of your money back within 14 days of paying. After that there is no "
    "refund, unless we cancel the course. Ask us before you pay if you are not sure. "
)


def texts(contents: Contents) -> list[str]:
    return [page.text for page in contents.pages]


def test_pages_keep_their_numbers_and_their_words() -> None:
    contents = read_pdf(pdf(prose("First page."), prose("Second page.")))
    assert [(page.number, page.text) for page in contents.pages] == [
        (1, "First page."),
        (2, "Second page."),
    ]
    assert contents.note is None


def test_larger_and_bold_lines_become_headings() -> None:
    page = written(
        ("B", 20, "Fees 2027"),
        ("", 11, LONG),
        ("B", 14, "Refunds"),
        ("", 11, LONG),
        ("B", 11, "Late payment"),
        ("", 11, LONG),
    )
    (text,) = texts(read_pdf(pdf(page)))
    assert text.startswith("# Fees 2027\n\nYou get all of your money back within")
    assert "\n\n## Refunds\n\nYou get" in text
    assert "\n\n### Late payment\n\nYou get" in text


def test_a_heading_over_two_lines_is_one_heading() -> None:
    title = "What a very long heading of a document about fees and refunds looks like"
    (text,) = texts(read_pdf(pdf(written(("B", 26, title), ("", 11, LONG * 3)))))
    assert text.startswith(f"# {title}\n\n")


def test_a_heading_below_which_nothing_stands_is_kept() -> None:
    page = written(("", 11, LONG * 3), ("B", 16, "More on the next page"))
    (text,) = texts(read_pdf(pdf(page)))
    assert text.endswith("\n\n# More on the next page")


def test_where_everything_is_large_nothing_is_a_heading() -> None:
    page = written(
        ("B", 20, "Open day at"),
        ("", 11, "Harbour Advisory, first floor"),
        ("B", 24, "Come and see"),
    )
    (text,) = texts(read_pdf(pdf(page)))
    assert "#" not in text


def test_sentences_that_run_over_lines_are_whole_again() -> None:
    (text,) = texts(read_pdf(pdf(prose(LONG))))
    assert text.split("\n") == [
        "You get all of your money back within 14 days of paying.",
        "After that there is no refund, unless we cancel the course.",
        "Ask us before you pay if you are not sure.",
    ]


def test_a_word_cut_by_a_hyphen_at_the_end_of_a_line_is_whole_again() -> None:
    lines = ["Before you apply you must read about recog-", "nition of your diploma."]
    (text,) = texts(read_pdf(pdf(prose("\n".join(lines)))))
    assert text == "Before you apply you must read about recognition of your diploma."


def test_list_items_stay_apart() -> None:
    (text,) = texts(read_pdf(pdf(prose("Bring:\n- a passport\n- two photos\n1. Pay"))))
    assert text.split("\n\n") == ["Bring:", "- a passport", "- two photos", "1. Pay"]


def test_a_table_with_lines_stays_a_table_though_its_cells_have_several_lines() -> None:
    rows = [*FEES, ["A programme whose name needs more than one line", "1 EUR", "2"]]
    (text,) = texts(read_pdf(pdf(ruled(rows))))
    assert text.split("\n") == [
        "Before it.",
        "",
        "| Programme | Fee | Weeks |",
        "| --- | --- | --- |",
        "| Data analytics | 450 EUR | 12 |",
        "| Cyber security | 600 EUR | 16 |",
        "| A programme whose name needs more than one line | 1 EUR | 2 |",
        "",
        "After it.",
    ]


def test_a_table_without_lines_stays_a_table() -> None:
    (text,) = texts(read_pdf(pdf(in_columns(FEES))))
    assert text.split("\n") == [
        "| Programme | Fee | Weeks |",
        "| --- | --- | --- |",
        "| Data analytics | 450 EUR | 12 |",
        "| Cyber security | 600 EUR | 16 |",
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    def draw(document: FPDF) -> None:
        left = ["Here begins a column whose sentence", "goes on until it ends here."]
        right = ["And here begins the other column", "of this page, and it ends too."]
        for place, column in enumerate([left, right]):
            for number, line in enumerate(column):
                document.text(20 + 90 * place, 40 + 6 * number, line)

    (text,) = texts(read_pdf(pdf(draw)))
    assert text.split("\n\n") == [
        "Here begins a column whose sentence goes on until it ends here.",
        "And here begins the other column of this page, and it ends too.",
    ]


def test_what_repeats_on_every_page_is_told_only_where_it_heads_a_text() -> None:
    pages = [
        prose(f"Harbour Advisory brochure\nPoint {word}.\nPage {number} of 4")
        for number, word in enumerate(["one", "two", "three", "four"], start=1)
    ]
    found = texts(read_pdf(pdf(*pages)))
    assert [text.split() for text in found] == [
        ["Point", "one."],
        ["Point", "two."],
        ["Point", "three."],
        ["Point", "four."],
    ]
    assert not any("Page" in text for text in found)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Fees and refunds", "Fees and refunds"),
        ("Microsoft Word - Fees and refunds", "Fees and refunds"),
        ("Microsoft Word - fees final2.docx", None),
        ("Untitled document", None),
        ("(anonymous)", None),
        (None, None),
    ],
)
def test_a_title_counts_unless_a_program_put_it_there(
    given: str | None, title: str | None
) -> None:
    assert read_pdf(pdf(prose("Words."), title=given)).title == title


def test_a_file_with_a_password_is_refused() -> None:
    def protect(document: FPDF) -> None:
        document.set_encryption("owner", "secret", EncryptionMethod.AES_256)

    with pytest.raises(UnreadableError, match="is protected with a password"):
        read_pdf(pdf(prose("Words."), protect=protect))


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    def protect(document: FPDF) -> None:
        document.set_encryption("owner", encryption_method=EncryptionMethod.AES_128)

    assert texts(read_pdf(pdf(prose("Words."), protect=protect))) == ["Words."]


def test_images_of_text_are_recognised_and_told() -> None:
    contents = read_pdf(pdf(scanned, scanned))
    assert contents.is_empty
    assert contents.scanned == (1, 2)


def test_single_pages_that_are_images_are_numbered() -> None:
    contents = read_pdf(pdf(prose("Words."), scanned, prose("More.")))
    assert (contents.scanned, contents.note) == ((2,), None)


def test_a_page_that_is_damaged_is_named_and_the_others_are_read() -> None:
    content = pdf(prose("Words."), prose("More."))
    with_hole = content.replace(b"/Contents 6 0 R", b"/Contents [ 5 ]  ")
    assert with_hole != content
    contents = read_pdf(with_hole)
    assert texts(contents) == ["Words.", ""]


@pytest.mark.parametrize(
    "content", [b"nothing like it", b"%PDF-1.7\n", b"%PDF-1.4 \xff"]
)
def test_what_is_no_pdf_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError, match="is damaged"):
        read_pdf(content)


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_truncated_file_is_read_or_refused(tenths: int) -> None:
    page = written(("B", 20, "Fees"), ("", 11, LONG * 4))
    content = pdf(page, ruled(FEES), scanned)
    try:
        contents = read_pdf(content[: len(content) * tenths // 10])
    except UnreadableError as error:
        assert str(error).startswith("is damaged")  # noqa: PT017  either is right
    else:
        assert len(contents.pages) <= 3
