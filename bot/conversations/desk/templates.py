"""Approved messages, for when a channel carries no free text to a contact any more."""

from collections.abc import Mapping, Sequence

from bot.conversations.channel_port import Content
from bot.conversations.handoff.held_replies import drop_held
from bot.conversations.handoff.holding import log_action, require_messages_wanted
from bot.conversations.live.events import Transaction
from bot.conversations.messages import queue_message
from bot.conversations.models import Conversation, EventKind, HeldReply, Message
from bot.conversations.ports import Author
from bot.conversations.service import Conversations
from bot.conversations.threads import said_before, staff_message_id
from bot.errors import ConversationError
from bot.message_templates import LONGEST_VALUE, MessageTemplate
from bot.staff import StaffMember, staff_member


class Templates:
    """What staff can send at any time: one of the operator's templates, filled in."""

    def __init__(
        self, conversations: Conversations, templates: Sequence[MessageTemplate]
    ) -> None:
        self._conversations = conversations
        self._templates = {one.name: one for one in templates}

    def for_language(self, language: str | None) -> Sequence[MessageTemplate]:
        """All of them, those in the contact's language first."""
        known = self._templates.values()
        return sorted(known, key=lambda one: one.language != language)

    async def send(
        self,
        conversation_id: str,
        name: str,
        values: Mapping[str, str],
        *,
        member: str,
        client_id: str | None = None,
        answer: str = "",
    ) -> None:
        """Send a template; with ``answer`` those words leave when the contact writes.

        It takes the conversation over if need be. The same ``client_id`` again sends
        nothing.

        Raises:
            ConversationError: there is no such template, a blank is empty, or the
                channel carries free text.
        """
        template = self._found(name)
        if answer and not template.announces:
            raise ConversationError(f"{name} does not say that an answer waits")
        filled = _filled(template, values)
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            session, text = transaction.session, template.filled(filled)
            who = await staff_member(session, member, now=transaction.now)
            external_id = staff_message_id(who, client_id)
            if await said_before(session, conversation, external_id, text):
                return
            require_messages_wanted(conversation)
            self._require_closed_window(conversation)
            await self._conversations.take_within(transaction, conversation, member)
            conversation.nobody_owes_an_answer()
            content = Content(sid=template.content_sid, variables=filled)
            message = Message(
                conversation_id=conversation.id,
                address_id=conversation.address_id,
                author=Author.STAFF,
                text=text,
                created_at=transaction.now,
                staff_member_id=who.id,
                external_id=external_id,
            )
            await queue_message(
                transaction, message, parts=[message.text], content=content
            )
            conversation.last_message_at = transaction.now
            if answer.strip():
                _hold(transaction, conversation, answer.strip(), who)
            action = "hold" if answer.strip() else "send_template"
            log_action(transaction, action, conversation, member=who, detail=name)

    async def drop(self, conversation_id: str, held_id: str, *, member: str) -> None:
        """Take an answer back that waits for the contact."""
        async with self._conversations.changing(conversation_id) as (
            transaction,
            conversation,
        ):
            who = await staff_member(transaction.session, member, now=transaction.now)
            if not await drop_held(transaction, conversation, held_id):
                raise ConversationError("it has left already, or was dropped")
            transaction.record(EventKind.CONVERSATION_UPDATED, conversation.id)
            log_action(transaction, "drop_held", conversation, member=who)

    def _found(self, name: str) -> MessageTemplate:
        found = self._templates.get(name)
        if found is None:
            raise ConversationError(f"there is no template {name}")
        return found

    def _require_closed_window(self, conversation: Conversation) -> None:
        until = self._conversations.window_until(conversation.address)
        if until is None or until >= self._conversations.clock():
            raise ConversationError(
                "the contact can be written to freely; send them a reply"
            )


def _filled(template: MessageTemplate, values: Mapping[str, str]) -> dict[str, str]:
    """The blanks' values as Twilio takes them: no line ends, no tabs, never empty."""
    filled = {}
    for number in template.numbers:
        value = " ".join(values.get(number, "").split())
        if not value:
            raise ConversationError(f"fill in {template.blanks[number]}")
        if len(value) > LONGEST_VALUE:
            raise ConversationError(f"{template.blanks[number]} is too long")
        filled[number] = value
    return filled


def _hold(
    transaction: Transaction, conversation: Conversation, text: str, who: StaffMember
) -> None:
    transaction.session.add(
        HeldReply(
            conversation_id=conversation.id,
            staff_member_id=who.id,
            text=text,
            created_at=transaction.now,
        )
    )
