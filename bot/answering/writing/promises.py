"""What nobody can promise: a visa, a job, recognition, whoever writes it."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from bot.answering.understanding.folding import folded

WORDS = Path(__file__).with_name("promises.yaml")


def promises(text: str) -> bool:
    """Whether a sentence gives a guarantee, and does not say that there is none."""
    return _has(text, "promise") and not denies(text)


def denies(text: str) -> bool:
    """Whether a sentence says that something is not so."""
    return _has(text, "not")


def _has(text: str, kind: str) -> bool:
    plain = folded(text)
    return any(re.search(_pattern(word), plain) for word in _words()[kind])


@cache
def _pattern(word: str) -> str:
    """Words in Latin letters begin where a word begins; the others stand anywhere."""
    return rf"(?<!\w){re.escape(word)}" if word.isascii() else re.escape(word)


@cache
def _words() -> Mapping[str, Sequence[str]]:
    found = yaml.load(WORDS.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  makes nothing but texts
    return {name: [folded(word) for word in found[name]] for name in ("promise", "not")}
