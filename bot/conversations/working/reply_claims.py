"""What a worker claims: a conversation that owes a reply, and all that is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversations.handoff.handoffs import emergency_text, last_word
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, Message, Status
from bot.conversations.ports import Author, Outcome, Turn
from bot.conversations.spoken.signs import stands_for_something
from bot.conversations.threads import contact_of
from bot.conversations.turns import last_messages, spoken, turns_of

ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyClaim:
    """A conversation that owes a reply, as it stood when this worker claimed it.

    ``answered`` says whether an answer of the bot's is the last thing before it;
    ``external_id`` is the channel's own id of the newest message, ``network`` a name of
    where it came from. ``waiting`` says that staff have been asked already, ``stopped``
    that the contact wants no messages.
    """

    conversation_id: int
    address_id: int
    network: str | None
    channel: str
    external_id: str | None
    epoch: int
    through: int
    question: str
    media_only: bool
    earlier: tuple[Turn, ...]
    language: str | None
    facts: Mapping[str, str]
    attempts: int
    answered: bool = False
    waiting: bool = False
    stopped: bool = False
    emergency: str | None = None

    @property
    def origin(self) -> str:
        """Whom it is answered to, where many conversations may be one person's."""
        return self.network or f"address {self.address_id}"

    @property
    def given_up(self) -> bool:
        """Whether as many workers as may try have vanished over it."""
        return self.attempts >= ATTEMPTS


async def read_claim(
    transaction: Transaction, conversation: Conversation
) -> ReplyClaim | None:
    rows = await last_messages(transaction.session, conversation)
    burst = [row for row in rows if _wants_reply(row, conversation)]
    if not burst:
        conversation.reply_due_at = None
        conversation.lease_until = None
        return None
    words = [row.text for row in burst if row.text.strip()]
    last = await last_word(transaction.session, conversation)
    return ReplyClaim(
        conversation_id=conversation.id,
        address_id=conversation.address_id,
        network=conversation.address.network,
        channel=conversation.address.channel,
        external_id=burst[-1].external_id,
        epoch=conversation.epoch,
        through=burst[-1].id,
        question="\n".join(words),
        media_only=_is_media(burst),
        earlier=_turns(rows, before=burst[0].id, over=last is None),
        language=conversation.language,
        facts=(await contact_of(transaction, conversation)).facts,
        attempts=conversation.attempts,
        answered=last is not None and last.outcome is Outcome.ANSWER,
        waiting=conversation.status is Status.WAITING,
        stopped=conversation.address.stopped_at is not None,
        emergency=await emergency_text(transaction.session),
    )


def _is_media(burst: Sequence[Message]) -> bool:
    """Whether there is something, and no words of the contact's."""
    worded = [row for row in burst if row.text.strip()]
    if not worded:
        return any(row.media_count for row in burst)
    return all(stands_for_something(row.text) for row in worded)


def _wants_reply(message: Message, conversation: Conversation) -> bool:
    return (
        message.author is Author.CONTACT
        and message.wants_reply
        and message.id > conversation.answered_through
    )


def _turns(rows: Sequence[Message], *, before: int, over: bool) -> tuple[Turn, ...]:
    """What was said before; an offer of a person is ``over`` once staff came in."""
    said = spoken(row for row in rows if row.id < before)
    while over and said and said[-1].outcome is Outcome.NO_ANSWER:
        said.pop()
    return turns_of(said)
