"""Another way to reach a contact, which they gave for it."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations.models.columns import words
from bot.conversations.spoken.details import WayKind
from bot.database import Base


class WayToReach(Base):
    """An e-mail address or a number; it goes with the consent that it came with."""

    __tablename__ = "ways_to_reach"

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[int] = mapped_column(
        ForeignKey("consents.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[WayKind] = mapped_column(words(WayKind))
    value: Mapped[str] = mapped_column(String(254))
