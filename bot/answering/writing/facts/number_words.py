"""Numbers that a text has in words, in every language of the catalogue."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.understanding.folding import uniform
from bot.answering.writing.facts.scripts import CHINESE, END, NOTHING, START, either
from bot.answering.writing.facts.spelled_number import Number, Token, Word
from bot.answering.writing.facts.units import unit_before, unit_behind

WORDS = Path(__file__).with_name("number_words.yaml")
ARABIC = re.compile(r"[\u0621-\u064a]")
AND = "و"
# So few things a reply may count itself.
COUNTS = {1, 2, 3, 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The words for numbers in some languages, and what finds them."""

    words: Mapping[str, Word]
    pattern: re.Pattern[str]
    between: re.Pattern[str]
    no_numbers: re.Pattern[str]
    apart: re.Pattern[str]


def numbers_in_words(text: str, languages: Iterable[str] = ("en",)) -> set[float]:
    """Every number in words, but for a lone "one", which is rarely a figure."""
    rules = _rules(frozenset(languages))
    plain = _plain(text, rules)
    found = (value for run, _ in _runs(plain, rules) for value in _values(run))
    return {value for value in found if value != 1}


def measures_in_words(
    text: str, languages: Iterable[str] = ("en",)
) -> dict[float, str | None]:
    """The same with what they measure, without those that only count.

    "The two routes" counts, "two years" measures.
    """
    rules = _rules(frozenset(languages))
    plain = _plain(text, rules)
    found: dict[float, str | None] = {}
    for run, (start, end) in _runs(plain, rules):
        values = set(_values(run))
        unit = (
            unit_before(plain[:start])
            or unit_behind(plain[start:end])
            or unit_behind(plain[end:])
        )
        if unit or not values <= COUNTS:
            found |= dict.fromkeys(values - {1}, unit)
    return found


def _plain(text: str, rules: Rules) -> str:
    plain = rules.no_numbers.sub(" ; ", uniform(text).casefold())
    return rules.apart.sub(r" \g<0> ", plain)


def _runs(text: str, rules: Rules) -> Iterator[tuple[list[Token], tuple[int, int]]]:
    """Words that stand together, and may be parts of one number; and where."""
    run: list[Token] = []
    start = end = 0
    for match in rules.pattern.finditer(text):
        between = rules.between.fullmatch(text[end : match.start()])
        if run and between is None:
            yield run, (start, end)
            run = []
        joiner = match["before"] or (between["joiner"] if between else None)
        name = match["chinese"] or match["word"]
        start = start if run else match.start()
        run.append(_token(rules.words[" ".join(name.split())], name, joiner))
        end = match.end()
    if run:
        yield run, (start, end)


def _token(word: Word, name: str, joiner: str | None) -> Token:
    return Token(
        word=word,
        joined=bool(joiner and joiner.startswith(AND)),
        ones_first=bool(ARABIC.match(name)),
        after_hundreds=joiner == "and",
    )


def _values(run: Sequence[Token]) -> Iterator[float]:
    number: Number | None = None
    for token, after in zip(run, [*run[1:], None], strict=True):
        word = token.word
        stands_alone = (word.half and not (after and after.word.counts)) or (
            word.last and not (number and number.takes(token))
        )
        if number and (stands_alone or not number.takes(token)):
            rest = number.split(word) if word.counts else None
            yield number.value
            number = rest
        if not stands_alone:
            number = number or Number()
            number.add(word)
    if number:
        yield number.value


@cache
def _rules(languages: frozenset[str]) -> Rules:
    known = [rule for one in sorted(languages) if (rule := _file().get(one))]
    words = {name: word for rule in known for name, word in _words(rule).items()}
    chinese = {name for name in words if CHINESE.search(name)}
    before = "|".join(rule["prefixes"] for rule in known if "prefixes" in rule)
    behind = "|".join(rule["suffixes"] for rule in known if "suffixes" in rule)
    joiners = [joiner for rule in known for joiner in rule.get("joiners", ())]
    apart = "|".join(rule["apart"] for rule in known if "apart" in rule)
    phrases = [phrase for rule in known for phrase in rule.get("no_numbers", ())]
    return Rules(
        words=words,
        pattern=re.compile(
            f"{START}(?P<before>{before})(?P<word>{either(words.keys() - chinese)})"
            f"(?:{behind}){END}|(?P<chinese>{either(chinese)})"
        ),
        between=re.compile(rf"(?:[\s-]+(?P<joiner>{either(joiners)}))?[\s-]*"),
        no_numbers=re.compile("|".join(phrases) or NOTHING),
        apart=re.compile(apart or NOTHING),
    )


def _words(rule: Mapping[str, Any]) -> Mapping[str, Word]:
    """The words of a language, by how they are written."""
    half, last = rule.get("half_words", ()), rule.get("last_words", ())
    numbered = [*enumerate(rule["ones"])]
    numbered += [(10 * n, names) for n, names in enumerate(rule.get("tens", ()), 2)]
    values = {name: n for n, names in numbered for name in names.split("|") if name}
    words = {
        name: Word(value=value, half=name in half, last=name in last)
        for name, value in (values | rule["more"]).items()
    }
    counts = rule["counts"].items()
    return words | {name: Word(value=value, counts=True) for name, value in counts}


@cache
def _file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(uniform(WORDS.read_text("utf-8")))
    return found
