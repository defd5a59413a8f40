"""Progress bars on a terminal; nothing where nobody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as Bars,
)


class Progress:
    """Shows how far a long step is, on standard error, if that is a terminal."""

    def __init__(self, *, shown: bool = False) -> None:
        self._shown = shown
        self._busy = False

    @classmethod
    def for_terminal(cls) -> "Progress":
        """Bars if somebody is watching."""
        return cls(shown=sys.stderr.isatty())

    @contextmanager
    def bar(self, label: str, *, total: int) -> Iterator[Callable[[int], None]]:
        """A function that is told how many more are done.

        A step within a step shows no bar of its own.
        """
        within, self._busy = self._busy, True
        with Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=within or not self._shown,
        ) as bars:
            task = bars.add_task(label, total=total)
            try:
                yield lambda more: bars.advance(task, more)
            finally:
                self._busy = within
