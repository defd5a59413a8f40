"""What a visitor's page sends to the web chat."""

from pydantic import BaseModel, Field

from bot.text import CleanText

LONGEST_TEXT = 4000


class NewMessage(BaseModel):
    """A message; ``client_id`` makes sending it again harmless."""

    client_id: CleanText = Field(min_length=1, max_length=100)
    text: CleanText


class Typing(BaseModel):
    """Whether a contact is writing at the moment."""

    active: bool


class Feedback(BaseModel):
    """What a contact thinks of an answer."""

    helpful: bool
