"""How often each section of a document was told lately, and what contacts thought."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, select

from bot.conversations.models import Message
from bot.conversations.ports import Author, Outcome
from bot.database import Database

LATELY = timedelta(days=90)


@dataclass(slots=True)
class Use:
    """Answers that a section was told in, and how many were rated either way."""

    answers: int = 0
    helpful: int = 0
    unhelpful: int = 0


async def section_use(
    database: Database, document: str, *, now: datetime
) -> Mapping[str, Use]:
    """The use of each section of a document in the last 90 days, by its name."""
    prefix = f"{document}#"
    # As JSON is written, whose letters are those of ASCII.
    stored = json.dumps(prefix).strip('"')
    async with database.read() as session:
        rows = await session.execute(
            select(Message.provenance, Message.helpful).where(
                Message.author == Author.BOT,
                Message.outcome == Outcome.ANSWER,
                Message.created_at >= now - LATELY,
                cast(Message.provenance, String).contains(stored, autoescape=True),
            )
        )
    found: dict[str, Use] = {}
    for provenance, helpful in rows:
        for name in _told(provenance or {}):
            if name.startswith(prefix):
                _count(found.setdefault(name, Use()), helpful)
    return found


def _told(provenance: Mapping[str, object]) -> list[str]:
    sections = provenance.get("sections")
    return list(dict.fromkeys(map(str, sections))) if isinstance(sections, list) else []


def _count(use: Use, helpful: bool | None) -> None:  # noqa: FBT001  a rating or none
    use.answers += 1
    use.helpful += helpful is True
    use.unhelpful += helpful is False
