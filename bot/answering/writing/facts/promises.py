"""What nobody can promise: a visa, a job, recognition, whoever writes it."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from bot.answering.understanding.folding import folded

# The rest of a word, and the one behind it.
NEXT = 2
HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = Path(__file__).with_name("promises.yaml")


def promises(text: str) -> bool:
    """Whether a sentence gives a guarantee, and does not say that there is none.

    In languages of Latin letters what takes it back stands before it, or next to it;
    where somebody else is spoken of, anywhere.
    """
    plain = folded(text)
    for name in _words()["names"]:
        plain = plain.replace(name, " ")
    found = (re.search(_pattern(one, "promise"), plain) for one in _words()["promise"])
    return any(not denies(_around(plain, match)) for match in found if match)


def _around(text: str, match: re.Match[str]) -> str:
    who = text[: match.start()].split()[-1:]
    if not match[0].isascii() or (who and who[0] in _words()["who"]):
        return text
    return " ".join([text[: match.start()], *text[match.end() :].split()[:NEXT]])


def denies(text: str) -> bool:
    """Whether a sentence says that something is not so."""
    return _has(text, "not")


def _has(text: str, kind: str) -> bool:
    plain = folded(text)
    return any(re.search(_pattern(word, kind), plain) for word in _words()[kind])


@cache
def _pattern(word: str, kind: str) -> str:
    """A promise may begin within a word of other letters, and end in any way.

    What takes it back is a word of its own, but in Chinese and for "n't".
    """
    written = re.escape(word)
    if kind == "promise":
        return rf"(?<!\w){written}" if word.isascii() else written
    if HAN.search(word) or word.startswith("n'"):
        return written
    return rf"(?<!\w){written}(?!\w)"


@cache
def _words() -> Mapping[str, Sequence[str]]:
    found = yaml.load(WORDS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    return {
        name: [folded(word) for word in found[name]]
        for name in ("promise", "who", "names", "not")
    }
