"""What a measurement found, beside its goal, and all of it as one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table; ``met`` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None

    @property
    def row(self) -> str:
        """The line as Markdown; a missed goal says so."""
        verdict = {True: f"{self.goal}: met", False: f"{self.goal}: **missed**"}
        goal = verdict[self.met] if self.met is not None else ""
        return f"| {self.what} | {self.measured} | {goal} |"


def table(figures: Sequence[Figure]) -> str:
    """All figures as a Markdown table."""
    return "\n".join(
        [
            "| What | Measured | Goal |",
            "|---|---|---|",
            *(figure.row for figure in figures),
        ]
    )


def percentile(seconds: Sequence[float], percent: float) -> float:
    """The time that ``percent`` of the times do not exceed."""
    return float(np.percentile(seconds, percent))


def milliseconds(seconds: float) -> str:
    """A short time, readable."""
    return f"{seconds * 1000:.1f} ms"


def put_into(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a file.

    Raises:
        ValueError: the file has no marks.
    """
    whole = path.read_text("utf-8")
    if BEGIN not in whole or END not in whole:
        raise ValueError(f"{path} needs a line {BEGIN} and a line {END} below it")
    before, rest = whole.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
