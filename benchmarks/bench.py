"""``python -m benchmarks.bench``: what the README says about speed, measured.

Prints one Markdown table; ``--write FILE`` puts it between ``<!-- bench -->`` and
``<!-- /bench -->`` of a file, also what is known when the rest is broken off.
``--repetitions N`` says how often what takes minutes is measured.
"""

import argparse
import os
import platform
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import (
    acknowledgement,
    answers,
    ingesting,
    large,
    reading,
    starting,
    streams,
    switching,
)
from benchmarks.figures import Figure, put_into, table
from benchmarks.programs import forget_settings
from bot.logs import configure_logs


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    requests: int
    page_messages: int
    questions: int
    documents: int
    large_documents: int
    speed_documents: int
    pages: int
    repetitions: int


FULL = Size(
    requests=2000,
    page_messages=100,
    questions=200,
    documents=1000,
    large_documents=3400,
    speed_documents=100,
    pages=300,
    repetitions=3,
)
QUICK = Size(
    requests=200,
    page_messages=20,
    questions=30,
    documents=100,
    large_documents=100,
    speed_documents=20,
    pages=30,
    repetitions=1,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything, print it, and write it if asked to."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fast look, less sure")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table here")
    parser.add_argument(
        "--repetitions", type=int, metavar="N", help="one is least sure"
    )
    options = parser.parse_args(words)
    size = QUICK if options.quick else FULL
    if options.repetitions:
        size = replace(size, repetitions=options.repetitions)
    forget_settings()
    configure_logs("ERROR", json=False)
    figures: list[Figure] = []
    text = ""
    with tempfile.TemporaryDirectory() as scratch:
        for found in measure(Path(scratch), size):
            figures += found
            text = f"{table(figures)}\n\n{_circumstances(words)}"
            if options.write:
                put_into(options.write, text)
    print(text)


def measure(scratch: Path, size: Size) -> Iterator[list[Figure]]:
    """Every figure, in the order of the table, as soon as it is known."""
    names = (
        "messages",
        "open",
        "answers",
        "speed",
        "commands",
        "files",
        "switch",
        "large",
    )
    folders = [scratch / name for name in names]
    for folder in folders:
        folder.mkdir()
    messages, opened, asked, speed, commands, files, switch, many = folders
    print("messages …", file=sys.stderr)
    yield acknowledgement.measure(messages, requests=size.requests)
    print("open pages …", file=sys.stderr)
    yield streams.measure(opened, messages=size.page_messages)
    print("answers …", file=sys.stderr)
    yield answers.measure(asked, questions=size.questions)
    print("starting …", file=sys.stderr)
    # The folder holds a database and an index by now, as after a first `make run`.
    yield [starting.measure(asked, repetitions=size.repetitions)]
    print("ingesting …", file=sys.stderr)
    yield [
        ingesting.measure_speed(
            speed, documents=size.speed_documents, repetitions=size.repetitions
        )
    ]
    print("commands …", file=sys.stderr)
    yield ingesting.measure_commands(
        commands, documents=size.documents, repetitions=size.repetitions
    )
    print("reading …", file=sys.stderr)
    yield reading.measure(files, pages=size.pages, repetitions=size.repetitions)
    print("switching …", file=sys.stderr)
    yield switching.measure_switch(
        switch, documents=size.documents, repetitions=size.repetitions
    )
    print("large …", file=sys.stderr)
    yield large.measure(many, documents=size.large_documents)


def _circumstances(words: Sequence[str]) -> str:
    command = shlex.join(["python", "-m", "benchmarks.bench", *words])
    cores = len(os.sched_getaffinity(0))
    return (
        f"Measured by `{command}` with Python {platform.python_version()} on "
        f"{platform.machine()}, {cores} cores."
    )


if __name__ == "__main__":
    main()
