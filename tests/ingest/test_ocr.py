"""Pictures of words, with Tesseract and without it."""

import os
import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF
from openpyxl.drawing.image import Image as Drawing
from PIL import Image, ImageDraw, ImageFont
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from bot.answering.chunks import citations
from ingest.chunking import chunk_document
from ingest.collecting import Earlier, collect
from ingest.documents import read_documents
from ingest.figure_references import with_figures
from ingest.figures import read_figures
from ingest.files import source_files
from ingest.formats.contents import UnreadableError
from ingest.formats.pictures import sensible
from ingest.outcomes import FileStatus
from ingest.reading import Reader
from ingest.recipe import recipe
from tests.support.foreign import about, add_slide, pdf, prose, slides, word, workbook

PROJECT = Path(__file__).parents[2]
WORDS = "The deposit for a place is 275 euros."
UNREAD = "text in pictures is not read (Tesseract is not installed)"


@pytest.fixture(scope="session")
def tesseract() -> str:
    """The program; on CI it must be there."""
    found = shutil.which("tesseract")
    if found is None:
        if os.environ.get("CI"):  # noqa: TID251  not a setting
            pytest.fail("tesseract is not installed")
        pytest.skip("tesseract is not installed")
    return found


def picture(*lines: str, kind: str = "PNG") -> bytes:
    """A picture of words, as large as a scanner makes them."""
    image = Image.new("L", (1400, 200 + 80 * len(lines)), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(48)
    for number, line in enumerate(lines):
        draw.text((60, 100 + 80 * number), line, fill="black", font=font)
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


# So many letters fit on a sheet.
SHEET = 3000


def scan(*lines: str) -> Callable[[FPDF], None]:
    """A page that is a picture of words."""

    def draw(document: FPDF) -> None:
        document.image(BytesIO(picture(*lines)), x=10, y=10, w=180)

    return draw


@pytest.mark.parametrize("name", ["a.png", "b.JPEG", "c.tiff", "d.bmp", "e.webp"])
def test_words_in_a_picture_are_read(name: str, tesseract: str) -> None:
    kind = name.rpartition(".")[2].upper()
    with Reader(ocr=tesseract) as reader:
        found = reader.read(name, picture(WORDS, kind=kind))
    assert [page.text for page in found.pages] == [WORDS]
    assert found.note == "is read from a picture"


def test_pages_that_are_pictures_are_read_in_their_place(tesseract: str) -> None:
    content = pdf(prose("First page."), scan(WORDS, "It is paid back."), prose("Last."))
    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.pdf", content)
    assert [(page.number, page.text) for page in found.pages] == [
        (1, "First page."),
        (2, f"{WORDS}\nIt is paid back."),
        (3, "Last."),
    ]
    assert found.note == "read from pictures: page 2"


@pytest.mark.parametrize("name", ["uk-student-visa", "germany-blocked-account"])
def test_of_the_words_on_a_crooked_and_grainy_scan_nearly_all_are_read(
    name: str, tesseract: str
) -> None:
    knowledge = PROJECT / "knowledge"
    page = (knowledge / "guidance" / f"{name}.md").read_text("utf-8")
    text = with_figures(page.split("---", 2)[2], read_figures(knowledge), "en")
    text = text.replace("#", "")
    text = text[: text.rfind("\n", 0, SHEET)]
    written = re.findall(r"\w+", text.casefold())
    with Reader(ocr=tesseract) as reader:
        found = reader.read("scan.jpg", scanned_sheet(text))
    read = Counter(
        re.findall(r"\w+", "\n".join(p.text for p in found.pages).casefold())
    )
    missing = Counter(written) - read
    assert len(written) > 200
    assert missing.total() <= 0.05 * len(written), missing


def scanned_sheet(text: str) -> bytes:
    """A4 at 200 dots an inch, a little turned, with the noise of a cheap scanner."""
    image = Image.new("L", (1654, 2339), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(26)
    lines = [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(paragraph, 95) or [""]
    ]
    draw.multiline_text((150, 150), "\n".join(lines), fill=40, font=font, spacing=9)
    noise = Image.effect_noise(image.size, 60)
    grainy = Image.blend(image.rotate(0.7, fillcolor="white"), noise, 0.2)
    file = BytesIO()
    grainy.save(file, "JPEG", quality=60)
    return file.getvalue()


def test_a_scanned_page_is_cited_by_its_number(tmp_path: Path, tesseract: str) -> None:
    del tesseract
    content = pdf(prose(about("fee")), scan(WORDS))
    (tmp_path / "Fees 2027.pdf").write_bytes(content)
    (document,) = read_documents(tmp_path)
    found = [chunk for chunk in chunk_document(document) if "275" in chunk.text]
    (cited,) = citations(found)
    assert (cited.source, cited.page) == ("Fees 2027.pdf", 2)


def test_rows_and_headings_stay_apart_and_lines_of_prose_come_together(
    tesseract: str,
) -> None:
    prose_lines = (
        "Everybody who starts before March pays",
        "the deposit of last year.",
    )
    content = picture("Fees", "Deposit 275 euros", *prose_lines)
    with Reader(ocr=tesseract) as reader:
        (page,) = reader.read("a.png", content).pages
    parts = [part.split("\n") for part in page.text.split("\n\n") if part.strip()]
    assert parts == [["Fees"], ["Deposit 275 euros"], [" ".join(prose_lines)]]


TABLE = [
    ("Programme", "Length", "Fee 2027", "Start"),
    ("MSc Data Science", "12 months", "GBP 18,500", "September"),
    ("MA Translation", "1 year", "GBP 9,250", "January"),
    ("Project Management", "10 weeks", "free", "any time"),
    ("BSc Nursing (top-up)", "9 months", "GBP 12,400", "October"),
]
IN_MARKDOWN = "\n".join(
    "| " + " | ".join(row) + " |" for row in (TABLE[0], ["---"] * 4, *TABLE[1:])
)


def fee_table(*, ruled: bool, share: float = 1.0) -> Image.Image:
    """A page with a heading, a table and a sentence; ``share`` makes it coarser."""
    image = Image.new("L", (1654, 800), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(28)
    draw.text((100, 90), "Fees for 2027", font=ImageFont.load_default(46), fill=20)
    columns = (100, 720, 980, 1250, 1640)
    for number, row in enumerate(TABLE):
        top = 200 + 56 * number
        for left, cell in zip(columns, row, strict=False):
            draw.text((left + 10, top + 10), cell, font=font, fill=20)
        if ruled:
            for left, right in pairwise(columns):
                draw.rectangle((left, top, right, top + 56), outline=0, width=2)
    words = "Whoever pays late is charged 25 pounds a month until everything is paid."
    draw.text((100, 560), words, font=font, fill=20)
    size = round(image.width * share), round(image.height * share)
    return image.resize(size, Image.Resampling.LANCZOS)


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("share", [1.5, 1.0, 0.42])
def test_tables_and_headings_in_a_picture_are_what_they_are(
    ruled: bool, share: float, tesseract: str
) -> None:
    file = BytesIO()
    fee_table(ruled=ruled, share=share).save(file, "PNG")
    with Reader(ocr=tesseract) as reader:
        (page,) = reader.read("a.png", file.getvalue()).pages
    heading, table, rest = page.text.split("\n\n")
    assert (heading, table) == ("# Fees for 2027", IN_MARKDOWN)
    assert rest.startswith("Whoever pays late is charged 25 pounds a month")


def test_columns_of_prose_in_a_picture_stay_apart(tesseract: str) -> None:
    left = """A student visa lets you stay for the whole of your course and some weeks
        after it. You may work for twenty hours a week while there are lectures."""
    right = """A visitor may study for six months at a place that is accredited, and may
        not work at all. Who wants to stay longer must apply from home again."""
    columns = (" ".join(left.split()), " ".join(right.split()))
    image = Image.new("L", (1654, 400), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(26)
    for edge, words in zip((100, 880), columns, strict=True):
        draw.multiline_text((edge, 80), textwrap.fill(words, 46), font=font, spacing=9)
    file = BytesIO()
    image.save(file, "PNG")
    with Reader(ocr=tesseract) as reader:
        (page,) = reader.read("a.png", file.getvalue()).pages
    assert page.text.split() == " ".join(columns).split()


def beside(shown: Image.Image, *, over: str = "") -> Callable[[FPDF], None]:
    """A page of text with a picture under it, and words ``over`` that."""

    def draw(document: FPDF) -> None:
        prose("Nobody pays more than what is written here.")(document)
        file = BytesIO()
        shown.save(file, "PNG")
        document.image(file, x=20, y=60, w=150)
        document.set_y(70)
        document.multi_cell(0, 6, over)

    return draw


def test_a_picture_of_words_beside_text_is_read_too(tesseract: str) -> None:
    content = pdf(prose("First page."), beside(fee_table(ruled=True)))
    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.pdf", content)
    assert [page.number for page in found.pages] == [1, 2]
    assert found.pages[1].text.startswith(
        "Nobody pays more than what is written here.\n\nFees for 2027\n\n" + IN_MARKDOWN
    )
    assert found.note == "read from pictures: page 2"


def test_a_picture_beside_text_is_told_of_without_the_program() -> None:
    with Reader() as reader:
        found = reader.read("a.pdf", pdf(beside(fee_table(ruled=True))))
    assert found.pages[0].text == "Nobody pays more than what is written here."
    assert found.note == f"holds pictures: page 1; {UNREAD}"


def test_a_scan_with_a_stamp_on_it_is_read(tesseract: str) -> None:
    def stamped(document: FPDF) -> None:
        scan(WORDS)(document)
        document.text(20, 200, "Received on 3 May")

    with Reader(ocr=tesseract) as reader:
        (page,) = reader.read("a.pdf", pdf(stamped)).pages
    assert page.text == f"Received on 3 May\n\n{WORDS}"


def test_the_ground_of_a_page_a_logo_and_a_letterhead_are_not_read() -> None:
    many = "These are the words that a reader of the page sees over it. " * 3
    ground = pdf(beside(fee_table(ruled=False), over=many))
    small = Image.open(BytesIO(logo()))
    head = pdf(*[beside(fee_table(ruled=False))] * 3)
    with Reader() as reader:
        for content in (ground, pdf(icon(small)), head):
            assert reader.read("a.pdf", content).note is None


def icon(shown: Image.Image) -> Callable[[FPDF], None]:
    """A page of text with a picture as small as a logo."""

    def draw(document: FPDF) -> None:
        prose("Nobody pays more than what is written here.")(document)
        document.image(shown, x=150, y=10, w=25)

    return draw


def letter(document: Any) -> None:  # noqa: ANN401  vague there
    """Words around two pictures, of which one is as small as a logo."""
    document.add_paragraph("Before it.")
    document.add_picture(BytesIO(picture(WORDS)))
    document.add_picture(BytesIO(logo()))
    document.add_paragraph("After it.")


def talk(show: Any) -> None:  # noqa: ANN401  vague there
    """A slide of words, one that is a picture under a title, and one without words."""
    add_slide(show, "What it costs", ["450 euros", "paid once"])
    for title, shown in (("Deposit", picture(WORDS)), ("", picture("", "", ""))):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = title
        slide.shapes.add_picture(BytesIO(shown), Inches(1), Inches(2), Inches(8))


def logo() -> bytes:
    file = BytesIO()
    Image.new("L", (200, 200), "white").save(file, "PNG")
    return file.getvalue()


def test_words_in_a_picture_of_a_word_file_are_read_in_their_place(
    tesseract: str,
) -> None:
    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.docx", word(letter))
    assert found.pages[0].text == f"Before it.\n\n{WORDS}\n\nAfter it."
    assert found.note == "read from pictures: picture 1"


def test_words_in_a_picture_of_a_workbook_follow_its_sheets(tesseract: str) -> None:
    def build(book: Any) -> None:  # noqa: ANN401  vague there
        book.active.append(["Deposit", "Due"])
        book.active.append(["275 euros", "March"])
        book.active.add_image(Drawing(BytesIO(picture(WORDS))), "D5")

    def hide(book: Any) -> None:  # noqa: ANN401  vague there
        build(book)
        book.create_sheet("Secret").sheet_state = "hidden"

    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.xlsx", workbook(build))
        assert found.pages[0].text.endswith(f"| 275 euros | March |\n\n{WORDS}")
        assert found.note == "read from pictures: picture 1"
        assert WORDS not in reader.read("b.xlsx", workbook(hide)).pages[0].text
    with Reader() as reader:
        found = reader.read("a.xlsx", workbook(build))
    assert found.pages[0].text.endswith("| 275 euros | March |")
    assert found.note == f"holds pictures: picture 1; {UNREAD}"


def test_a_slide_that_is_a_picture_is_read_and_cited_by_its_number(
    tesseract: str,
) -> None:
    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.pptx", slides(talk))
    assert [(page.number, page.text) for page in found.pages] == [
        (1, "## What it costs\n\n- 450 euros\n- paid once"),
        (2, f"## Deposit\n\n{WORDS}"),
        (3, ""),
    ]
    assert found.note == (
        "read from pictures: page 2; there are no words in pictures: page 3"
    )


def test_words_in_a_picture_beside_others_and_in_a_group_are_read(
    tesseract: str,
) -> None:
    def build(show: Any) -> None:  # noqa: ANN401  vague there
        add_slide(show, "Fees", ["Paid once"]).shapes.add_picture(*placed)
        slide = show.slides.add_slide(show.slide_layouts[6])
        slide.shapes.add_group_shape().shapes.add_picture(*placed)
        placed[0] = BytesIO(picture("", "", ""))
        add_slide(show, "People", ["Our teachers"]).shapes.add_picture(*placed)

    placed = [BytesIO(picture(WORDS)), Inches(1), Inches(2), Inches(8)]
    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.pptx", slides(build))
    assert [page.text for page in found.pages] == [
        f"## Fees\n\nPaid once\n\n{WORDS}",
        WORDS,
        "## People\n\nOur teachers",
    ]
    assert found.note == "read from pictures: pages 1, 2"


def test_a_slide_whose_ground_is_a_picture_of_words_is_read(tesseract: str) -> None:
    def build(show: Any) -> None:  # noqa: ANN401  vague there
        with_ground(show.slides.add_slide(show.slide_layouts[6]), picture(WORDS))
        for title in ("Fees", "People", "Places"):
            with_ground(add_slide(show, title, ["Paid once"]), picture("Our company"))

    with Reader(ocr=tesseract) as reader:
        found = reader.read("a.pptx", slides(build))
    assert [page.text for page in found.pages] == [
        WORDS,
        "## Fees\n\nPaid once",
        "## People\n\nPaid once",
        "## Places\n\nPaid once",
    ]
    assert found.note == "read from pictures: page 1"


def with_ground(slide: Any, shown: bytes) -> None:  # noqa: ANN401  vague there
    """Put a picture behind a slide."""
    _, name = slide.part.get_or_add_image_part(BytesIO(shown))
    fill = f'<a:blipFill><a:blip r:embed="{name}"/></a:blipFill><a:effectLst/>'
    ground = f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill}</p:bgPr></p:bg>"
    slide.element.cSld.insert(0, parse_xml(ground))


def test_a_picture_that_lies_elsewhere_is_left_out() -> None:
    def build(show: Any) -> None:  # noqa: ANN401  vague there
        slide = add_slide(show, "Fees", ["Paid once"])
        with_ground(slide, picture(WORDS))
        linked(slide.element.cSld.find(qn("p:bg")), slide.part)
        placed = (BytesIO(picture(WORDS)), Inches(1), Inches(2), Inches(8))
        linked(slide.shapes.add_picture(*placed)._element, slide.part)

    def write(document: Any) -> None:  # noqa: ANN401  vague there
        document.add_paragraph("Words.")
        document.add_picture(BytesIO(picture(WORDS)))
        linked(document.element, document.part)

    with Reader() as reader:
        found = reader.read("a.pptx", slides(build))
        assert (found.pages[0].text, found.note) == ("## Fees\n\nPaid once", None)
        found = reader.read("a.docx", word(write))
        assert (found.pages[0].text, found.note) == ("Words.", None)


def linked(element: Any, part: Any) -> None:  # noqa: ANN401  vague there
    """Have a picture be looked up where it should not be."""
    (blip,) = element.xpath(".//a:blip")
    del blip.attrib[qn("r:embed")]
    where = part.relate_to(
        "file:///etc/passwd", RELATIONSHIP_TYPE.IMAGE, is_external=True
    )
    blip.set(qn("r:link"), where)


def test_noise_of_a_photograph_is_not_taken_for_words() -> None:
    assert sensible("a ~ 1l | x vv oO ,. ee") == ""
    assert sensible(WORDS) == WORDS


def test_without_the_program_pictures_in_office_files_are_told_of() -> None:
    with Reader() as reader:
        found = reader.read("a.docx", word(letter))
        assert found.pages[0].text == "Before it.\n\nAfter it."
        assert found.note == f"holds pictures: picture 1; {UNREAD}"
        found = reader.read("a.pptx", slides(talk))
        assert found.pages[1].text == "## Deposit"
        assert found.note == f"holds pictures: pages 2, 3; {UNREAD}"
        only = word(lambda document: document.add_picture(BytesIO(picture(WORDS))))
        assert reader.read("b.docx", only).note == f"holds only pictures; {UNREAD}"


def test_a_picture_without_words_is_empty(tesseract: str) -> None:
    with Reader(ocr=tesseract) as reader:
        assert reader.read("a.png", picture()).is_empty
        found = reader.read("b.pdf", pdf(scan()))
    assert found.is_empty
    assert found.note == "there are no words in pictures: page 1"


@pytest.mark.parametrize("content", [b"no picture", picture(WORDS)[:400]])
def test_a_damaged_picture_is_refused(content: bytes, tesseract: str) -> None:
    with Reader(ocr=tesseract) as reader:
        with pytest.raises(UnreadableError, match="a picture that cannot be read"):
            reader.read("a.png", content)
        assert reader.read("b.txt", b"Words.").pages[0].text == "Words."


def test_a_page_that_takes_too_long_is_named_and_the_others_are_kept(
    tmp_path: Path,
) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 1000\n")
    slow.chmod(0o755)
    content = pdf(prose("First page."), scan(WORDS))
    with Reader(ocr=str(slow)) as reader:
        reader.read("a.txt", b"The process has started.")
    with Reader(ocr=str(slow), seconds=5) as reader:
        found = reader.read("a.pdf", content)
    assert [page.text for page in found.pages] == ["First page.", ""]
    assert found.note == "only pictures, which could not be read: page 2"


def test_without_the_program_pictures_are_told_of() -> None:
    with Reader() as reader:
        found = reader.read("a.pdf", pdf(prose("Words."), *[scan(WORDS)] * 12))
        assert found.note == (
            f"only pictures: pages 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …; {UNREAD}"
        )
        assert reader.read("a.pdf", pdf(scan(WORDS))).note == (
            f"holds only pictures; {UNREAD}"
        )
        with pytest.raises(UnreadableError, match="is a picture; text in pictures is"):
            reader.read("a.png", picture(WORDS))


def test_files_are_read_again_when_the_program_has_come(
    tmp_path: Path, tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del tesseract
    (tmp_path / "a.png").write_bytes(picture(WORDS))
    with_it = recipe()
    _, (outcome,) = collect(source_files(tmp_path), before=Earlier())
    assert (outcome.status, outcome.chunks) == (FileStatus.INDEXED, 1)
    monkeypatch.setenv("PATH", "")
    assert recipe() != with_it
