"""What is wrong with figures: bare sums, and those that have ended or are old."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from bot.answering.chunks import Chunk
from ingest.catalogue_entries import Entry
from ingest.documents import Document
from ingest.figure_references import references
from ingest.figure_writing import sums_in
from ingest.figures import Figures
from ingest.files import SourceFile
from ingest.findings import Finding, Trouble
from ingest.matter_block import split_front_matter
from ingest.phrasings import Catalogues, section_writings


def due_figures(figures: Figures, today: date) -> Iterator[Finding]:
    """Those that somebody has to look up again."""
    for name, figure in figures.items():
        if figure.has_ended(today):
            message = f"{name}: valid_until was {figure.valid_until}"
            yield Finding(Trouble.EXPIRED, figure.where, message)
        elif figure.recheck_by and figure.recheck_by < today:
            message = f"{name}: recheck_by was {figure.recheck_by}"
            yield Finding(Trouble.DUE, figure.where, message)


def figures_of_document(
    file: SourceFile, document: Document, today: date
) -> Iterator[Finding]:
    """Its references to figures that have ended, and its bare sums."""
    figures = document.figures
    lines = file.content.decode("utf-8-sig").splitlines() if figures else []
    _, start = split_front_matter(file.path, lines)
    for number, line in enumerate(lines[start:], start=start + 1):
        where = f"{file.path}:{number}"
        for name in references(line):
            if figures[name].has_ended(today):
                yield Finding(
                    Trouble.EXPIRED,
                    where,
                    f"“{name}” has ended on {figures[name].valid_until}; the section "
                    "is left out",
                )
        if not line.lstrip().startswith("#"):  # a heading cannot refer to one
            yield from _bare(line, figures, where, document.about.country)


def figures_of_answers(
    entries: Iterable[Entry], chunks: Iterable[Chunk], catalogues: Catalogues
) -> Iterator[Finding]:
    """Answers that refer to figures of other sections, and their bare sums."""
    named = {chunk.name: chunk for chunk in chunks}
    written = section_writings(chunks)
    for entry in entries:
        chunk = named[entry.section]
        for name in catalogues.foreign(entry, written[entry.section]):
            message = f"the answer refers to “{name}”, and “{entry.section}” does not"
            yield Finding(Trouble.BROKEN, entry.where, message)
        answer, where = entry.answer or "", entry.where
        yield from _bare(answer, catalogues.figures, where, chunk.countries)


def _bare(
    text: str, figures: Figures, where: str, countries: Collection[str]
) -> Iterator[Finding]:
    """Sums that are a figure's; its id begins with the country that it is about."""
    for found, value, currency in sums_in(text):
        names = [
            f"{{{{{name}}}}}"
            for name, figure in figures.items()
            if (figure.value, figure.unit) == (value, currency)
            and (not countries or _place(name) in countries)
        ]
        if names:
            message = f"“{found[0]}” is a figure; write {' or '.join(names)}"
            yield Finding(Trouble.BROKEN, where, message)


def _place(name: str) -> str:
    return name.partition(".")[0].replace("_", "-")
