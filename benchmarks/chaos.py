"""``python -m benchmarks.chaos``: servers that are killed, disks that lose power.

The environment variable ``SOAK`` says how much: ``1`` is everything, ``0.01`` the share
that every run of the tests has. ``--write FILE`` puts a table of what ran into a page,
between its two marks.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.soak import Recorder, Tally

BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"
HEADER = """\
| What | Times | Passed | Seeds | Counted | Seconds | Date |
|---|---|---|---|---|---|---|
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tests; pytest's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args(arguments)
    recorder = Recorder(lambda _: None)
    status = pytest.main(["-q", "-m", "chaos", "tests/chaos"], plugins=[recorder])
    table = HEADER + "".join(
        _row(name, tally)
        for name, tally in recorder.tallies.items()
        if tally.repetitions
    )
    print(table)
    if options.write:
        write(options.write, table)
    return int(status)


def write(page: Path, table: str) -> None:
    """Put a table between the marks of a page."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{table}{END}{after}", "utf-8")


def _row(name: str, tally: Tally) -> str:
    counted = ", ".join(f"{what} {count:,}" for what, count in tally.counted.items())
    seeds = f"{min(tally.seeds)} to {max(tally.seeds)}" if tally.seeds else "-"
    return (
        f"| `{name}` | {tally.repetitions} | {tally.passed} | {seeds} | {counted} "
        f"| {tally.seconds:.0f} | {datetime.now(UTC):%Y-%m-%d} |\n"
    )


if __name__ == "__main__":
    sys.exit(main())
