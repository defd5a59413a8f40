"""DOCX, PPTX and XLSX are read with their structure; traps and damage are refused."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from pptx.util import Inches

from ingest.formats.contents import Contents, UnreadableError
from ingest.formats.readers import read
from ingest.formats.slides import read_pptx
from ingest.formats.word import read_docx
from ingest.formats.workbook import read_xlsx
from tests.support.foreign import (
    FEES,
    add_chart,
    add_slide,
    picture,
    repacked,
    slides,
    word,
    workbook,
)

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><a>&lol;</a>"""


def text(contents: Contents) -> str:
    (page,) = contents.pages
    return page.text


def letter(document: Any) -> None:  # noqa: ANN401  the libraries are vague
    document.core_properties.title = "Fees 2027"
    document.add_heading("Refunds", 1)
    document.add_paragraph("You get 450 <euros> back.")
    document.add_paragraph("a passport", style="List Bullet")
    document.add_paragraph("two photos", style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for row in FEES:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    contents = read_docx(word(letter))
    assert contents.title == "Fees 2027"
    assert contents.pages[0].number is None
    assert text(contents) == (
        "# Refunds\n\nYou get 450 \\<euros> back.\n\n- a passport\n- two photos\n\n"
        "| Programme | Fee | Weeks |\n| --- | --- | --- |\n"
        "| Data analytics | 450 EUR | 12 |\n| Cyber security | 600 EUR | 16 |"
    )


def test_the_title_style_of_word_is_a_heading() -> None:
    contents = read_docx(word(lambda document: document.add_heading("Visas", 0)))
    assert text(contents) == "# Visas"


def test_a_word_document_without_properties_is_read() -> None:
    content = repacked(word(letter), {"docProps/core.xml": None})
    assert read_docx(content).title is None


def test_pictures_without_a_word_are_told() -> None:
    contents = read_docx(
        word(lambda document: document.add_picture(BytesIO(picture())))
    )
    assert contents.is_empty
    assert contents.note == "holds only pictures that are too small to be read"


def test_a_word_file_is_read_without_a_picture_that_is_not_in_it() -> None:
    def build(document: Any) -> None:  # noqa: ANN401  as above
        document.add_paragraph("Words.")
        document.add_picture(BytesIO(picture()))

    whole = word(build)
    missing = repacked(whole, {"word/media/image1.png": None})
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        body = archive.read("word/document.xml").decode()
        places = archive.read("word/_rels/document.xml.rels").decode()
    linked = repacked(
        whole,
        {
            "word/document.xml": body.replace("r:embed=", "r:link=").encode(),
            "word/_rels/document.xml.rels": places.replace(
                'Target="media/image1.png"',
                'Target="file:///etc/passwd" TargetMode="External"',
            ).encode(),
        },
    )
    for content in (missing, linked):
        assert text(read_docx(content)) == "Words."


def talk(show: Any) -> None:  # noqa: ANN401  as above
    show.core_properties.title = "PowerPoint Presentation"
    add_slide(show, "What it costs", ["450 euros", "paid once"])
    slide = add_slide(show, "Fees", ["One line alone"])
    size = (Inches(1), Inches(4), Inches(4), Inches(2))
    table = slide.shapes.add_table(len(FEES), len(FEES[0]), *size).table
    for number, row in enumerate(FEES):
        for place, words in enumerate(row):
            table.cell(number, place).text = words
    hidden = add_slide(show, "Not for everybody")
    hidden._element.set("show", "0")
    last = add_slide(show, "By year")
    last.notes_slide.notes_text_frame.text = "Do not promise this."
    add_chart(last)
    group = last.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(8), Inches(2), Inches(1))
    box.text_frame.text = "Ask us."


def test_slides_are_pages_with_titles_lists_tables_and_charts() -> None:
    contents = read_pptx(slides(talk))
    assert contents.title is None
    assert [(page.number, page.text) for page in contents.pages] == [
        (1, "## What it costs\n\n- 450 euros\n- paid once"),
        (
            2,
            (
                "## Fees\n\nOne line alone\n\n| Programme | Fee | Weeks |\n"
                "| --- | --- | --- |\n| Data analytics | 450 EUR | 12 |\n"
                "| Cyber security | 600 EUR | 16 |"
            ),
        ),
        (
            4,
            (
                "## By year\n\nFees by year\n\n|  | Fee |\n| --- | --- |\n"
                "| 2025 | 450 |\n| 2026 |  |\n\nAsk us."
            ),
        ),
    ]


