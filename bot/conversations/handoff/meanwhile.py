"""What the bot still does for a contact who waits for staff, until somebody comes."""

from bot.conversations.handoff.calls import Calls
from bot.conversations.handoff.handing_over import HandingOver
from bot.conversations.handoff.own_data import WISHES, OwnDataWords
from bot.conversations.handoff.stopping import Stopping
from bot.conversations.live.events import Transaction
from bot.conversations.models import Conversation, EventKind, Reason
from bot.conversations.ports import Answer, Author, Outcome
from bot.conversations.speaking import Speaker
from bot.conversations.states import URGENT
from bot.phrases import phrase

# Whose answers rest on nothing that was found.
WITHOUT_EVIDENCE = frozenset({"fixed", "emergency"})


def hears(conversation: Conversation) -> bool:
    """Whether the bot reads what somebody writes who waits.

    Nothing of its own stands between distress and help.
    """
    return conversation.handoff_reason != Reason.DISTRESS


class Meanwhile:
    """Keeps what came of a message of who waits, within transactions of its caller."""

    def __init__(self, speaker: Speaker, handing_over: HandingOver) -> None:
        self._speaker = speaker
        self._handing_over = handing_over
        self._calls = Calls(speaker)
        self._stopping = Stopping(speaker, handing_over)
        self._own_data = OwnDataWords(speaker)

    async def keep(
        self,
        transaction: Transaction,
        conversation: Conversation,
        answer: Answer,
        *,
        text: str,
        through: int,
    ) -> None:
        """A greater need is told to staff; what rests on evidence is answered.

        To everything else nothing is said: a person is coming. Who wants no messages
        is only heard in distress.
        """
        reason = answer.handoff_reason if answer.outcome is Outcome.HANDOFF else None
        if reason is not None and _is_worse(reason, conversation):
            await self._worse(transaction, conversation, answer, through=through)
        elif conversation.address.stopped_at is not None or await self._calls.heard(
            transaction, conversation, text, through=through, wish=reason
        ):
            return
        elif reason == Reason.ASKED_TO_STOP:
            await self._stopping.stop(transaction, conversation)
        elif reason == Reason.ASKED_FOR_CALL:
            await self._call(transaction, conversation)
        elif answer.provenance.reason in WISHES:
            await self._own_data.to_staff(transaction, conversation)
        elif _has_evidence(answer):
            await self._answer(transaction, conversation, answer, through=through)

    async def _worse(
        self,
        transaction: Transaction,
        conversation: Conversation,
        answer: Answer,
        *,
        through: int,
    ) -> None:
        conversation.handoff_reason = answer.handoff_reason
        transaction.record(
            EventKind.CONVERSATION_STATUS_CHANGED,
            conversation.id,
            status=conversation.status,
        )
        await self._handing_over.tell(
            transaction,
            conversation,
            answer.text,
            author=Author.BOT,
            in_reply_to=through,
            outcome=answer.outcome,
            provenance=answer.kept,
        )

    async def _call(self, transaction: Transaction, conversation: Conversation) -> None:
        call = await self._calls.ask(transaction, conversation)
        if conversation.handoff_reason not in URGENT:
            conversation.handoff_reason = Reason.ASKED_FOR_CALL
        language = self._speaker.language(conversation)
        words = (phrase("handoff_call", language), self._calls.words(call, language))
        await self._speaker.say(
            transaction,
            conversation,
            " ".join(words),
            author=Author.SYSTEM,
            said_while=conversation.status,
        )

    async def _answer(
        self,
        transaction: Transaction,
        conversation: Conversation,
        answer: Answer,
        *,
        through: int,
    ) -> None:
        coming = self._speaker.phrase("person_coming", conversation)
        await self._speaker.say(
            transaction,
            conversation,
            f"{answer.text}\n\n{coming}",
            author=Author.BOT,
            in_reply_to=through,
            citations=answer.citations,
            outcome=answer.outcome,
            provenance=answer.kept,
            said_while=conversation.status,
        )


def _is_worse(reason: str, conversation: Conversation) -> bool:
    """Whether it is more urgent than what the contact waits for."""
    if conversation.address.stopped_at is not None and reason != Reason.DISTRESS:
        return False
    return _rank(reason) < _rank(conversation.handoff_reason)


def _rank(reason: str | None) -> int:
    return URGENT.index(Reason(reason)) if reason in URGENT else len(URGENT)


def _has_evidence(answer: Answer) -> bool:
    """Whether it answers from documents, programmes or the organisation's own facts."""
    found = answer.provenance.answerer not in WITHOUT_EVIDENCE
    return answer.outcome is Outcome.ANSWER and found
