"""Rules that no linter knows."""

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FOLDERS = ("bot", "ingest", "benchmarks", "tests")
LONGEST_MODULE = 250
VAGUE = {"utils", "helpers", "common", "manager", "misc"}
# Where answering may use regular expressions: they read formats (figures, names,
# scripts, marks), and nowhere what somebody means, which examples and vectors do.
READS_FORMATS = {
    "programmes/programmes.py": "spans, hours and levels in the fields of a programme",
    "programmes/wishes.py": "figures, and a facet's name as a whole word",
    "retrieval/lexical.py": "words of every script",
    "retrieval/row_names.py": "codes of letters and figures",
    "store/server_collections.py": "names of generations",
    "understanding/countries.py": "endings and articles on the names of countries",
    "understanding/folding.py": "spaces",
    "understanding/languages.py": "scripts",
    "understanding/money.py": "figures, currencies and the words of sums",
    "understanding/plans.py": "figures, years and money, and a name as a whole word",
    "understanding/sentences.py": "where sentences end",
    "understanding/words.py": "a number that picks, and a word as a whole word",
    "understanding/romanised.py": "words",
    "writing/checks/bounds.py": "years",
    "writing/checks/closed_words.py": "a word as a whole word",
    "writing/checks/conditions.py": "marks between the parts of a sentence",
    "writing/checks/disguises.py": "addresses and handles, also disguised ones",
    "writing/checks/names.py": "capital letters and quotation marks",
    "writing/checks/own_figures.py": "years",
    "writing/checks/passages.py": "marks between the parts of a sentence",
    "writing/checks/pieces.py": "marks and words between the parts of a sentence",
    "writing/facts/figures.py": "figures, links and addresses that have to be grounded",
    "writing/grounding.py": "whose a sum is",
    "writing/models/reply_check.py": "a word in quotation marks",
    "writing/models/reply.py": "markers and JSON in what a model writes",
    "writing/facts/month_names.py": "dates",
    "writing/facts/number_words.py": "numbers in words",
    "writing/facts/promises.py": "a word as a whole word",
    "writing/prompts.py": "our own delimiters, which a contact may not write",
    "writing/rendering.py": "names in Latin letters",
    "writing/facts/scripts.py": "scripts",
    "writing/facts/units.py": "where what is counted ends",
    "writing/models/sentence_check.py": "words",
}
WORDS_WITH_PATTERNS = {
    "bot/answering/understanding/countries.yaml": "what may follow a people's name",
    "bot/answering/writing/facts/number_words.yaml": "endings on numbers in words",
}
USES_A_PATTERN = re.compile(r"^import re$|^from re import", re.MULTILINE)


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


def test_only_files_that_read_formats_have_patterns() -> None:
    answering = PROJECT / "bot" / "answering"
    found = {
        path.relative_to(answering).as_posix()
        for path in answering.rglob("*.py")
        if USES_A_PATTERN.search(path.read_text("utf-8"))
    }
    assert found == set(READS_FORMATS)


def test_files_of_words_hold_words_and_no_patterns() -> None:
    pattern = re.compile(r"\(\?[:=!<P]|\\[bdsw]|\.\*|\]\+", re.IGNORECASE)
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "bot").rglob("*.yaml")
        if pattern.search(path.read_text("utf-8"))
    }
    assert found == set(WORDS_WITH_PATTERNS)
