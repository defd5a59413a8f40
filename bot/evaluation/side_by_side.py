"""The same conversations with and without a model, to be graded without knowing which.

Each goes on by its own replies. In the sheet a conversation stands twice, as A and as
B, in an order drawn for each; which was which is written into a file of its own.
"""

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.config import Settings
from bot.evaluation.asking import answering_for
from bot.evaluation.conversations import Judged, converse
from bot.evaluation.dialogues import Dialogue
from bot.evaluation.html_report import COLUMNS, sheet_row
from bot.evaluation.suites import Suite
from ingest.progress import Progress

MODEL, CODE = "with a model", "without"
SIDES = ("A", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The replies of both, in the order of the messages."""

    with_model: Sequence[Judged]
    without: Sequence[Judged]


async def both_sides(
    settings: Settings,
    suite: Suite,
    dialogues: Sequence[Dialogue],
    with_model: Sequence[Judged],
    *,
    progress: Progress,
) -> Sides:
    """The replies of a model, and those to the same conversations without one."""
    alone = settings.model_copy(update={"bot_model": ""})
    async with answering_for(alone, suite, progress=progress) as answering:
        with progress.bar(suite.name, total=len(dialogues)) as advance:
            judged = await converse(answering, dialogues, told=advance)
    return Sides(with_model=with_model, without=judged)


def write_sides(sides: Sides, sheet: Path, *, seed: int = 7) -> Path:
    """The sheet to grade; the path of the file that says which was which."""
    chance = random.Random(seed)  # noqa: S311  no secret
    model, code = _by_dialogue(sides.with_model), _by_dialogue(sides.without)
    key: dict[str, dict[str, str]] = {}
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ("side", *COLUMNS))
        writer.writeheader()
        for dialogue, judged in model.items():
            drawn = [(MODEL, judged), (CODE, code[dialogue])]
            chance.shuffle(drawn)
            key[dialogue] = dict(zip(SIDES, (name for name, _ in drawn), strict=True))
            for side, (_, rows) in zip(SIDES, drawn, strict=True):
                writer.writerows({"side": side, **sheet_row(one)} for one in rows)
    path = sheet.with_suffix(".key.json")
    path.write_text(json.dumps(key, ensure_ascii=False, indent=1), "utf-8")
    return path


def shares_of_both(sides: Sides) -> Iterator[str]:
    """What each did, by who answered: lines for an operator."""
    for name, judged in ((MODEL, sides.with_model), (CODE, sides.without)):
        by = sorted(one.answer.provenance.answerer for one in judged)
        counts = ", ".join(f"{who} {len(list(rows))}" for who, rows in groupby(by))
        yield f"{name}: {len(judged)} replies, by {counts}"


def _by_dialogue(judged: Sequence[Judged]) -> Mapping[str, list[Judged]]:
    found: dict[str, list[Judged]] = {}
    for one in judged:
        found.setdefault(one.dialogue, []).append(one)
    return found
