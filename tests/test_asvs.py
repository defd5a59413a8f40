"""The table of security requirements names tests and files that exist."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "asvs.md"
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (test|evidence|open|not applicable): (.+) \|$",
    re.MULTILINE,
)
COUNTS = re.compile(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
KINDS = ("test", "evidence", "open", "not applicable")


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(TABLE.read_text("utf-8"))


def named(kind: str) -> set[str]:
    """What the rows of a kind name first."""
    return {what.split("`")[1] for _, found, what in rows() if found == kind}


def test_every_test_that_the_table_names_exists() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    tests = {name for text in sources for name in re.findall(r"def (test_\w+)\(", text)}
    assert named("test") - tests == set()


def test_every_file_that_the_table_names_exists() -> None:
    assert {path for path in named("evidence") if not (ROOT / path).exists()} == set()


def test_every_requirement_stands_once_and_the_counts_are_right() -> None:
    found = rows()
    numbers = [number for number, _, _ in found]
    assert len(numbers) == len(set(numbers)) == 251
    counts = Counter(kind for _, kind, _ in found)
    (said,) = COUNTS.findall(TABLE.read_text("utf-8"))
    assert tuple(map(int, said)) == tuple(counts[kind] for kind in KINDS)
