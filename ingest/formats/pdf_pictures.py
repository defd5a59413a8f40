"""Pictures on PDF pages that may hold words, and pages drawn for reading them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pypdfium2 import PdfDocument, PdfImage, PdfiumError, PdfObject, PdfPage
from pypdfium2.raw import (
    FPDF_PAGEOBJ_IMAGE,
    FPDF_PAGEOBJ_PATH,
    FPDF_PAGEOBJ_TEXT,
    FPDFImageObj_GetImageDataRaw,
)

from ingest.formats.contents import UnreadableError
from ingest.formats.pictures import FEWEST_DOTS

DOTS_AN_INCH = 300
POINTS_AN_INCH = 72
MOST_DOTS = 40_000_000
# Words whose letters are drawn as outlines are at least so many paths.
FEWEST_PATHS = 20
# Beside text, pictures are read where they take so much of the page together.
LARGE = 0.04
# A picture with more words over it is the ground of a page, or was read when scanned.
MOST_WORDS_OVER = 20
# What is in the same place on so many pages is a letterhead.
FEWEST_PAGES = 3

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the part of its page that it takes, and its sizes."""

    box: Box
    share: float
    dots: int
    bytes: int


def pages_with_pictures(
    content: bytes, *, written: Collection[int], blank: Collection[int]
) -> tuple[int, ...]:
    """The numbers of pages of which pictures should be read for their words.

    Of the ``blank`` ones, which hold no text, those that show anything; of the
    ``written`` ones those with large pictures that have no text over them.
    """
    try:
        with PdfDocument(content) as document:
            shown = [number for number in blank if _shows(document[number - 1])]
            found = {number: _bare(document[number - 1]) for number in written}
    except PdfiumError:
        return tuple(blank)  # they are named as pages that could not be read
    return tuple(sorted([*shown, *_large(found)]))


def drawn_for_reading(content: bytes, number: int) -> tuple[bytes, bool]:
    """A page in shades of grey (PGM), and whether all of it is there.

    Where pictures stand beside text, the text is left out.

    Raises:
        UnreadableError: it cannot be drawn.
    """
    try:
        with PdfDocument(content) as document:
            page = document[number - 1]
            beside = bool(_bare(page))
            if beside:
                _erase_text(page)
            return _drawn(page), not beside
    except PdfiumError as error:
        raise UnreadableError("is a picture that cannot be drawn") from error


def _shows(page: PdfPage) -> bool:
    """Whether something is drawn on a page that could be words."""
    kinds = Counter(item.type for item in page.get_objects())
    return bool(kinds[FPDF_PAGEOBJ_IMAGE] or kinds[FPDF_PAGEOBJ_PATH] >= FEWEST_PATHS)


def _bare(page: PdfPage) -> list[Picture]:
    """The pictures of a page with text that have hardly any of it over them."""
    pictures = list(_pictures(page))
    if not pictures:
        return []
    text = page.get_textpage()
    try:
        return [
            picture
            for picture in pictures
            if text.count_chars()
            and len(text.get_text_bounded(*picture.box).split()) <= MOST_WORDS_OVER
        ]
    finally:
        text.close()


def _pictures(page: PdfPage) -> Iterator[Picture]:
    left, bottom, right, top = page.get_bbox()
    for item in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        assert isinstance(item, PdfImage)  # noqa: S101  as asked for
        box = _box(item)
        seen = (
            max(box[0], left), max(box[1], bottom), min(box[2], right), min(box[3], top)
        )  # fmt: skip
        if seen[0] < seen[2] and seen[1] < seen[3]:
            width, height = item.get_px_size()
            yield Picture(
                box=seen,
                share=_area(seen) / _area((left, bottom, right, top)),
                dots=width * height,
                bytes=FPDFImageObj_GetImageDataRaw(item, None, 0),
            )


def _box(item: PdfObject) -> Box:
    """Where a picture is on its page, also inside of other objects."""
    place = item.get_matrix()
    within = item.container
    while within is not None:
        place = place.multiply(within.get_matrix())
        within = within.container
    left, bottom, right, top = place.on_rect(0, 0, 1, 1)
    return left, bottom, right, top


def _area(box: Box) -> float:
    left, bottom, right, top = box
    return (right - left) * (top - bottom)


def _large(found: Mapping[int, list[Picture]]) -> list[int]:
    """The pages whose pictures, but for those of a letterhead, could hold words."""
    counts = Counter(
        picture for pictures in found.values() for picture in set(pictures)
    )
    numbers = []
    for number, pictures in found.items():
        own = [picture for picture in pictures if counts[picture] < FEWEST_PAGES]
        if (
            sum(picture.share for picture in own) >= LARGE
            and sum(picture.dots for picture in own) >= FEWEST_DOTS
        ):
            numbers.append(number)
    return numbers


def _erase_text(page: PdfPage) -> None:
    for item in list(page.get_objects(filter=[FPDF_PAGEOBJ_TEXT])):
        page.remove_obj(item)


def _drawn(page: PdfPage) -> bytes:
    width, height = page.get_size()
    scale = DOTS_AN_INCH / POINTS_AN_INCH
    scale = min(scale, (MOST_DOTS / (width * height)) ** 0.5)
    dots = page.render(scale=scale, grayscale=True).to_numpy()
    rows, columns = dots.shape[:2]
    return b"".join((b"P5 %d %d 255\n" % (columns, rows), dots.tobytes()))
