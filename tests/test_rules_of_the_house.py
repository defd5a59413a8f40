"""Rules that no linter knows."""

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FOLDERS = ("bot", "ingest", "benchmarks", "tests")
LONGEST_MODULE = 250
VAGUE = {"utils", "helpers", "common", "manager", "misc"}


def modules() -> list[Path]:
    return [
        path
        for folder in FOLDERS
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if "versions" not in path.parts
    ]


def test_no_module_is_too_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules()}
    program = {p: n for p, n in lengths.items() if "tests" not in p.parts}
    assert {p: n for p, n in program.items() if n > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [p for p in modules() if not p.read_text("utf-8").startswith('"""')]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in modules() if path.stem in VAGUE] == []


@pytest.mark.parametrize("folder", ["bot", "ingest"])
def test_only_migrations_and_the_database_hold_sql(folder: str) -> None:
    verbs = re.compile(r'"(?:SELECT|INSERT|UPDATE|DELETE) .*FROM')
    found = [
        path
        for path in (PROJECT / folder).rglob("*.py")
        if "migrations" not in path.parts and verbs.search(path.read_text("utf-8"))
    ]
    assert found == []
