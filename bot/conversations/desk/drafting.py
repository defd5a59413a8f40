"""A draft reply for staff, from the documents; it is neither stored nor sent."""

from collections.abc import Mapping, Sequence

from bot.conversations.handoff.holding import acting_member, log_action
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, Status
from bot.conversations.ports import Assistant, Author, Outcome, Turn
from bot.conversations.service import Conversations
from bot.conversations.staff_help import Drafted, StaffHelp
from bot.conversations.threads import contact_of
from bot.conversations.turns import last_messages, spoken, turns_of
from bot.errors import BotError, ConversationError, ModelError
from bot.logs import get_logger
from bot.staff import StaffMember

# "A person, please" is no question: then the one before it is meant.
QUESTIONS_TRIED = 3
NO_ANSWER = "the documents hold no answer to what was asked last"

log = get_logger()


async def draft(
    conversations: Conversations,
    assistant: Assistant,
    conversation_id: str,
    *,
    member: str,
    help_: StaffHelp | None = None,
) -> Drafted:
    """What could be replied to the contact's last question.

    A model writes it where ``help_`` may; else it is what the assistant would answer.

    Raises:
        ConversationError: the member may not reply, nothing was asked, or the documents
            hold no answer to it.
    """
    async with conversations.changing(conversation_id) as (transaction, conversation):
        who = await require_reply_possible(transaction, conversation, member)
        log_action(transaction, "draft", conversation, member=who)
        facts = (await contact_of(transaction, conversation)).facts
        turns = turns_of(spoken(await last_messages(transaction.session, conversation)))
        language = conversation.language
    model = help_ if help_ and help_.drafts else None
    for place in _questions(turns):
        try:
            found = await _drafted(
                assistant,
                model,
                turns[place].text,
                earlier=turns[:place],
                language=language,
                facts=facts,
            )
        except BotError as error:
            raise _refusal(error) from error
        if found is not None:
            return found
    raise ConversationError(NO_ANSWER)


async def require_reply_possible(
    transaction: Transaction, conversation: Conversation, member: str
) -> StaffMember:
    """The staff member, who may reply.

    Raises:
        TakenError: somebody else holds the conversation.
        ConversationError: it is resolved.
    """
    who = await acting_member(transaction, conversation, member)
    if conversation.status is Status.RESOLVED:
        raise ConversationError("it is resolved; the contact has to write again")
    return who


async def _drafted(
    assistant: Assistant,
    model: StaffHelp | None,
    question: str,
    *,
    earlier: Sequence[Turn],
    language: str | None,
    facts: Mapping[str, str] | None,
) -> Drafted | None:
    """A draft; None where the question before this one is to be tried."""
    if model is not None:
        drafted = await model.draft(
            question, earlier=earlier, language=language, facts=facts
        )
        if drafted and not (drafted.answer.text or drafted.left_out):
            raise ConversationError(NO_ANSWER)
        return drafted
    answer = await assistant.answer(
        question, earlier=earlier, language=language, facts=facts
    )
    helps = answer.outcome is Outcome.ANSWER and answer.citations
    return Drafted(answer=answer) if helps else None


def _refusal(error: BotError) -> ConversationError:
    if isinstance(error, ConversationError):
        return error
    log.warning("draft_failed", reason=str(error))
    if isinstance(error, ModelError):
        return ConversationError(
            f"the model wrote no draft ({error}); try again, or write it yourself"
        )
    return ConversationError(f"there is no draft: {error}")


def _questions(turns: Sequence[Turn]) -> list[int]:
    """Where the contact's last messages stand, the newest first."""
    places = [
        place for place, turn in enumerate(turns) if turn.author is Author.CONTACT
    ]
    return places[: -QUESTIONS_TRIED - 1 : -1]
