"""Sentences that keep or lose a condition of their source, written by hand."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answering.writing.checks.passages import Passage
from bot.answering.writing.checks.rules_kept import RulesKept

PAIRS = Path(__file__).parents[1] / "evals" / "conditions" / "pairs.yaml"


@cache
def pairs() -> list[dict[str, Any]]:
    """Sources with faithful and wrong sentences; some are ``held`` back."""
    found: list[dict[str, Any]] = yaml.safe_load(PAIRS.read_text("utf-8"))
    return found


def broken(kept: RulesKept, source: str, text: str, language: str = "en") -> str | None:
    """What is found in a sentence that is a whole reply."""
    return kept.broken(Passage(text, language), [source], reply=text, contact="")


def sent_back(
    kept: RulesKept, kind: str, *, held: bool, english: bool | None = None
) -> tuple[int, int]:
    """Of the sentences of a kind how many are, and how many there are."""

    def judged() -> Iterator[bool]:
        for one in pairs():
            mine = english is None or english is (one["language"] == "en")
            if mine and one.get("held", False) is held:
                for text in one[kind]:
                    found = broken(kept, one["source"], text, one["language"])
                    yield found is not None

    found = list(judged())
    return sum(found), len(found)