def test_slides_without_a_word_are_told() -> None:
    def pictures(show: Any) -> None:  # noqa: ANN401  as above
        slide = show.slides.add_slide(show.slide_layouts[6])
        slide.shapes.add_picture(BytesIO(picture()), Inches(1), Inches(1))

    contents = read_pptx(slides(pictures))
    assert contents.is_empty
    assert contents.note == "holds only pictures that are too small to be read"


def list_of_programmes(book: Any) -> None:  # noqa: ANN401  as above
    book.properties.title = "Programmes 2027"
    sheet = book.active
    sheet.title = "Online"
    for row in [["Name", "Fee", "Share", "Starts", "Open"], ["Data", 450.5, 0.25]]:
        sheet.append(row)
    sheet["B2"].number_format = '"€"#,##0.00'
    sheet["C2"].number_format = "0%"
    sheet["D2"] = datetime(2027, 3, 1)  # noqa: DTZ001  sheets know no time zones
    sheet["D3"] = datetime(2027, 3, 1, 9, 30)  # noqa: DTZ001
    sheet["E2"] = True
    secret = book.create_sheet("Salaries")
    secret.append(["hidden"])
    secret.sheet_state = "hidden"
    book.create_sheet("Nothing")


def test_a_workbook_keeps_sheets_currencies_shares_and_days() -> None:
    contents = read_xlsx(workbook(list_of_programmes))
    assert contents.title == "Programmes 2027"
    assert text(contents) == (
        "## Online\n\n| Name | Fee | Share | Starts | Open |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| Data | €450.50 | 25% | 1 March 2027 | True |\n"
        "| Data |  |  | 1 March 2027 09:30 |  |"
    )


def test_a_workbook_without_a_value_is_empty() -> None:
    assert read_xlsx(workbook(lambda _: None)).is_empty


MAKERS = {
    "a.docx": lambda: word(letter),
    "a.pptx": lambda: slides(talk),
    "a.xlsx": lambda: workbook(list_of_programmes),
}


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_truncated_file_is_refused(name: str, tenths: int) -> None:
    content = MAKERS[name]()
    with pytest.raises(UnreadableError, match=r"^is damaged, or not a"):
        read(name, content[: len(content) * tenths // 10])


@pytest.mark.parametrize("name", MAKERS)
def test_one_office_file_under_the_name_of_another_is_refused(name: str) -> None:
    other = "a.xlsx" if name != "a.xlsx" else "a.docx"
    with pytest.raises(UnreadableError, match=r"^is damaged, or not an? "):
        read(name, MAKERS[other]())


@pytest.mark.parametrize("name", MAKERS)
def test_broken_xml_is_refused(name: str) -> None:
    parts = {
        "a.docx": "word/document",
        "a.pptx": "ppt/presentation",
        "a.xlsx": "xl/workbook",
    }
    content = repacked(MAKERS[name](), {f"{parts[name]}.xml": b"<a><b></a>"})
    with pytest.raises(UnreadableError, match=r"^is damaged"):
        read(name, content)


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("encode", [bytes, lambda xml: xml.decode().encode("utf-16")])
def test_xml_that_declares_entities_is_refused(
    name: str, encode: Callable[[bytes], bytes]
) -> None:
    content = repacked(MAKERS[name](), {"docProps/app.xml": encode(BOMB)})
    with pytest.raises(UnreadableError, match="declares XML entities"):
        read(name, content)


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_that_unpacks_to_an_endless_size_is_refused_unpacked(name: str) -> None:
    content = repacked(MAKERS[name](), {"media/zeros.bin": bytes(301 * 1024**2)})
    with pytest.raises(UnreadableError, match=r"^unpacks to 30\d MB; split it$"):
        read(name, content)


@pytest.mark.parametrize("name", MAKERS)
def test_files_of_old_programs_and_with_passwords_are_told_apart(name: str) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    kind = re.sub(r".*\.", "", name).upper()
    with pytest.raises(UnreadableError, match=f"old Office format; save it as {kind}"):
        read(name, old)
    with pytest.raises(UnreadableError, match="is protected with a password"):
        read(name, old + "EncryptedPackage".encode("utf-16-le"))


def test_an_encrypted_entry_is_refused() -> None:
    content = bytearray(word(letter))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(signature, place + 4)
    with pytest.raises(UnreadableError, match="is protected with a password"):
        read_docx(bytes(content))
