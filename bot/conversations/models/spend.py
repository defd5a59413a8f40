"""The tokens that language models took in a day, by what for and by whom."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import words
from bot.conversations.states import SpentOn
from bot.database import Base


class ModelSpend(Base):
    """A day's tokens of one kind.

    Every call counts once by its purpose, which is kept for good and tells of nobody.
    Replies count again for their address and their network, whose ``name`` tells them
    apart; those rows go with the contact, and after a while.
    """

    __tablename__ = "model_spend"
    __table_args__ = (UniqueConstraint("day", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    kind: Mapped[SpentOn] = mapped_column(words(SpentOn))
    name: Mapped[str] = mapped_column(String(40), default="")
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("addresses.id"), index=True
    )
    tokens_read: Mapped[int] = mapped_column(default=0)
    tokens_written: Mapped[int] = mapped_column(default=0)
