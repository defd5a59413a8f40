"""Lists of programmes: right rows become documents, wrong ones are named."""

import json
import shutil
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.errors import DocumentError
from ingest.__main__ import main
from ingest.check import check
from ingest.documents import Document
from ingest.files import SourceFile
from ingest.outcomes import FileStatus
from ingest.programmes import read_programmes, schema
from ingest.search import search
from ingest.sync import sync
from tests.conftest import PROJECT
from tests.support.clock import Clock
from tests.support.indexing import indexed_documents
from tests.support.knowledge import DOCUMENTS, write_knowledge

HEAD = (
    "Title,Provider,Awarding body,Country,Subject,Credential,Mode,Duration,Effort,"
    "Currency,Fee,Fee as of,Credit,Level,Entry requirements,Language,Link,Last verified"
)
RAIL = (
    "Railway Engineering,TU Delft,,netherlands; eu,railways; tracks; engineering,"
    "professional certificate,online,6 weeks,4 hours a week,EUR,1250,2026-10-01,"
    "3 ECTS,advanced,a bachelor's degree,English,https://example.org/rail,2026-11-01"
)
CHEAP = (
    "Data Basics,Harbour College,Harbour University,,data,award,hybrid,3 weeks,,"
    ",0,2026-10-01,,,,,https://example.org/data,2026-11-01"
)


def read(
    *rows: str, name: str = "programmes/a.csv"
) -> tuple[list[Document], list[str]]:
    content = "\n".join(rows).encode()
    return read_programmes([SourceFile(path=name, content=content)])


def changed(old: str, new: str, row: str = RAIL) -> str:
    assert old in row
    return row.replace(old, new)


def test_a_row_becomes_a_document_that_reads_well() -> None:
    (rail, cheap), problems = read(HEAD, RAIL, CHEAP.replace(",,0,", ",EUR,0,"))
    assert problems == []
    assert rail.path == "programmes/a.csv/railway-engineering-by-tu-delft"
    assert rail.about.source == "https://example.org/rail"
    assert rail.about.facets == {
        "country": ["netherlands", "eu"],
        "subject": ["railways", "tracks", "engineering"],
        "provider": "TU Delft",
        "credential": "professional certificate",
        "mode": "online",
        "duration": "6 weeks",
        "effort": "4 hours a week",
        "currency": "EUR",
        "fee": 1250.0,
        "fee_as_of": "2026-10-01",
        "credit": "3 ECTS",
        "level": "advanced",
        "entry_requirements": "a bachelor's degree",
        "language": "English",
    }
    assert rail.body == (
        "## What is Railway Engineering?\n\n"
        "Railway Engineering is a professional certificate by TU Delft, taught online. "
        "It is about railways, tracks and engineering. Its level is advanced. It is "
        "taught in English.\n\n"
        "## How long does Railway Engineering take?\n\n"
        "Railway Engineering takes 6 weeks. The effort for Railway Engineering is 4 "
        "hours a week.\n\n"
        "## How much does Railway Engineering cost?\n\n"
        "Railway Engineering costs EUR 1,250, as of October 2026. Check the price on "
        "the provider's page before you pay.\n\n"
        "## Does Railway Engineering give credit?\n\n"
        "Credit for Railway Engineering: 3 ECTS.\n\n"
        "## What do I need to join Railway Engineering?\n\n"
        "To join Railway Engineering you need: a bachelor's degree."
    )
    assert "Data Basics is an award by Harbour College, taught partly" in cheap.body
    assert "awarded by Harbour University. It is about data." in cheap.body
    assert "Data Basics is free of charge, as of October 2026." in cheap.body


