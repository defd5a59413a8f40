"""Structured logs: events with fields, never message text, names or addresses."""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from structlog.testing import capture_logs

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

# Libraries whose warnings carry addresses with secrets in them: we log our own.
MUTE = ("apprise", "urllib3")
# Libraries whose INFO lines carry addresses, or say more than anyone reads.
QUIET = ("httpx", "httpcore", "twilio", "alembic", "chromadb", "sentence_transformers")


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
