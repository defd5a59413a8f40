"""Files that have come in wait until somebody has read them, and no longer."""

import time

import pytest

from bot.config import Settings
from bot.errors import BotError, DocumentError, NotFoundError
from ingest.publishing.arrivals import KEPT_SECONDS, MOST_WAITING, Arrivals
from tests.support.clock import Clock
from tests.support.publishing import files_of


class Now:
    """The time of files, which a test moves."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def arrivals(settings: Settings, now: Now) -> Arrivals:
    return Arrivals(settings, seconds=now)


def test_what_has_come_in_is_found_by_its_name_for_a_day(
    arrivals: Arrivals, settings: Settings, now: Now
) -> None:
    kept = arrivals.keep("faq/certificate.md", b"Text.")
    assert kept.seen
    assert arrivals.of(kept.token) == kept
    now.ahead = KEPT_SECONDS + 60
    newer = arrivals.keep("faq/other.md", b"Text.")
    assert newer.seen is None
    with pytest.raises(NotFoundError):
        arrivals.of(kept.token)
    arrivals.drop(newer.token)
    assert files_of(settings.data_dir) == {}


def test_no_more_wait_than_a_few(arrivals: Arrivals, settings: Settings) -> None:
    for number in range(MOST_WAITING + 5):
        arrivals.keep(f"faq/{number}.md", b"Text.")
    assert len(files_of(settings.data_dir)) == 2 * MOST_WAITING


def test_no_name_leads_out_of_the_folder(arrivals: Arrivals) -> None:
    for token in ("../bot.sqlite3", "", ".", "a/b", "ä"):
        with pytest.raises(NotFoundError):
            arrivals.of(token)
    with pytest.raises(DocumentError):
        arrivals.keep("../secret.md", b"Text.")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "x", ""])
def test_only_pages_of_the_web_outside_are_fetched(
    arrivals: Arrivals, clock: Clock, url: str
) -> None:
    with pytest.raises(BotError):
        arrivals.fetch(url, clock=clock)
