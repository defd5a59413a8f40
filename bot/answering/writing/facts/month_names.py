"""Which months a text names, in every language of the catalogue, as their numbers."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, UnknownLocaleError

from bot.answering.understanding.folding import uniform
from bot.answering.writing.facts.scripts import CHINESE, END, SPACE, START, either

NAMES = Path(__file__).with_name("month_names.yaml")
# "And", "in", "until" in Arabic; "in" and "of" in Bengali: written with the name.
PREFIX, SUFFIX = "(?:[وف]?[بلك]?)", "(?:-?(?:তে|এর|ের|এ|ে|র))?"
BEHIND_FIGURE = r"(?:(?<=\d )|(?<=\d de )|(?<=\d[a-z]{2} ))"
BEFORE_FIGURE = r"(?=\.?,? (?:de )?\d)"
DATED = re.compile(r"(?<!\d)(?:19|20)\d\d-(0[1-9]|1[0-2])(?!\d)")
# Within a sentence of English it is the month.
MAY = re.compile(r"(?<=[a-z,;] )May\b")
NOT_IN_KEY = re.compile(r"\s|\.|(?<!\d)0(?=\d)")


def months(text: str, languages: Iterable[str] = ("en",)) -> set[int]:
    """Every month named in a text, from 1; also as in ``2026-06``."""
    languages = frozenset(languages)
    names, pattern = _months(languages)
    named = {names[_key(_named(match))] for match in pattern.finditer(_plain(text))}
    if "en" in languages and MAY.search(text):
        named.add(5)
    return named | {int(number) for number in DATED.findall(uniform(text))}


def without_months(text: str, languages: Iterable[str]) -> str:
    """The text without them: "tháng 9" and 九月 hold no figure."""
    return _months(frozenset(languages))[1].sub(" ; ", _plain(text))


def _plain(text: str) -> str:
    return uniform(text).casefold().replace("ী", "ি")


def _key(name: str) -> str:
    return NOT_IN_KEY.sub("", name)


def _named(match: re.Match[str]) -> str:
    return next(name for name in match.groups() if name)


@cache
def _months(languages: frozenset[str]) -> tuple[Mapping[str, int], re.Pattern[str]]:
    """The names by their keys, and what finds them."""
    names = {name: n for one in languages for name, n in _names_in(one).items()}
    chinese = {name for name in names if CHINESE.search(name)}
    beside = {_plain(w) for one in languages for w in _known("beside_a_figure", one)}
    beside &= names.keys()
    forms = [
        f"{START}{PREFIX}({_either(names.keys() - beside - chinese)}){SUFFIX}{END}"
    ]
    if chinese:
        forms.append(rf"(?<!\d)(0?(?:{_either(chinese)}))")
    if beside:
        forms.append(f"{BEHIND_FIGURE}({_either(beside)}){END}")
        forms.append(f"{START}({_either(beside)}){BEFORE_FIGURE}")
    return {_key(n): number for n, number in names.items()}, re.compile("|".join(forms))


def _either(names: Iterable[str]) -> str:
    """Any of these, with spaces and a zero before figures or without."""
    found = either(names).replace(SPACE, r"\s*0?")
    return found.replace("月", r"\s?月")


def _names_in(language: str) -> Mapping[str, int]:
    """What the months are called in a language."""
    found = dict(_known(language))
    for locale in (language, *_known("regions", language)):
        try:
            lengths = Locale.parse(locale).months["format"]
        except (UnknownLocaleError, ValueError):
            continue
        for length in ("wide", "abbreviated"):
            found |= {name: number for number, name in lengths[length].items()}
    return {_plain(name).rstrip("."): number for name, number in found.items()}


def _known(*path: str) -> Any:  # noqa: ANN401  as the file has it
    found: Any = _rules()
    for part in path:
        found = found.get(part, {})
    return found


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(NAMES.read_text("utf-8"))
    return found
