"""No file can crash, hang or fill the process that reads it for us."""

import resource
from io import BytesIO
from typing import Any

import pytest

from ingest.formats.contents import Contents, Page, UnreadableError
from ingest.formats.frames import refusal
from ingest.formats.worker import Task, answer, serve
from ingest.reading import Reader

NO_LIMIT = resource.RLIM_INFINITY
BIG = b"word " * 4_000_000


def test_a_file_is_read_by_the_ending_of_its_name() -> None:
    with Reader() as reader:
        assert reader.read("a.TXT", b"Words.") == Contents(pages=(Page(text="Words."),))
        assert reader.read("b.csv", b"a,b\n1,2\n").pages[0].text.startswith("| a | b |")


def test_a_file_that_cannot_be_read_says_why_and_the_next_one_is_read() -> None:
    with Reader() as reader:
        with pytest.raises(UnreadableError, match="is damaged, or not a PDF file"):
            reader.read("a.pdf", b"nothing like it")
        assert reader.read("b.txt", b"Words.").pages[0].text == "Words."


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with (
        Reader(seconds=0) as reader,
        pytest.raises(UnreadableError, match="takes longer than 0 seconds"),
    ):
        reader.read("a.txt", b"Words.")


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    with Reader(memory=400 * 1024**2) as reader:
        with pytest.raises(UnreadableError, match="needs too much memory"):
            reader.read("a.txt", BIG * 10)
        assert reader.read("b.txt", b"Words.").pages[0].text == "Words."


def test_a_reading_process_that_is_ended_costs_one_file() -> None:
    with Reader() as reader:
        reader.read("a.txt", b"Words.")
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        with pytest.raises(UnreadableError, match="the reading process was ended"):
            reader.read("b.txt", BIG)
        assert reader.read("c.txt", b"Words.").pages[0].text == "Words."


def test_a_reader_that_reads_nothing_starts_nothing() -> None:
    with Reader() as reader:
        assert reader._process is None


def test_a_request_that_is_cut_off_ends_the_work() -> None:
    requests = BytesIO((10).to_bytes(8, "big") + b"a.txt")
    answers = BytesIO()
    serve(requests, answers, seconds=1, memory=NO_LIMIT)
    assert answers.getvalue() == b""


def test_whatever_a_library_raises_is_a_refusal_in_one_line() -> None:
    name = "\0.txt"
    assert answer(Task(name=name), b"Words.").startswith(b'{"pages"')
    broken: Any = None  # which no reader expects
    assert answer(Task(name=name), broken) == refusal(
        "cannot be read: AttributeError: 'NoneType' object has no attribute 'strip'"
    )
