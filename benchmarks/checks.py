"""Measures the checks of what a model writes: what they find, and what they spoil.

``python -m benchmarks.checks`` prints a table. Where SHARED_DIR names a folder with
``evals/groundedness`` (BEGIN), how well shared words tell what people find supported
stands in it as well.
"""

import csv
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from sklearn.metrics import roc_auc_score

from benchmarks.figures import Figure, table
from bot.answering.encoding.encoder import Encoder
from bot.answering.writing.checks.closed_words import (
    denies,
    undenied,
    words_of,
)
from bot.answering.writing.checks.contrast import Encode
from bot.answering.writing.checks.rules_kept import RulesKept
from bot.answering.writing.grounding import shared
from bot.phrases import languages
from tests.support.conditions import sent_back
from tests.support.recorded_exchanges import reasons, recorded, sentences_with

SUPPORTED = "Fully attributable"
FIGURE = re.compile(r"\s?[A-Z$€£]{0,4}\d")
MOST_OR_LEAST = {
    "en": {"low": "at least", "high": "at most"},
    "de": {"low": "mindestens", "high": "höchstens"},
    "es": {"low": "al menos", "high": "como máximo"},
    "fr": {"low": "au moins", "high": "au plus"},
    "pt": {"low": "pelo menos", "high": "no máximo"},
    "vi": {"low": "ít nhất", "high": "tối đa"},
    "zh": {"low": "至少", "high": "最多"},
    "ar": {"low": "على الأقل", "high": "كحد أقصى"},
    "hi": {"low": "कम से कम", "high": "ज़्यादा से ज़्यादा"},
}
MOST_SPOILT, LEAST_AREA = 0.02, 0.9


def main() -> None:
    """Print all figures as one table."""
    shared_dir = os.environ.get("SHARED_DIR")  # noqa: TID251  not a setting
    areas = _areas(Path(shared_dir)) if shared_dir else ()
    encode = Encoder().passages
    measured = (*_pairs(encode), _spoilt(encode), *_corrupted(encode))
    print(table([*measured, *areas]))


def _pairs(encode: Encode) -> Iterator[Figure]:
    """What is found in sentences written by hand."""
    kept = RulesKept(encode, languages=languages())
    for held in (False, True):
        for english in (True, False):
            wrong, of_wrong = sent_back(kept, "wrong", held=held, english=english)
            good, of_good = sent_back(kept, "faithful", held=held, english=english)
            what = "English" if english else "other languages"
            yield Figure(
                what=f"pairs, {what}, {'held back' if held else 'looked at'}",
                measured=f"{wrong} of {of_wrong} found, {good} of {of_good} spoilt",
            )


def _spoilt(encode: Encode) -> Figure:
    """Good replies that are sent back."""
    found = sum(bool(reasons(one, encode)) for one in recorded())
    of = len(recorded())
    return Figure(
        what="replies of a capable model sent back",
        measured=f"{found} of {of}",
        goal=f"at most {MOST_SPOILT:.0%}",
        met=found <= MOST_SPOILT * of,
    )


def _corrupted(encode: Encode) -> Iterator[Figure]:
    """The same replies, a sentence each changed so that it is wrong."""
    changes: dict[str, Callable[[str, str], str | None]] = {
        "denial left out": _undenied,
        "least and most exchanged": _exchanged,
    }
    for what, change in changes.items():
        for english in (True, False):
            changed = [
                one
                for exchange in recorded()
                if (exchange["language"] == "en") is english
                and not reasons(exchange, encode)
                for one in sentences_with(exchange, change)
            ]
            found = sum(bool(reasons(one, encode)) for one in changed)
            language = "English" if english else "other languages"
            yield Figure(
                what=f"{what}, {language}", measured=f"{found} of {len(changed)} found"
            )


def _undenied(text: str, language: str) -> str | None:
    return undenied(text, language) if denies(text, language) else None


def _exchanged(text: str, language: str) -> str | None:
    """The first "up to" before a figure as "at least", or the other way round."""
    for kind, other in (("low", "high"), ("high", "low")):
        for word in sorted(words_of(language, kind), key=len, reverse=True):
            instead = MOST_OR_LEAST.get(language, {}).get(other)
            before, found, behind = text.partition(word)
            if instead and found and FIGURE.match(behind):
                return f"{before}{instead}{behind}"
    return None


def _areas(shared_dir: Path) -> Iterator[Figure]:
    """BEGIN: whether more shared words go with what people find supported."""
    for file in sorted((shared_dir / "evals" / "groundedness").rglob("*.tsv")):
        with file.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        area = roc_auc_score(
            [row["begin_label"] == SUPPORTED for row in rows],
            [shared(row["response"], row["knowledge"]) for row in rows],
        )
        yield Figure(
            what=f"AUROC of shared words, {file.stem} ({len(rows)})",
            measured=f"{area:.3f}",
            goal=f"at least {LEAST_AREA}",
            met=bool(area >= LEAST_AREA),
        )


if __name__ == "__main__":
    main()
