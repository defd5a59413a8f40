"""A draft reply for staff, from the same assistant; it is neither stored nor sent."""

from collections.abc import Sequence

from bot.conversations.handoff.holding import log_action
from bot.conversations.ports import Answer, Assistant, Author, Outcome, Turn
from bot.conversations.service import Conversations
from bot.conversations.threads import contact_of
from bot.conversations.turns import last_messages, spoken, turns_of
from bot.errors import BotError, ConversationError
from bot.logs import get_logger
from bot.staff import staff_member

# "A person, please" is no question: then the one before it is meant.
QUESTIONS_TRIED = 3

log = get_logger()


async def draft(
    conversations: Conversations,
    assistant: Assistant,
    conversation_id: str,
    *,
    member: str,
) -> Answer:
    """What the assistant would answer to the contact's last question.

    Raises:
        ConversationError: nothing was asked, or the documents hold no answer to it.
    """
    async with conversations.changing(conversation_id) as (transaction, conversation):
        who = await staff_member(transaction.session, member, now=transaction.now)
        log_action(transaction, "draft", conversation, member=who)
        facts = (await contact_of(transaction, conversation)).facts
        turns = turns_of(spoken(await last_messages(transaction.session, conversation)))
        language = conversation.language
    for place in _questions(turns):
        try:
            answer = await assistant.answer(
                turns[place].text,
                earlier=turns[:place],
                language=language,
                facts=facts,
            )
        except BotError as error:
            log.warning("draft_failed", reason=str(error))
            raise ConversationError(f"there is no draft: {error}") from error
        if answer.outcome is Outcome.ANSWER and answer.citations:
            return answer
    raise ConversationError("the documents hold no answer to what was asked last")


def _questions(turns: Sequence[Turn]) -> list[int]:
    """Where the contact's last messages stand, the newest first."""
    places = [
        place for place, turn in enumerate(turns) if turn.author is Author.CONTACT
    ]
    return places[: -QUESTIONS_TRIED - 1 : -1]
