"""Rules by which a conversation that waits is meant for somebody."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import public_id
from bot.database import Base, UtcDateTime


class AssignmentRule(Base):
    """What is handed over is meant for its members in turn, where it fits.

    An empty field fits everything; ``most`` is how many conversations each of them has
    at once. The oldest rule that fits, and has somebody free, counts.
    """

    __tablename__ = "assignment_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    reason: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(12))
    destination: Mapped[str | None] = mapped_column(String(60))
    most: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def fits(
        self, *, reason: str | None, language: str | None, destination: str | None
    ) -> bool:
        """Whether it is about such a conversation."""
        pairs = (
            (self.reason, reason),
            (self.language, language),
            (self.destination, destination),
        )
        return all(wanted in {None, found} for wanted, found in pairs)


class AssignmentRuleMember(Base):
    """Somebody for whom conversations are meant; ``last_given_at`` says whose turn."""

    __tablename__ = "assignment_rule_members"

    rule_id: Mapped[int] = mapped_column(
        ForeignKey("assignment_rules.id", ondelete="CASCADE"), primary_key=True
    )
    staff_member_id: Mapped[int] = mapped_column(
        ForeignKey("staff_members.id"), primary_key=True
    )
    last_given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
