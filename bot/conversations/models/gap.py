"""The gap: questions of one meaning that the documents did not answer well."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, UtcDateTime


class Gap(Base):
    """Questions that belong together, by the ids of their messages; no words of theirs.

    ``asked`` is how many there are, ``this_week`` and ``weeks_before`` those of the
    last week and of the four before it. ``kinds``, ``languages`` and ``channels``
    count them; ``sections`` are the nearest of the documents. ``proposal`` is an
    answer that waits for somebody else to read it; ``path`` the document that answers.
    """

    __tablename__ = "gaps"
    __table_args__ = (Index("ix_gaps_asked", "asked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked: Mapped[int] = mapped_column()
    this_week: Mapped[int] = mapped_column()
    weeks_before: Mapped[int] = mapped_column()
    kinds: Mapped[Mapping[str, int]] = mapped_column(JSON)
    languages: Mapped[Mapping[str, int]] = mapped_column(JSON)
    channels: Mapped[Mapping[str, int]] = mapped_column(JSON)
    messages: Mapped[Sequence[int]] = mapped_column(JSON)
    sections: Mapped[Sequence[str]] = mapped_column(JSON)
    proposal: Mapped[Mapping[str, str] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    path: Mapped[str | None] = mapped_column(String(300))

    @property
    def rises(self) -> bool:
        """Whether more ask this week than in a usual week of the four before."""
        return self.this_week * 4 > self.weeks_before
