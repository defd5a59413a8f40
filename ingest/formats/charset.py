"""Bytes to text, whatever they were saved as."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from ingest.formats.contents import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE
)
DECLARED_IN_XML = re.compile(rb"^<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w-]{2,40})")
SAMPLE = 200_000
CONTROLS_ALLOWED = 0.01


def decoded(content: bytes) -> str:
    """The text of a file, by its mark, its own declaration, as UTF-8, or by guess.

    Raises:
        UnreadableError: it is no text in any character set.
    """
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for sign in text if _is_control(sign))
    if controls > CONTROLS_ALLOWED * len(text):
        raise UnreadableError("is not text")
    return "".join("\ufffd" if _is_control(sign) else sign for sign in text)


def _decoded(content: bytes) -> str:
    for mark, marked in MARKS:
        if content.startswith(mark):
            return content.decode(marked, "replace")
    for charset in filter(None, (_declared(content), "utf-8")):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(content[:SAMPLE]).best()
    if best is None:
        raise UnreadableError("is not text in any character set that is known")
    return content.decode(best.encoding, "replace")


def _declared(content: bytes) -> str | None:
    start = content[:2000]
    found = DECLARED_IN_XML.search(start) or DECLARED.search(start)
    return found[1].decode("ascii") if found else None


def _is_control(sign: str) -> bool:
    return sign not in "\n\t\f\v" and unicodedata.category(sign) == "Cc"
