"""Text in pictures, read by Tesseract where that program is installed."""

import re
import shutil
import subprocess
from collections.abc import Mapping

import pypdfium2

from ingest.formats.contents import Page, UnreadableError
from ingest.formats.plain_text import read_text

PROGRAM = "tesseract"
DOTS_AN_INCH = 300
POINTS_AN_INCH = 72
MOST_DOTS = 40_000_000
FULL_LINE = 0.7
BLANK_LINES = re.compile(r"\n{3,}")
# One thread reads a page as fast as four on a busy machine.
ENVIRONMENT: Mapping[str, str] = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def ocr_program() -> str | None:
    """Where Tesseract is, if it is installed."""
    return shutil.which(PROGRAM)


def read_picture(content: bytes, program: str) -> tuple[Page, ...]:
    """The words in a picture, on as many pages as it has.

    Raises:
        UnreadableError: Tesseract cannot make anything of it.
    """
    languages = "+".join(_languages(program))
    command = [program, "stdin", "stdout", "-l", languages]
    done = _run(command, content)
    if done.returncode:
        raise UnreadableError("is a picture that cannot be read")
    text = done.stdout.decode("utf-8", "replace")
    # A form feed ends each page; it does not begin another one.
    sheets = [_paragraphs(sheet) for sheet in text.removesuffix("\f").split("\f")]
    return read_text("\f".join(sheets).encode()).pages


def read_scanned_page(content: bytes, number: int, program: str) -> str:
    """The words on a page of a PDF file, which is a picture, as Markdown."""
    pages = read_picture(_drawn(content, number), program)
    return "\n\n".join(page.text for page in pages)


def _paragraphs(text: str) -> str:
    """A line that ends early ends its paragraph: a heading, a row, an address."""
    lines = text.split("\n")
    full = FULL_LINE * max(len(line) for line in lines)
    text = "\n".join(line if len(line) >= full else f"{line}\n" for line in lines)
    return BLANK_LINES.sub("\n\n", text)


def _drawn(content: bytes, number: int) -> bytes:
    """A page in shades of grey, in the plainest of formats (PGM)."""
    try:
        page = pypdfium2.PdfDocument(content)[number - 1]
        width, height = page.get_size()
        scale = DOTS_AN_INCH / POINTS_AN_INCH
        scale = min(scale, (MOST_DOTS / (width * height)) ** 0.5)
        dots = page.render(scale=scale, grayscale=True).to_numpy()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("is a picture that cannot be drawn") from error
    rows, columns = dots.shape[:2]
    return b"".join((b"P5 %d %d 255\n" % (columns, rows), dots.tobytes()))


def _languages(program: str) -> list[str]:
    """What is installed, English first; the rest of its list is no language."""
    listed = _run([program, "--list-langs"]).stdout.decode().splitlines()[1:]
    others = sorted(name for name in listed if name not in {"eng", "osd"})
    return ["eng", *others]


def _run(
    command: list[str], content: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603  found on the PATH of who runs this
        command, input=content, capture_output=True, check=False, env=ENVIRONMENT
    )
