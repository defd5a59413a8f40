"""A child reads several files; whatever a file does to it costs that file alone."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.formats.child import AGAIN, FILES, LARGEST_ANSWER, Child
from ingest.formats.contents import UnreadableError
from ingest.formats.frames import refusal
from ingest.reading import Reader
from tests.support.patience import until

PLENTY = 1 << 40


def obey(task: bytes, name: bytes, content: bytes) -> bytes:
    """Do to the process what a file of this name would do."""
    match name:
        case b"hangs":
            while True:
                pass
        case b"crashes":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"leaves":
            os._exit(0)
        case b"floods":
            return b"x" * (LARGEST_ANSWER + 1)
    return b" ".join((task, name, content, str(os.getpid()).encode()))


@contextmanager
def child(*, seconds: float = 20.0, memory: int = PLENTY) -> Iterator[Child]:
    found = Child(obey, seconds=seconds, memory=memory)
    try:
        yield found
    finally:
        if not found.ended:
            found.end()


def test_one_child_reads_many_files_and_then_goes() -> None:
    with child() as reader:
        answers = [reader.answer(b"t", b"n", b"c") for _ in range(FILES)]
        assert len(set(answers)) == 1
        assert answers[0].startswith(b"t n c ")
        assert reader.ended
        assert AGAIN not in answers


def test_a_file_that_hangs_ends_its_child() -> None:
    with child(seconds=0.2) as reader:
        told = reader.answer(b"", b"hangs", b"")
        assert told == refusal("takes longer than 0.2 seconds to be read")
        assert reader.ended


def test_a_file_that_crashes_its_child_is_told_with_the_signal() -> None:
    with child() as reader:
        told = reader.answer(b"", b"crashes", b"")
        assert told == refusal(f"crashes its reader (signal {signal.SIGKILL.value})")
        assert reader.ended


def test_a_child_that_leaves_or_answers_without_end_had_too_little_memory() -> None:
    for name in (b"leaves", b"floods"):
        with child() as reader:
            told = reader.answer(b"", name, b"x" * 1_000_000)
            assert told == refusal("needs too much memory to be read")
            assert reader.ended


def test_the_next_file_is_read_by_a_new_child_after_one_that_was_refused() -> None:
    with Reader() as reader:
        reader.read("a.txt", b"Words.")
        (first,) = _children(reader)
        reader.read("b.txt", b"Words.")
        assert _children(reader) == [first]
        with pytest.raises(UnreadableError):
            reader.read("c.pdf", b"nothing like it")
        reader.read("d.txt", b"Words.")
        (second,) = _children(reader)
        assert second != first


async def test_no_child_is_left_when_the_reading_process_is_killed() -> None:
    with Reader() as reader:
        reader.read("a.txt", b"Words.")
        (left,) = _children(reader)
        assert reader._process is not None
        reader._process.kill()

        async def gone() -> bool:
            return left not in _running()

        await until(gone)


def _running() -> set[int]:
    found = (path / "stat" for path in Path("/proc").iterdir() if path.name.isdigit())
    return {
        int(stat.parent.name)
        for stat in found
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    }


def _children(reader: Reader) -> list[int]:
    assert reader._process is not None
    pid = reader._process.pid
    return [
        int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ]
