"""Pictures of words, with Tesseract and without it."""

import os
import re
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from bot.answering.chunks import citations
from ingest.chunking import chunk_document
from ingest.collecting import Earlier, collect
from ingest.documents import read_documents
from ingest.files import source_files
from ingest.formats.contents import UnreadableError
from ingest.formats.pictures import sensible
from ingest.outcomes import FileStatus
from ingest.reading import Reader
from ingest.recipe import recipe
from tests.support.foreign import about, add_slide, pdf, prose, slides, word

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
        (2, f"{WORDS}\n\nIt is paid back."),
        (3, "Last."),
    ]
    assert found.note == "read from pictures: page 2"


@pytest.mark.parametrize("name", ["uk-student-visa", "germany-blocked-account"])
def test_of_the_words_on_a_crooked_and_grainy_scan_nearly_all_are_read(
    name: str, tesseract: str
) -> None:
    page = PROJECT / "knowledge" / "guidance" / f"{name}.md"
    text = page.read_text("utf-8").split("---", 2)[2].replace("#", "")
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
    assert parts == [["Fees"], ["Deposit 275 euros"], list(prose_lines)]


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


def test_a_picture_that_lies_elsewhere_is_left_out() -> None:
    def build(show: Any) -> None:  # noqa: ANN401  vague there
        slide = add_slide(show, "Fees", ["Paid once"])
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
