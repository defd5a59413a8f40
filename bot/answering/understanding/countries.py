"""The countries of the world by their names, in every language that is spoken here."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from bot.answering.understanding.folding import folded
from bot.phrases import languages

RULES = Path(__file__).with_name("countries.yaml")
# "Hong Kong SAR China", "Myanmar (Burma)", "Congo - Kinshasa": the name comes first.
BESIDES = re.compile(r" ?([(（]| sar\b| - ).*$", re.IGNORECASE)
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0900-\u09ff])*")
# What is written together with a name: "and", "to", "in", "the" in Arabic, "in" and
# "of" in Bengali.
ARABIC_PREFIX = re.compile(r"^[وف]?[لب]?(?=[\u0621-\u064a]{3})")
ARABIC_ARTICLE = re.compile(r"^[وف]?(?:لل|[لب]?ال)(?=[\u0621-\u064a]{3})")
BENGALI_ENDING = re.compile(r"(?<=[\u0980-\u09ff]{3})(?:তে|ের|ে|র|য়|য|কে)$")
MOST_WORDS = 4
LEAST_PLAIN = 4


def countries_named(words: str) -> Mapping[str, str]:
    """The countries in a folded text: each English name, and how it is written."""
    names, rules = _names(), _rules()
    found = {
        form: names[kept]
        for form in _sequences(words)
        for kept in _as_kept(form)
        if kept in names
    }
    if CHINESE.search(words):
        found |= {n: names[n] for n in names if CHINESE.search(n) and n in words}
    for match in _peoples().finditer(words):
        found[match[0]] = rules["peoples"][match[0]]
    return {
        _in_english(code): form
        for form, code in found.items()
        if not any(form != other and form in other for other in found)
    }


def country_shown(country: str, language: str) -> str:
    """A country by its English name, in a language; as given where it is none."""
    code = _names().get(folded(country))
    return _short(Locale.parse(language).territories[code]) if code else country


def plain(text: str) -> str:
    """A text in Latin letters without its accents."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(one for one in letters if not "\u0300" <= one <= "\u036f")


def _sequences(words: str) -> Iterator[str]:
    found = list(WORD.finditer(words))
    for start, first in enumerate(found):
        for last in found[start : start + MOST_WORDS]:
            yield words[first.start() : last.end()]


def _as_kept(form: str) -> Iterator[str]:
    yield form
    yield ARABIC_PREFIX.sub("", form)
    yield ARABIC_ARTICLE.sub("ال", form)
    yield BENGALI_ENDING.sub("", form)


@cache
def _names() -> Mapping[str, str]:
    """Every name, folded and with and without its accents, and the country's code."""
    rules = _rules()
    never = set(rules["never"].split())
    found: dict[str, str] = {}
    for language in languages():
        behind = rules["behind"].get(language, ())
        for code, name in Locale.parse(language).territories.items():
            if code.isalpha() and code not in never:
                found |= dict.fromkeys(_written(_short(name), behind), code)
    for code, names in rules["also"].items():
        found |= {folded(name): code for name in names}
    words = set(map(folded, rules["words"]))
    return {name: code for name, code in found.items() if name not in words}


def _written(name: str, behind: list[str]) -> Iterator[str]:
    kept = folded(name)
    if behind and " " not in kept:
        for word in behind:
            yield f"{word} {kept}"
            yield plain(f"{word} {kept}")
        return
    yield kept
    if len(kept) >= LEAST_PLAIN:
        yield plain(kept)


def _in_english(code: str) -> str:
    return _short(Locale("en").territories[code])


def _short(name: str) -> str:
    return BESIDES.sub("", name)


@cache
def _peoples() -> re.Pattern[str]:
    rules = _rules()
    return re.compile(rf"\b(?:{'|'.join(rules['peoples'])})\b{rules['offered']}")


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(RULES.read_text("utf-8"))
    return found
