"""Bytes to text, whatever they were saved as."""

import codecs
import re
import unicodedata
from collections.abc import Container

from charset_normalizer import from_bytes

from bot.answering.understanding.languages import written_in
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
MARKED, DECLARES = "its mark", "its own words"
WESTERN = {"latin-1", "latin1", "iso-8859-1", "iso8859-1", "us-ascii", "ascii"}
# Every second byte of a text of two bytes a character, where it is English.
WIDE = 0.4
# What stands inside no word: signs that are letters in other sets, capitals.
ODD_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b4\u00b6\u00b8\u00b9"
    r"\u00bb-\u00bf\u00d7\u00f7\u2020\u2021\u2030\ufffd](?=[^\W\d_])"
    r"|\b[\u00af\u00a3\u00b3](?=[a-z])|[\x80-\x9f]|\u0141(?=\d)|[\u3131-\u318e]"
    r"|(?<=[^\W\d_A-Z])(?<=[\u00df-\u00ff\u0430-\u045f])[\u00c0-\u00de\u0410-\u042f]"
)
NO_LETTERS = re.compile(r"[\W\d_]+")
CONTROLS_ALLOWED = 0.01
WORSE = 0.2
# How much more is thought of what the library takes a text for.
FOUND = 0.4
LAST_OF_ASCII = 127
# A text has more bytes beyond ASCII than this where its letters are no Latin ones.
MANY = 0.3
LATIN = {"cp1252", "iso8859_2", "cp1250", "cp1254", "cp1257", "cp1258"}
# The sets that are not Unicode, with the languages that were written in them.
LANGUAGES_OF = {
    "cp1252": {"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn",
               "fi", "is", "ca", "gl", "eu", "ga", "af", "id", "ms", "sw", "oc", "lb"},
    "iso8859_2": {"pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro"},
    "cp1250": {"pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq"},
    "cp1254": {"tr", "az"},
    "cp1257": {"lt", "lv", "et"},
    "cp1258": {"vi"},
    "cp1251": {"ru", "uk", "bg", "sr", "be", "mk", "kk", "ky", "mn"},
    "koi8_r": {"ru"},
    "cp1253": {"el"},
    "cp1255": {"he"},
    "cp1256": {"ar", "fa", "ur", "ps"},
    "cp874": {"th"},
    "shift_jis": {"ja"},
    "euc_jp": {"ja"},
    "euc_kr": {"ko"},
    "big5": {"zh"},
    "gb18030": {"zh"},
}  # fmt: skip


def decoded(content: bytes, *, controls_allowed: float = CONTROLS_ALLOWED) -> str:
    """The text of a file, by its mark, its own declaration, as UTF-8, or by guess.

    A text with a larger share of control characters than is allowed is none.

    Raises:
        UnreadableError: it is no text in any character set.
    """
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for sign in text if _is_control(sign))
    if controls > controls_allowed * len(text):
        raise UnreadableError("is not text")
    return "".join("\ufffd" if _is_control(sign) else sign for sign in text)


def is_guess(content: bytes) -> str | None:
    """That a text's characters were guessed, where they were."""
    known, charset = _charset(content)
    return None if known else f"is read as {charset}, by guess; save it as UTF-8"


def _decoded(content: bytes) -> str:
    known, charset = _charset(content)
    return content.decode(charset, "strict" if known == DECLARES else "replace")


def _charset(content: bytes) -> tuple[str | None, str]:
    """How a charset is known, if it is, and its name."""
    for mark, marked in MARKS:
        if content.startswith(mark):
            return MARKED, marked
    for charset in filter(None, (_declared(content), "utf-8")):
        try:
            content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        if charset.lower() in WESTERN:
            return DECLARES, _western(content)
        if not content.count(b"\0"):
            return DECLARES, charset
    if content.count(b"\0"):
        return None, _wide(content)
    return None, _guessed(content)


def _wide(content: bytes) -> str:
    """Two bytes a character, in the order in which every second one is nothing."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    if len(content) % 2 or max(even, odd) < WIDE * len(content) / 2:
        return "utf-8"  # nothing that is text, as its control characters say
    return "utf-16-be" if even > odd else "utf-16-le"


def _guessed(content: bytes) -> str:
    """The set in which the words are of one of its own languages, and look like words.

    Where none is surely that, it is that of Western Europe.
    """
    sample = content[:SAMPLE]
    beyond = sum(byte > LAST_OF_ASCII for byte in sample)
    latin = beyond < MANY * len(sample)
    found = None if latin else _detected(sample)
    scores: dict[str, float] = {}
    for charset, languages in LANGUAGES_OF.items():
        if latin != (charset in LATIN):
            continue
        try:
            text = sample.decode(charset, "strict" if sample is content else "ignore")
        except UnicodeDecodeError:
            continue
        scores[charset] = _likeness(text, languages)
        scores[charset] += FOUND * (charset == found)
    best = max(scores, key=lambda charset: scores[charset], default="")
    if not latin and not best:
        raise UnreadableError("is not text in any character set that is known")
    return best if best and scores[best] > 0 else _western(content)


def _detected(sample: bytes) -> str | None:
    """What the library takes it for, by the name of the set that we read it with."""
    best = from_bytes(sample).best()
    name = best.encoding if best else ""
    return {"cp932": "shift_jis", "cp949": "euc_kr", "big5hkscs": "big5"}.get(
        name, name
    )


def _likeness(text: str, languages: Container[str]) -> float:
    """How much a text looks like one in some languages; 2 is all."""
    beyond = [sign for sign in text if ord(sign) > LAST_OF_ASCII]
    letters = sum(sign.isalpha() for sign in beyond) / max(len(beyond), 1)
    words = NO_LETTERS.sub(" ", text).split()
    plain = " ".join(word for word in words if word.isascii())
    own = (written_in(" ".join(words)) in languages) / 2
    own += written_in(plain or " ".join(words)) in languages and 0.5
    return own + letters - WORSE * len(ODD_IN_WORD.findall(text))


def _western(content: bytes) -> str:
    """What nearly all files are that say they are Latin-1."""
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _declared(content: bytes) -> str | None:
    start = content[:2000]
    found = DECLARED_IN_XML.search(start) or DECLARED.search(start)
    return found[1].decode("ascii") if found else None


def _is_control(sign: str) -> bool:
    return sign not in "\n\t\f\v" and unicodedata.category(sign) == "Cc"
