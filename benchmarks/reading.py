"""How fast PDF files and web pages are read, against the libraries that read them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import trafilatura
from fpdf import FPDF
from pypdf import PdfReader

from benchmarks.documents import write_documents
from benchmarks.figures import Figure
from ingest.reading import Reader


def measure(scratch: Path, *, pages: int, repetitions: int) -> list[Figure]:
    """Pages a second of either format, with the process that reads them started."""
    write_documents(scratch / "texts", pages)
    texts = [path.read_text("utf-8") for path in sorted((scratch / "texts").iterdir())]
    document = _pdf(texts)
    sites = [_html(text).encode() for text in texts]

    def bare_pdf() -> None:
        for page in PdfReader(BytesIO(document)).pages:
            page.extract_text()

    def bare_html() -> None:
        for site in sites:
            trafilatura.extract(
                site, output_format="markdown", include_tables=True, favor_recall=True
            )

    with Reader(seconds=600.0) as reader:
        reader.read("a.txt", b"It has started.")

        def our_html() -> None:
            for site in sites:
                reader.read("a.html", site)

        return [
            _figure(
                "PDF",
                "pypdf",
                pages,
                ours=_seconds(lambda: reader.read("a.pdf", document), repetitions),
                bare=_seconds(bare_pdf, repetitions),
            ),
            _figure(
                "HTML",
                "trafilatura",
                pages,
                ours=_seconds(our_html, repetitions),
                bare=_seconds(bare_html, repetitions),
            ),
        ]


def _figure(kind: str, library: str, pages: int, *, ours: float, bare: float) -> Figure:
    return Figure(
        what=f"{kind} pages read a second, with headings and tables, in a process with "
        f"limits; {library} alone",
        measured=f"{pages / ours:.0f}; {pages / bare:.0f} ({ours / bare:.1f} times)",
    )


def _seconds(work: Callable[[], object], repetitions: int) -> float:
    taken = []
    for _ in range(repetitions):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return median(taken)


def _pdf(texts: list[str]) -> bytes:
    document = FPDF()
    document.set_font("helvetica", size=11)
    for text in texts:
        document.add_page()
        document.multi_cell(0, 6, text)
    return bytes(document.output())


def _html(text: str) -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    menu = "".join(
        f"<li><a href='/{number}'>Part {number}</a></li>" for number in "123"
    )
    return (
        "<!doctype html><html><head><title>Course</title></head><body>"
        f"<nav><ul>{menu}</ul></nav><main>{paragraphs}</main>"
        "<footer>All rights reserved.</footer></body></html>"
    )
