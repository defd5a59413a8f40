"""``python -m benchmarks.soak``: the tests that race, repeated many times.

The environment variable ``SOAK`` says how much: ``1`` is everything, ``0.1`` a tenth.
``--write FILE`` keeps a table of what ran; with ``--only WORDS`` (as pytest's ``-k``)
the other rows stay.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

HEADER = """\
# Soak

Tests marked `soak` let workers crash, race and be taken over from, in an order that a
seed decides. `make test` runs each with a few seeds; `make soak` runs it with as many
as this table says, and writes the table.

| Test | Repetitions | Passed | Seconds | Seeds | Date |
|---|---|---|---|---|---|
"""


@dataclass(slots=True)
class Tally:
    """All repetitions of one test."""

    repetitions: int = 0
    passed: int = 0
    seconds: float = 0.0
    seeds: list[int] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def row(self, test: str, day: str) -> str:
        """A line of the table."""
        seeds = f"{min(self.seeds)} to {max(self.seeds)}" if self.seeds else ""
        passed = str(self.passed)
        if self.passed < self.repetitions:
            passed = f"**{passed}**"
        return (
            f"| `{test}` | {self.repetitions} | {passed} | {self.seconds:.0f} "
            f"| {seeds} | {day} |"
        )


class Recorder:
    """A pytest plugin that counts what became of every test."""

    def __init__(self, keep: Callable[[list[str]], None]) -> None:
        self.tallies: dict[str, Tally] = {}
        self._names: dict[str, str] = {}
        self._keep = keep

    @property
    def rows(self) -> list[str]:
        """The lines of the table so far."""
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        return [
            tally.row(name, day)
            for name, tally in self.tallies.items()
            if tally.repetitions
        ]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tests that differ by their seed alone are repetitions of one test."""
        for item in session.items:
            if not isinstance(item, pytest.Function):
                continue
            values = dict(item.callspec.params) if hasattr(item, "callspec") else {}
            seed = values.pop("seed", None)
            kind = f" ({', '.join(map(str, values.values()))})" if values else ""
            name = f"{item.path.stem}::{item.originalname}{kind}"
            self._names[item.nodeid] = name
            tally = self.tallies.setdefault(name, Tally())
            if isinstance(seed, int):
                tally.seeds.append(seed)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called for every phase of every test."""
        tally = self.tallies[self._names[report.nodeid]]
        tally.seconds += report.duration
        if report.when == "call" or report.failed:
            times = dict(report.user_properties).get("repetitions", 1)
            repetitions = times if isinstance(times, int) else 1
            tally.repetitions += repetitions
            tally.passed += repetitions if report.passed else 0
            counted = dict(report.user_properties).get("counted")
            tally.counted.update(counted if isinstance(counted, dict) else {})
            # It takes hours: what has run is not lost when the rest is broken off.
            self._keep(self.rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests; pytest's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a table")
    parser.add_argument("--only", default="", metavar="WORDS", help="some tests alone")
    options = parser.parse_args(arguments)

    def keep(rows: Sequence[str]) -> None:
        if options.write:
            write(options.write, rows, keep_others=bool(options.only))

    recorder = Recorder(keep)
    status = pytest.main(["-q", "-m", "soak", "-k", options.only], plugins=[recorder])
    print("\n".join(recorder.rows))
    return int(status)


def write(path: Path, rows: Sequence[str], *, keep_others: bool) -> None:
    """Write the table; the rows of tests that were not run stay, if wanted."""
    known: dict[str, str] = {}
    if keep_others and path.is_file():
        known = {row.split("|")[1]: row for row in _rows(path.read_text("utf-8"))}
    known |= {row.split("|")[1]: row for row in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "\n".join(sorted(known.values())) + "\n", "utf-8")


def _rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


if __name__ == "__main__":
    sys.exit(main())
