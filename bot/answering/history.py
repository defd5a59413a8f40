"""What was asked in a conversation before the message that is answered."""

from collections.abc import Sequence

from bot.answering.completing import asked_in, intent_behind
from bot.answering.offers import is_refusal
from bot.conversations.ports import Author, Turn

LONGEST_QUESTION = 2000


def asked_before(earlier: Sequence[Turn]) -> tuple[str, ...]:
    """The contact's questions, oldest first: greetings and the like say nothing.

    What the bot refused would lead away from what the documents hold, and is left out,
    unless it was asked just before: then this may be the same in other words.
    """
    kept: list[str] = []
    last: list[str] = []
    refused = False
    for turn in earlier:
        if turn.author is not Author.CONTACT:
            refused = refused or is_refusal(turn)
        elif intent_behind(turn.text) is None:
            if refused:
                last, refused = [], False
            kept += last
            last = [shortened(turn.text)]
    return asked_in((*kept, *last))


def shortened(text: str) -> str:
    """A message as it is searched for: of a very long one the beginning and the end."""
    if len(text) <= LONGEST_QUESTION:
        return text
    half = LONGEST_QUESTION // 2
    start = text[:half].rpartition(" ")[0] or text[:half]
    end = text[-half:].partition(" ")[2] or text[-half:]
    return f"{start}\n{end}"
