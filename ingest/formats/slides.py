"""PPTX: a slide is a page; its title is a heading, tables and charts are tables."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml.etree import LxmlError
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.exc import PythonPptxError

from ingest.formats.contents import Contents, Page, UnreadableError, escaped, table
from ingest.formats.grid import Cell, Grid, at_places
from ingest.formats.office import checked
from ingest.formats.pictures import SMALL, could_hold_words
from ingest.formats.tables import table_markdown
from ingest.formats.titles import own_title

MAIN = "ppt/presentation.xml"
NO_PPTX = "is damaged, or not a PPTX file"
DAMAGED = (PythonPptxError, LxmlError, KeyError, zipfile.BadZipFile)
# A picture is read where it takes so much of the slide.
LARGE = 0.04
# What is on so many slides is their decoration.
FEWEST_SLIDES = 3
GROUNDS = ".//p:bg//a:blip/@r:embed | .//p:sp/p:spPr/a:blipFill/a:blip/@r:embed"


def read_pptx(content: bytes) -> Contents:
    """A presentation as its audience saw it: no notes, no hidden slides."""
    show = _opened(content)
    try:
        title = own_title(show.core_properties.title)
        slides = _shown(show)
        pages = [Page(text=_slide(slide), number=n) for n, slide in slides.items()]
        scanned = [number for number, found in _pictures(show).items() if found]
    except DAMAGED as error:
        raise UnreadableError(NO_PPTX) from error
    found = Contents(pages=tuple(pages), title=title, scanned=tuple(scanned))
    small = pages and found.is_empty and not scanned
    return replace(found, note=SMALL) if small else found


def pictures_of_pptx(content: bytes, number: int) -> list[bytes]:
    """The large pictures on a slide, as they are read."""
    return _pictures(_opened(content))[number]


def _opened(content: bytes) -> Any:  # noqa: ANN401  the library's types are vague
    file = checked(content, main=MAIN, kind="PPTX")
    try:
        return Presentation(file)
    except DAMAGED as error:
        raise UnreadableError(NO_PPTX) from error


def _shown(show: Any) -> dict[int, Any]:  # noqa: ANN401  as above
    return {
        number: slide
        for number, slide in enumerate(show.slides, start=1)
        if slide.element.get("show") != "0"
    }


def _pictures(show: Any) -> dict[int, list[bytes]]:  # noqa: ANN401  as above
    """The pictures of each slide that could hold words."""
    least = LARGE * show.slide_width * show.slide_height
    found = {n: list(_large(slide, least)) for n, slide in _shown(show).items()}
    counts = Counter(
        picture for pictures in found.values() for picture in set(pictures)
    )
    return {
        number: [
            picture
            for picture in pictures
            if counts[picture] < FEWEST_SLIDES and could_hold_words(picture)
        ]
        for number, pictures in found.items()
    }


def _large(slide: Any, least: float) -> Iterator[bytes]:  # noqa: ANN401  as above
    """Pictures that take at least so much of a slide, and those that fill shapes."""
    for name in slide.element.xpath(GROUNDS):
        if name in slide.part.rels and not slide.part.rels[name].is_external:
            yield slide.part.related_part(name).blob
    for shape in _flat(slide.shapes):
        if _holds_picture(shape) and shape.width * shape.height >= least:
            yield shape.image.blob


def _flat(shapes: Any) -> Iterator[Any]:  # noqa: ANN401  as above
    """Shapes with those inside groups, in the order in which they are read."""
    for shape in _in_reading_order(shapes):
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _flat(shape.shapes)
        else:
            yield shape


def _holds_picture(shape: Any) -> bool:  # noqa: ANN401  as above
    """Whether there is a picture in it; one that lies elsewhere is not fetched."""
    try:
        return hasattr(shape, "image")
    except ValueError:
        return False


def _slide(slide: Any) -> str:  # noqa: ANN401  as above
    heading = slide.shapes.title
    blocks = (
        [f"## {words}"] if heading is not None and (words := _line(heading)) else []
    )
    for shape in _flat(slide.shapes):
        if heading is None or shape.shape_id != heading.shape_id:
            blocks += _blocks(shape)
    return "\n\n".join(blocks)


def _in_reading_order(shapes: Any) -> list[Any]:  # noqa: ANN401  as above
    return sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))


def _blocks(shape: Any) -> Iterator[str]:  # noqa: ANN401  as above
    if getattr(shape, "has_table", False) and shape.has_table:
        yield table_markdown(_grid(shape.table))
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        yield from _chart(shape.chart)
    elif shape.has_text_frame:
        yield from _paragraphs(shape)


def _grid(cells: Any) -> Grid:  # noqa: ANN401  as above
    found = []
    for row, line in enumerate(cells.rows):
        for column, cell in enumerate(line.cells):
            if not cell.is_spanned:
                down, across = (
                    (cell.span_height, cell.span_width)
                    if cell.is_merge_origin
                    else (1, 1)
                )
                heads = bool(cells.first_row) and not row
                found.append((row, column, Cell(cell.text, down, across, heads)))
    return at_places(found, rows=len(cells.rows))


def _paragraphs(shape: Any) -> Iterator[str]:  # noqa: ANN401  as above
    found = [
        (paragraph.level, escaped(paragraph.text.replace("\v", " ")))
        for paragraph in shape.text_frame.paragraphs
        if paragraph.text.strip()
    ]
    if len(found) == 1 or not shape.is_placeholder:
        yield from (text for _, text in found)
    elif found:
        yield "\n".join(
            f"{'  ' * level}- {text.removeprefix('- ')}" for level, text in found
        )


def _chart(chart: Any) -> Iterator[str]:  # noqa: ANN401  as above
    if chart.has_title and chart.chart_title.has_text_frame:
        yield escaped(chart.chart_title.text_frame.text)
    for plot in chart.plots:
        header = ["", *(series.name for series in plot.series)]
        values = [series.values for series in plot.series]
        rows = zip(plot.categories, *values, strict=False)
        yield table([header, *([_value(cell) for cell in row] for row in rows)])


def _value(cell: object) -> str:
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell or "")


def _line(shape: Any) -> str:  # noqa: ANN401  as above
    return " ".join(shape.text_frame.text.split())
