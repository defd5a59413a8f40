"""What has to be done every night: fetch what is due, check, and sync if need be."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from bot.answering.encoding.encoder import Encoder
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.errors import BotError
from bot.outside import PinnedBackend
from ingest.check import check
from ingest.findings import Finding
from ingest.sync import sync
from ingest.web.fetching import Fetcher
from ingest.web.refreshing import Refreshed, Refresher


@dataclass(frozen=True, slots=True, kw_only=True)
class NightReport:
    """What a night changed; ``findings`` counts by kind, ``problem`` stopped a part."""

    written: int
    removed: int
    failed: int
    findings: dict[str, int]
    synced: bool
    problem: str | None = None

    def as_fields(self) -> dict[str, object]:
        """For a log line or JSON."""
        return asdict(self)


def fetcher_for(settings: Settings) -> Fetcher:
    """A fetcher that follows the settings."""
    backend = PinnedBackend(loopback_allowed=settings.fetch_from_loopback)
    return Fetcher(backend, delay=settings.fetch_delay_seconds)


def run_night(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    clock: Clock = utc_now,
) -> NightReport:
    """Do it once; what goes wrong with one part keeps no other from its turn."""
    encoder = encoder or Encoder(settings.embedding_model)
    fetched, synced, findings = Refreshed(), False, list[Finding]()
    problems: list[str] = []
    with _noted(problems), fetcher_for(settings) as fetcher:
        fetched = Refresher(settings, fetcher, clock).run()
    with _noted(problems):
        # It compares fingerprints first, so that a night without changes costs nothing.
        synced = sync(settings, encoder=encoder).changed
    with _noted(problems):
        findings = check(settings, encoder=encoder, clock=clock)
    return NightReport(
        written=len(fetched.written),
        removed=len(fetched.removed),
        failed=len(fetched.failed),
        findings=dict(Counter(one.trouble.value for one in findings)),
        synced=synced,
        problem="; ".join(dict.fromkeys(problems)) or None,
    )


@contextmanager
def _noted(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except BotError as error:
        problems.append(str(error))
