"""How long the server takes from its start until it is ready."""

from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.programs import PROJECT, development, serving
from tests.support.servers import free_port


def measure(folder: Path, *, repetitions: int) -> Figure:
    """``folder`` holds the data of a server that has run before."""
    taking, answering = (
        median(_start(folder, path) for _ in range(repetitions))
        for path in ("/health/live", "/health/ready")
    )
    return Figure(
        what="Server takes messages after its start, as in a second `make run`; "
        "answers them",
        measured=f"{taking:.1f} s; {answering:.1f} s",
    )


def _start(folder: Path, path: str) -> float:
    settings = development(folder, knowledge=PROJECT / "knowledge", port=free_port())
    with serving(("-m", "bot", "serve"), settings, path=path) as waited:
        return waited