def test_a_fee_that_is_not_known_or_not_whole_is_said_so() -> None:
    unknown = changed("EUR,1250,2026-10-01", ",,")
    (document,), _ = read(HEAD, unknown)
    assert "We hold no confirmed fee for Railway Engineering;" in document.body
    (document,), _ = read(HEAD, changed("1250", "1250.5"))
    assert "costs EUR 1,250.50, as of" in document.body


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (changed("online", "by post"), "mode: Input should be 'online', 'hybrid' or"),
        (changed("1250", "a lot"), "fee: Input should be a valid number"),
        (changed("1250", "-1"), "fee: Input should be greater than or equal to 0"),
        (changed("EUR", ""), "fee: needs a currency"),
        (changed("EUR", "euro"), "currency: String should match pattern"),
        (changed("2026-10-01", ""), "fee_as_of: needs the day on which the fee"),
        (changed("https://example.org/rail", "example.org"), "link: an address starts"),
        (changed(",2026-11-01", ",November"), "last_verified: Input should be a valid"),
        (changed("TU Delft", ""), "provider: is missing"),
        (changed("railways; tracks; engineering", ";"), "subject: List should have at"),
        (changed("6 weeks", "6 weeks, or 8"), "has more values than there are columns"),
        (RAIL.lower().upper().replace("HTTPS", "https"), "mode: Input should be"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_load(row: str, problem: str) -> None:
    good = CHEAP.replace(",,0,2026-10-01", ",,,")
    documents, problems = read(HEAD, row, good)
    assert [document.about.title for document in documents] == ["Data Basics"]
    assert problems[0].startswith(f"programmes/a.csv:2: {problem}")


def test_every_mistake_of_a_row_is_named() -> None:
    row = changed("online", "by post", changed("TU Delft", ""))
    _, problems = read(HEAD, RAIL, row)
    assert [line.split(": ")[:2] for line in problems] == [
        ["programmes/a.csv:3", "provider"],
        ["programmes/a.csv:3", "mode"],
    ]


def test_the_same_programme_twice_is_a_wrong_row() -> None:
    documents, problems = read(HEAD, RAIL, "", changed("Railway", "RAILWAY "))
    assert len(documents) == 1
    assert problems == ["programmes/a.csv:4: title: is the same programme as row 2"]


def test_long_titles_keep_their_programmes_apart() -> None:
    title = "Foundations of Sustainable Infrastructure Planning for Growing Coastal"
    rows = [
        changed(
            "TU Delft", provider, changed("Railway Engineering", f"{title} {place}")
        )
        for place in ("Cities", "Towns")
        for provider in ("Coursera", "edX")
    ]
    documents, problems = read(HEAD, *rows)
    again, _ = read(HEAD, *reversed(rows))
    paths = {document.path for document in documents}
    assert problems == []
    assert len(paths) == len(rows)
    assert paths == {document.path for document in again}
    assert all(len(path) < len("programmes/a.csv/") + 80 for path in paths)


def test_of_two_rows_that_would_have_one_name_one_is_named() -> None:
    rows = [
        changed("TU Delft", "Sea by Land", changed("Railway Engineering", "Rail")),
        changed("TU Delft", "Land", changed("Railway Engineering", "Rail by Sea")),
    ]
    documents, problems = read(HEAD, *rows)
    assert len(documents) == 1
    assert problems == ["programmes/a.csv:3: title: is the same programme as row 2"]


def test_columns_are_missing_or_unknown() -> None:
    documents, problems = read("title,colour,provider", "Rail,red,TU Delft")
    assert documents == []
    assert "programmes/a.csv:1: link: there is no such column" in problems
    assert (
        "programmes/a.csv:1: colour: unknown column, not used; "
        "see docs/programme.schema.json"
    ) in problems
    documents, problems = read(HEAD + ",colour", RAIL + ",red")
    assert len(documents) == len(problems) == 1


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_spreadsheets_write_is_read(separator: str) -> None:
    rows = (HEAD, RAIL.replace("; ", "|"))
    text = "\r\n".join(row.replace(",", separator) for row in rows)
    content = b"\xef\xbb\xbf" + text.encode()
    file = SourceFile(path="programmes/x.CSV", content=content)
    (document,), problems = read_programmes([file])
    assert (document.about.title, problems) == ("Railway Engineering", [])


def test_a_value_may_hold_commas_and_lines_in_quotes() -> None:
    quoted = changed("3 ECTS", '"3 ECTS,\nif asked\n# for"')
    (document, _), problems = read(HEAD, quoted, CHEAP.replace(",,0,2026-10-01", ",,,"))
    assert problems == []
    assert document.about.credit == "3 ECTS, if asked # for"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (HEAD.encode() + b"\n\xff\xfe", "not UTF-8; save it as “CSV UTF-8”"),
        (HEAD.encode() + b'\n"open', "cannot be read as a list: unexpected end"),
    ],
)
def test_a_file_that_is_no_list_is_named(content: bytes, problem: str) -> None:
    file = SourceFile(path="programmes/a.csv", content=content)
    documents, problems = read_programmes([file])
    assert documents == []
    assert problems[0].startswith(f"programmes/a.csv: {problem}")


