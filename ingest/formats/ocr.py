"""Text in pictures, read by Tesseract where that program is installed."""

from ingest.formats.contents import Page, UnreadableError
from ingest.formats.ocr_lines import recognised_lines
from ingest.formats.pdf_headings import headings
from ingest.formats.pdf_layout import page_markdown
from ingest.formats.pictures import enlarged
from ingest.formats.tesseract import ocr_languages, run

# Many pictures say nothing of it or something wrong, and then tables are lost.
DOTS_AN_INCH = "300"


def read_picture(content: bytes, program: str) -> tuple[Page, ...]:
    """The words in a picture as Markdown, on as many pages as it has.

    Raises:
        UnreadableError: Tesseract cannot make anything of it.
    """
    languages = "+".join(ocr_languages(program))
    command = [program, "stdin", "stdout", "--dpi", DOTS_AN_INCH, "-l", languages]
    done = run([*command, "hocr"], enlarged(content))
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
