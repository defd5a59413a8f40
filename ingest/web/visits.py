"""What is remembered of each page between visits: versions, days and problems."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from bot.errors import BotError
from ingest.web.fetching import Validators

NAME = "web.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The last visit to a page or sitemap.

    ``path`` is the document it became, ``about`` the front matter that it got from the
    sources, ``listed_by`` the sitemap that named it; ``problem`` says why it could not
    be had the last time.
    """

    visited_at: datetime
    path: str | None = None
    about: Mapping[str, object] = field(default_factory=dict)
    listed_by: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    problem: str | None = None

    @property
    def validators(self) -> Validators:
        """What to ask for a newer version with."""
        return Validators(etag=self.etag, last_modified=self.last_modified)


def read_visits(data_dir: Path) -> dict[str, Visit]:
    """Visits by address."""
    try:
        found = json.loads((data_dir / NAME).read_text("utf-8"))
        return {
            url: Visit(
                **{**fields, "visited_at": datetime.fromisoformat(fields["visited_at"])}
            )
            for url, fields in found.items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BotError(
            f"{data_dir / NAME} is damaged; remove it, and every page is fetched again"
        ) from error


def write_visits(data_dir: Path, visits: dict[str, Visit]) -> None:
    """Remember; a crash leaves the old ones or the new ones."""
    data_dir.mkdir(parents=True, exist_ok=True)
    fields = {
        url: {**asdict(visit), "visited_at": visit.visited_at.isoformat()}
        for url, visit in visits.items()
    }
    draft = data_dir / f"{NAME}.new"
    draft.write_text(json.dumps(fields, indent=1, ensure_ascii=False), "utf-8")
    draft.replace(data_dir / NAME)
