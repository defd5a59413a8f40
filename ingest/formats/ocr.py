"""Text in pictures, read by Tesseract where that program is installed."""

import shutil
import subprocess
from collections.abc import Mapping

from ingest.formats.contents import Page, UnreadableError
from ingest.formats.ocr_lines import recognised_lines
from ingest.formats.pdf_headings import headings
from ingest.formats.pdf_layout import page_markdown
from ingest.formats.pictures import enlarged

PROGRAM = "tesseract"
# Many pictures say nothing of it or something wrong, and then tables are lost.
DOTS_AN_INCH = "300"
LONGEST_LISTING = 10.0
# One thread reads a page as fast as four on a busy machine.
ENVIRONMENT: Mapping[str, str] = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


def ocr_program() -> str | None:
    """Where Tesseract is, if it is installed."""
    return shutil.which(PROGRAM)


def ocr_languages(program: str) -> list[str]:
    """What is installed, English first; the rest of its list is no language."""
    try:
        done = _run([program, "--list-langs"], longest=LONGEST_LISTING)
    except (OSError, subprocess.TimeoutExpired):
        return ["eng"]  # each picture will tell of it
    listed = done.stdout.decode().splitlines()[1:]
    others = sorted(name for name in listed if name not in {"eng", "osd"})
    return ["eng", *others]


def read_picture(content: bytes, program: str) -> tuple[Page, ...]:
    """The words in a picture as Markdown, on as many pages as it has.

    Raises:
        UnreadableError: Tesseract cannot make anything of it.
    """
    languages = "+".join(ocr_languages(program))
    command = [program, "stdin", "stdout", "--dpi", DOTS_AN_INCH, "-l", languages]
    done = _run([*command, "hocr"], enlarged(content))
    if done.returncode:
        killed = done.returncode < 0
        raise UnreadableError("is a picture that cannot be read", may_pass=killed)
    sheets = recognised_lines(done.stdout)
    looks = headings(sheets)
    paged = len(sheets) > 1
    return tuple(
        Page(
            text=page_markdown(lines, headings=looks), number=number if paged else None
        )
        for number, lines in enumerate(sheets, start=1)
    )


def words_in_picture(content: bytes, program: str) -> str:
    """The words in a picture of one or several pages, as one text in Markdown."""
    return "\n\n".join(filter(None, (p.text for p in read_picture(content, program))))


def _run(
    command: list[str], content: bytes = b"", *, longest: float | None = None
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603  found on the PATH of who runs this
        command,
        input=content,
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        timeout=longest,
    )
