"""What is said to contacts: in their language, stored with its way out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.conversations.channel_port import Channel
from bot.conversations.live.events import Transaction
from bot.conversations.messages import queue_message
from bot.conversations.models import Address, Conversation, Message
from bot.conversations.opening_hours import when_to_expect_an_answer
from bot.conversations.ports import Answer, Author, Citation
from bot.organisation import Organisation
from bot.phrases import phrase


class Speaker:
    """Speaks for the organisation, on the channel of each conversation."""

    def __init__(
        self,
        organisation: Organisation,
        *,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        somebody_online: Callable[[], bool],
    ) -> None:
        self.organisation = organisation
        self._clock = clock
        self._somebody_online = somebody_online
        self._channels = channels

    def window_until(self, address: Address) -> datetime | None:
        """When a channel stops carrying free text to an address; None if never."""
        channel = self._channels.get(address.channel)
        hours = channel.reply_window_hours if channel else None
        last = address.last_inbound_at
        return last + timedelta(hours=hours) if hours and last else None

    def reaches(self, conversation: Conversation) -> bool:
        """Whether notices still arrive, and are wanted."""
        until = self.window_until(conversation.address)
        closed = until is not None and until < self._clock()
        return not closed and conversation.address.stopped_at is None

    def now(self) -> datetime:
        """The moment at which something is said."""
        return self._clock()

    def greeting(self, language: str | None = None) -> str:
        """What a contact reads first: who answers, about what, and that people do."""
        spoken = language or self.organisation.languages[0]
        said = phrase(
            "greeting",
            spoken,
            organisation=self.organisation.name,
            can_help=self.organisation.description_in(spoken),
        )
        notice = phrase("own_data_notice", spoken)
        more = self.organisation.privacy or ""
        return " ".join((*said.split(), notice, more)).strip()

    def language(self, conversation: Conversation) -> str:
        """The language to speak in a conversation."""
        return conversation.language or self.organisation.languages[0]

    def phrase(self, key: str, conversation: Conversation) -> str:
        """A fixed sentence in the conversation's language."""
        return phrase(key, self.language(conversation))

    def with_hours(
        self, text: str, language: str, *, channel: str = "", promise: bool = True
    ) -> str:
        """Words for who waits, with the truth about when somebody may answer.

        Without ``promise``, how long it usually takes is not said.
        """
        hours = when_to_expect_an_answer(
            self.organisation,
            self._clock(),
            language=language,
            somebody_online=self._somebody_online(),
            channel=channel,
            promise=promise,
        )
        return f"{text} {hours}".strip()

    def with_sources(self, answer: Answer) -> str:
        """An answer as one text, its sources under its words."""
        language = answer.provenance.language
        return _with_sources(answer.text, answer.citations, language)

    def channel(self, conversation: Conversation) -> Channel | None:
        """The way out of a conversation; None where its stream is all it needs."""
        return self._channels.get(conversation.address.channel)

    async def say(
        self,
        transaction: Transaction,
        conversation: Conversation,
        text: str,
        *,
        author: Author,
        citations: Sequence[Citation] = (),
        **fields: object,
    ) -> Message:
        """Store a message to the contact, with its deliveries and its event.

        Where it leaves through a channel, its sources go with its words.
        """
        message = Message(
            conversation_id=conversation.id,
            address_id=conversation.address_id,
            author=author,
            text=text,
            created_at=transaction.now,
            **fields,
        )
        await queue_message(
            transaction,
            message,
            parts=self._parts(conversation, text, citations),
        )
        conversation.last_message_at = transaction.now
        return message

    def _parts(
        self, conversation: Conversation, text: str, citations: Sequence[Citation]
    ) -> list[str]:
        channel = self.channel(conversation)
        if channel is None:
            return []
        return channel.split(
            _with_sources(text, citations, self.language(conversation))
        )


def _with_sources(text: str, citations: Sequence[Citation], language: str) -> str:
    sources = "\n".join(_source(cited, language) for cited in citations)
    return f"{text}\n\n{sources}" if sources else text


def _source(cited: Citation, language: str) -> str:
    dated = cited.as_of and phrase("as_of", language, month=f"{cited.as_of:%Y-%m}")
    title = cited.title
    if cited.page is not None:
        title += f", {phrase('page', language, number=str(cited.page))}"
    label = phrase("source", language)
    words = (f"{label}: {title}", dated, cited.url)
    return " ".join(word for word in words if word)
