"""Makes small real files of other formats, with the libraries that people use."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import docx
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from openpyxl import Workbook
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

Draw = Callable[[FPDF], None]
FEES = [
    ["Programme", "Fee", "Weeks"],
    ["Data analytics", "450 EUR", "12"],
    ["Cyber security", "600 EUR", "16"],
]


def pdf(*pages: Draw, title: str | None = None, protect: Draw | None = None) -> bytes:
    """A PDF file with a page for each function, which draws it."""
    document = FPDF()
    document.set_font("Helvetica", size=11)
    if title:
        document.set_title(title)
    if protect:
        protect(document)
    for draw in pages:
        document.add_page()
        draw(document)
    return bytes(document.output())


def written(*blocks: tuple[str, int, str]) -> Draw:
    """A page of blocks, each with style ("B" is bold), size and words."""

    def draw(document: FPDF) -> None:
        for style, size, words in blocks:
            document.set_font("Helvetica", style=style, size=size)
            document.multi_cell(0, size / 2, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            document.ln(size / 3)

    return draw


def prose(words: str) -> Draw:
    """A page with nothing but a paragraph."""
    return written(("", 11, words))


def ruled(rows: Sequence[Sequence[str]]) -> Draw:
    """A page with a table that has lines around its cells."""

    def draw(document: FPDF) -> None:
        document.multi_cell(0, 6, "Before it.", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        with document.table(width=90) as table:
            for row in rows:
                cells = table.row()
                for cell in row:
                    cells.cell(cell)
        document.multi_cell(0, 20, "After it.", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    return draw


def in_columns(rows: Sequence[Sequence[str]]) -> Draw:
    """A page with a table that has no lines at all."""

    def draw(document: FPDF) -> None:
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                document.text(20 + 60 * place, 40 + 8 * number, cell)

    return draw


def scanned(document: FPDF) -> None:
    """A page that is a picture of words."""
    document.image(Image.open(BytesIO(picture())), x=10, y=10, w=100)


def picture() -> bytes:
    """A picture of words."""
    image = Image.new("RGB", (400, 100), "white")
    ImageDraw.Draw(image).text((10, 40), "The fee is 450 euros", fill="black")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def word(build: Callable[[Any], None]) -> bytes:
    """A DOCX file."""
    document = docx.Document()
    build(document)
    return _saved(document)


def slides(build: Callable[[Any], None]) -> bytes:
    """A PPTX file."""
    show = Presentation()
    build(show)
    return _saved(show)


def add_slide(show: Any, title: str, lines: Sequence[str] = ()) -> Any:  # noqa: ANN401  vague there
    """A slide with a title and a list."""
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = title
    slide.placeholders[1].text = "\n".join(lines)
    return slide


def add_chart(slide: Any) -> None:  # noqa: ANN401  as above
    """A bar chart of fees, with a title."""
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["2025", "2026"]
    data.add_series("Fee", (450, None))
    size = (Inches(1), Inches(4), Inches(4), Inches(3))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Fees by year"


def workbook(build: Callable[[Any], None]) -> bytes:
    """An XLSX file."""
    book = Workbook()
    build(book)
    return _saved(book)


def repacked(content: bytes, changes: dict[str, bytes | None]) -> bytes:
    """An Office file with some of its parts replaced, added or (None) left out."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in changes:
                after.writestr(name, before.read(name))
        for name, part in changes.items():
            if part is not None:
                after.writestr(name, part)
    return file.getvalue()


def about(what: str) -> str:
    """A few lines, none of which is like those about something else."""
    return (
        f"The {what} is paid once before you start, by card or bank transfer. If the "
        f"{what} is not paid in time, your place goes to whoever waits for it. Nobody "
        f"pays the {what} twice."
    )


def brochure() -> bytes:
    """Three pages about fees, with headings, and a table on the last one."""
    return pdf(
        written(
            ("B", 20, "Fees 2027"),
            ("", 11, about("fee")),
            ("B", 14, "Refunds"),
            ("", 11, about("refund")),
        ),
        written(
            ("", 11, about("remainder")), ("B", 14, "Grants"), ("", 11, about("grant"))
        ),
        ruled([["Programme", "Fee"], ["Data analytics", "450 EUR"]]),
    )


def _saved(document: Any) -> bytes:  # noqa: ANN401  whatever has a save
    file = BytesIO()
    document.save(file)
    return file.getvalue()
