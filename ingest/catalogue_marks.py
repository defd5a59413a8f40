"""Takes the mark of a draft out of a catalogue; nothing else of the text changes."""

from bot.errors import DocumentError, NotFoundError
from ingest.catalogue_entries import pairs, places


def without_mark(name: str, content: bytes, *, document: str, heading: str) -> bytes:
    """The catalogue with what was a draft of a section in use.

    Raises:
        NotFoundError: there is no draft for that section.
        DocumentError: the mark stands on a line with other things.
    """
    for place, section, node in places(name, content):
        if (place.value, section.value) != (document, heading):
            continue
        for key, value in pairs(name, node):
            if key.value == "draft":
                return _without_line(name, content, key.start_mark, value.end_mark)
    raise NotFoundError(f"{name} has no draft for “{document}#{heading}”")


def _without_line(name: str, content: bytes, start: object, end: object) -> bytes:
    first, last = int(getattr(start, "line", -1)), int(getattr(end, "line", -2))
    lines = content.decode("utf-8-sig").split("\n")
    alone = lines[first].strip().startswith("draft") and first == last
    if not alone:
        raise DocumentError(
            f"{name}:{first + 1}: the mark does not stand on a line of its own; take "
            "it out by hand"
        )
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    return bom + "\n".join([*lines[:first], *lines[first + 1 :]]).encode()
