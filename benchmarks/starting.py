"""How long the server takes from its start until it is ready."""

from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.programs import PROJECT, development, serving
from tests.support.servers import free_port


def measure(folder: Path, *, repetitions: int) -> Figure:
    """``folder`` holds the data of a server that has run before."""
    knowledge = PROJECT / "knowledge"
    seconds = []
    for _ in range(repetitions):
        settings = development(folder, knowledge=knowledge, port=free_port())
        command = ("-m", "bot", "serve")
        with serving(command, settings, path="/health/ready") as waited:
            seconds.append(waited)
    return Figure(
        what="Server ready after its start, as in a second `make run`",
        measured=f"{median(seconds):.1f} s",
    )