def test_an_empty_list_lacks_its_columns_and_an_unreadable_file_is_named() -> None:
    _, problems = read("")
    assert "programmes/a.csv:1: title: there is no such column" in problems
    file = SourceFile(path="programmes/a.csv", problem="cannot be read: Permission")
    assert read_programmes([file]) == (
        [],
        ["programmes/a.csv: cannot be read: Permission"],
    )


def test_only_tables_among_the_programmes_are_lists() -> None:
    names = ["programmes/a.csv", "programmes/deep/a.CSV", "guidance/a.csv", "a.csv"]
    lists = [SourceFile(path=name).is_programme_list for name in names]
    assert lists == [True, True, False, False]
    assert not SourceFile(path="programmes/a.md").is_programme_list


@pytest.fixture
def own(tmp_path: Path, sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The sample documents and a list with one wrong row."""
    shutil.copytree(sample_data, tmp_path / "data")
    knowledge = write_knowledge(tmp_path / "knowledge")
    (knowledge / "programmes").mkdir()
    (knowledge / "programmes" / "a.csv").write_text(f"{HEAD}\n{RAIL}\n{CHEAP}\n")
    (knowledge / "a.csv").write_text("not,a,list\n1,2,3\n")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    return Settings()


def test_programmes_are_indexed_found_and_wrong_rows_reported(
    own: Settings, encoder: Encoder
) -> None:
    report = sync(own, encoder=encoder)
    (listed,) = [file for file in report.files if file.path == "programmes/a.csv"]
    assert (listed.status, listed.chunks) == (FileStatus.INDEXED, 5)
    assert listed.reason == "programmes/a.csv:3: fee: needs a currency"
    name = "programmes/a.csv/railway-engineering-by-tu-delft"
    assert indexed_documents(own) == {*DOCUMENTS, name, "a.csv"}
    (hit,) = search(own, "how much is the railway engineering certificate", limit=1)
    assert hit.document == name
    again = sync(own, encoder=encoder)
    assert again.changed is False
    assert listed.reason in {file.reason for file in again.files}
    found = check(own, encoder=encoder, clock=Clock())
    assert [f"{one.trouble}: {one.where}: {one.message}" for one in found] == [
        "broken: programmes/a.csv:3: fee: needs a currency"
    ]


def test_the_command_names_the_rows_that_were_left_out(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync"]) == 0
    said = capsys.readouterr().out
    assert "programmes/a.csv:3: fee: needs a currency" in said


def test_nothing_but_wrong_rows_is_no_index(own: Settings) -> None:
    for path in (*own.knowledge_dir.rglob("*.md"), own.knowledge_dir / "a.csv"):
        path.unlink()
    (own.knowledge_dir / "programmes" / "a.csv").write_text(f"{HEAD}\n{CHEAP}\n")
    with pytest.raises(DocumentError, match="no text in any"):
        sync(own)


def test_the_schema_in_docs_is_what_the_program_checks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema"]) == 0
    written = (PROJECT / "docs" / "programme.schema.json").read_text("utf-8")
    assert capsys.readouterr().out == written
    assert json.loads(written) == schema()
