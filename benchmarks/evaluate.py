"""Evaluates the assistant on a folder of suites and writes one table of all of them.

``python -m benchmarks.evaluate SUITES_DIR [--questions N] [--write FILE]``; a README.md
in that folder may hold a table of baselines, the best of which stand beside ours. The
table goes between the two marks of FILE; the words around it stay.
"""

import argparse
import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import put_into
from bot.config import Settings
from bot.evaluation.asking import ask_suite
from bot.evaluation.scoring import figures
from bot.evaluation.suites import Suite, read_suite
from bot.logs import configure_logs
from ingest.progress import Progress

FIGURES = {
    "hit_at_1": "hit@1",
    "hit_at_5": "hit@5",
    "mrr_at_10": "MRR@10",
    "gold_share": "gold ≥ .6",
    "words": "words",
    "answered_when_should": "answered when it should",
    "answered_when_should_not": "answered when it should not",
    "auroc": "AUROC",
    "latency_ms_p50": "ms p50",
    "latency_ms_p95": "ms p95",
}
EXPLANATION = (
    "On the embedded default, without a language model. The best baseline of each "
    "column is a chain of 1,000-character chunks on the same embedding model, or BM25, "
    "each asked the last message or all of them."
)
PARTS = ("answered_when_should", "answered_when_should_not", "auroc")
# The columns of a table of baselines that we have figures for.
COLUMNS = {
    "hit@1": "hit_at_1",
    "hit@5": "hit_at_5",
    "MRR@10": "mrr_at_10",
    "gold ≥ .6": "gold_share",
    "AUROC": "auroc",
}


def baselines(text: str) -> dict[str, dict[str, float]]:
    """The best figure of each column for each suite, from a Markdown table."""
    best: dict[str, dict[str, float]] = {}
    header: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "suite" and "hit@1" in cells:
            header = cells
        elif header and len(cells) == len(header):
            found = best.setdefault(cells[0], {})
            for name, cell in zip(header, cells, strict=True):
                key = COLUMNS.get(name)
                if key and re.fullmatch(r"[0-9.]+", cell):
                    found[key] = max(found.get(key, 0.0), float(cell))
    return best


def rows(
    suite: Suite, found: Mapping[str, object], best: Mapping[str, float]
) -> list[str]:
    """Our row of the table, its first and later messages, and the baselines'."""
    lines = [_row(suite.name, "ours", found, FIGURES)]
    for part in ("first_turns", "later_turns"):
        figure = found[part]
        if isinstance(figure, Mapping) and figure["auroc"] is not None:
            lines.append(_row("", part.replace("_", " "), figure, PARTS))
    if best:
        lines.append(_row("", "best baseline", best, FIGURES))
    return lines


def _row(
    name: str, system: str, found: Mapping[str, object], present: Collection[str]
) -> str:
    cells = [_cell(found.get(key) if key in present else None) for key in FIGURES]
    return f"| {name} | {system} | {' | '.join(cells)} |"


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return ""
    return f"{value:.3f}" if value <= 1 else f"{value:.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask every suite, print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", type=Path)
    parser.add_argument("--questions", type=int, help="a sample of each suite")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    configure_logs("ERROR", json=False)
    readme = options.suites / "README.md"
    best = baselines(readme.read_text("utf-8")) if readme.is_file() else {}
    lines = [
        f"| suite | system | {' | '.join(FIGURES.values())} |",
        "|" + "---|" * (len(FIGURES) + 2),
    ]
    for folder in sorted(
        path.parent for path in options.suites.glob("*/questions.jsonl")
    ):
        suite = read_suite(folder, limit=options.questions)
        replies = asyncio.run(ask_suite(Settings(), suite, progress=Progress()))
        lines += rows(suite, figures(replies), best.get(suite.name, {}))
        print(lines[-1], flush=True)
    table = "\n".join(lines)
    print(table)
    if options.write:
        asked = options.questions or "all"
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        put_into(
            options.write,
            f"Measured by `make evaluate` on {day}; questions of each suite: {asked}. "
            f"{EXPLANATION}\n\n{table}",
        )


if __name__ == "__main__":
    main()
