"""Addresses that are written so that no check sees them, and signs that nobody sees."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.answering.understanding.folding import folded
from bot.answering.writing.facts.figures import links

# Joiners within words of these scripts are a part of their spelling.
JOINERS = frozenset("\u200c\u200d")
JOINED = ("ARABIC", "DEVANAGARI", "BENGALI")
VARIANTS = range(0xFE00, 0xFE10)
ALLOWED = frozenset("\n\t")
# Full stops that a name server takes for one.
STOPS = re.compile(r"(?<=\w)[\u3002\uff0e\uff61](?=[a-z])")
DOT = r"(?:\.|dot|punkt|punto|point|ponto)"
HIDDEN_DOT = re.compile(rf"\s*[\[({{<]\s*{DOT}\s*[\])}}>]\s*|(?<=\w)\s+dot\s+(?=\w)")
HIDDEN_AT = re.compile(r"\s*[\[({<]\s*(?:@|at|arroba)\s*[\])}>]\s*")
APART = re.compile(r"(?<=\w) \. ?(?=[a-z]{2})")
HANDLE = re.compile(r"(?<![\w.+-])@[^\W\d_]\w{2,}|\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
# Where people are found by a name of their own.
ELSEWHERE = re.compile(
    r"\b(?:telegram|wechat|weixin|viber|instagram|facebook|messenger|snapchat|tiktok"
    r"|discord|skype|zalo|imo|kakaotalk|whatsapp)\b|微信|电报|تيليجرام|تلغرام|टेलीग्राम"
)


def disguises(text: str) -> bool:
    """Whether a text has signs that nobody sees, or that turn its direction."""
    return any(
        _is_hidden(sign, text[place - 1 : place], text[place + 1 : place + 2])
        for place, sign in enumerate(text)
    )


def reaches_elsewhere(text: str, sources: Sequence[str]) -> bool:
    """Whether a text names a way to somebody that its sources do not.

    Addresses and handles are compared with what hides them taken away.
    """
    return not _ways(text) <= set[str]().union(*map(_ways, sources))


def _ways(text: str) -> set[str]:
    plain = folded(STOPS.sub(".", text.casefold())).replace("hxxp", "http")
    for hidden, shown in ((HIDDEN_DOT, "."), (HIDDEN_AT, "@"), (APART, ".")):
        plain = hidden.sub(shown, plain)
    found: Iterable[str] = (*HANDLE.findall(plain), *ELSEWHERE.findall(plain))
    return links(plain) | set(found)


def _is_hidden(sign: str, before: str, behind: str) -> bool:
    if sign in JOINERS:
        return not (_is_joined(before) or _is_joined(behind) or _is_picture(before))
    if ord(sign) in VARIANTS:
        return before.isalpha()
    return unicodedata.category(sign) in {"Cf", "Cc", "Co", "Cs"} and (
        sign not in ALLOWED
    )


def _is_joined(sign: str) -> bool:
    return bool(sign) and unicodedata.name(sign, "").startswith(JOINED)


def _is_picture(sign: str) -> bool:
    """Joiners also make one picture of several."""
    return bool(sign) and (
        unicodedata.category(sign) in {"So", "Sk"} or ord(sign) in VARIANTS
    )
