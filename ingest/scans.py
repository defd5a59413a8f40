"""What was read in pictures, put where they stand, and what an editor is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.formats.contents import Contents, Page, named_pages
from ingest.formats.pictures import with_words

ONLY = "holds only pictures"
UNREADABLE = "which could not be read"


def with_scans(
    found: Contents,
    *,
    words: Mapping[int, str],
    failed: Sequence[int],
    unread: str | None,
) -> Contents:
    """The contents with the ``words`` in pictures, by the numbers in ``scanned``.

    ``failed`` names those that could not be read; ``unread`` says why, if none can.
    That a picture holds no words is told where there are no others either.
    """
    pages = tuple(_completed(page, words, found) for page in found.pages)
    blank = _blank(pages, found)
    what = "picture" if found.marked else "page"
    read = [number for number, said in words.items() if said.strip()]
    silent = [number for number in words if number in blank]
    notes = [found.note] if found.note else []
    for about, numbers in (("read from", read), ("there are no words in", silent)):
        if numbers:
            notes.append(f"{about} pictures: {named_pages(numbers, what)}")
    if failed:
        where = _where(failed, blank, pages)
        which = "" if where == ONLY else f": {named_pages(failed, what)}"
        problem = f"{which}; {unread}" if unread else f", {UNREADABLE}{which}"
        notes.append(where + problem)
    return replace(found, pages=pages, note="; ".join(notes) or None)


def _where(numbers: Sequence[int], blank: set[int], pages: Sequence[Page]) -> str:
    if not any(page.text.strip() for page in pages):
        return ONLY
    return "only pictures" if blank.issuperset(numbers) else "holds pictures"


def _completed(page: Page, words: Mapping[int, str], found: Contents) -> Page:
    """A page with the words of its pictures; in their places, where it is marked."""
    if found.marked:
        return replace(page, text=with_words(page.text, words))
    read = words.get(page.number or 0, "")
    return replace(page, text="\n\n".join(filter(None, (page.text.strip(), read))))


def _blank(pages: Sequence[Page], found: Contents) -> set[int]:
    """Which of the numbers in ``scanned`` stand where there are no words at all."""
    if found.marked:
        return set() if any(page.text.strip() for page in pages) else set(found.scanned)
    return {page.number or 0 for page in pages if not page.text.strip()}
