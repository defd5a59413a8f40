"""Structured logs: events with fields, never message text, names or addresses."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from structlog.testing import capture_logs

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

# Libraries whose warnings carry addresses with secrets in them: we log our own.
MUTE = ("apprise", "urllib3")
# Libraries whose INFO lines carry addresses, or say more than anyone reads.
QUIET = ("httpx", "httpcore", "twilio", "alembic", "chromadb", "sentence_transformers")
# How often the same failure is told with its traceback, and without.
WHOLE_SECONDS = 60.0
SHORT_SECONDS = 5.0


class Repeated:
    """Shows how the same failure came about once a minute, and counts it meanwhile.

    While a disk is full or a database away, everything fails many times a second.
    """

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seen: dict[tuple[object, str], _Seen] = {}

    def __call__(
        self, logger: object, method: str, entry: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The entry, whole or short.

        Raises:
            structlog.DropEvent: the same was said a moment ago; it is counted.
        """
        del logger, method
        error = _error(entry.get("exc_info"))
        if error is None:
            return entry
        name, now = type(error).__name__, self._clock()
        seen = self._seen.setdefault((entry.get("event"), name), _Seen())
        if now < seen.whole_from and now < seen.short_from:
            seen.unsaid += 1
            raise structlog.DropEvent
        if now < seen.whole_from:
            del entry["exc_info"]
            entry["error"] = name
        else:
            seen.whole_from = now + WHOLE_SECONDS
        if seen.unsaid:
            entry["unsaid"] = seen.unsaid
        seen.short_from, seen.unsaid = now + SHORT_SECONDS, 0
        return entry


@dataclass(slots=True)
class _Seen:
    """From when on a failure is told again, and how often it was not."""

    whole_from: float = -inf
    short_from: float = -inf
    unsaid: int = 0


def _error(exc_info: object) -> BaseException | None:
    """The exception that an entry of a log tells of."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return _error(exc_info[1])
    return sys.exception() if exc_info else None


def configure_logs(level: str, *, json: bool) -> None:
    """Send every log line to standard error: JSON for machines, or readable."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The pretty one prints local variables: texts and names among them.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            Repeated(),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def overheard() -> Iterator[Sequence[Mapping[str, object]]]:
    """What would be logged meanwhile, from INFO on: kept, and not written."""
    before = structlog.get_config()["wrapper_class"]
    everything = structlog.make_filtering_bound_logger(logging.INFO)
    structlog.configure(wrapper_class=everything)
    try:
        with capture_logs() as events:
            yield events
    finally:
        structlog.configure(wrapper_class=before)


def get_logger() -> "FilteringBoundLogger":
    """A logger: ``log.info("reply_stored", conversation=12)``."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger
