"""Every reply of a suite on one page, with what was expected, and a sheet to grade."""

import csv
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.evaluation.conversations import Judged, Verdict

TEMPLATES = Path(__file__).with_name("templates")
GRADES = ("good", "partial", "wrong", "harmful")
COLUMNS = (
    "dialogue", "place", "language", "message", "reply", "must", "must_not", "grade",
    "remark",
)  # fmt: skip


def write_report(
    name: str, found: Mapping[str, object], judged: Sequence[Judged], path: Path
) -> None:
    """One HTML file that needs nothing else: figures, bars and conversations."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape()
    )
    page = environment.get_template("report.html").render(
        name=name,
        figures=found,
        rows=_rows(found),
        verdicts=[verdict.value for verdict in Verdict],
        dialogues=[
            (key, list(rows))
            for key, rows in groupby(judged, key=lambda one: one.dialogue)
        ],
    )
    path.write_text(page, "utf-8")


def write_sheet(judged: Sequence[Judged], path: Path) -> None:
    """A CSV with a line a reply, to be graded by somebody who did not write them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, COLUMNS)
        sheet.writeheader()
        sheet.writerows(map(sheet_row, judged))


def sheet_row(one: Judged) -> dict[str, object]:
    """A reply as it stands in a sheet to be graded."""
    return {
        "dialogue": one.dialogue,
        "place": one.place + 1,
        "language": one.language,
        "message": one.labelled.text,
        "reply": one.answer.text,
        "must": "; ".join(one.labelled.must),
        "must_not": "; ".join(one.labelled.must_not),
        "grade": "",
        "remark": "",
    }


def _rows(found: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    """Every group of replies with its shares, one a line of the diagram."""
    rows: list[tuple[str, Mapping[str, object]]] = []
    for name, value in found.items():
        if not isinstance(value, Mapping):
            continue
        if "good" in value:
            rows.append((name, value))
            continue
        rows += [
            (f"{name}: {part}", shares)
            for part, shares in value.items()
            if isinstance(shares, Mapping) and "good" in shares
        ]
    return rows
