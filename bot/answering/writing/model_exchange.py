"""What was said to a model about one message, and what it said."""

from collections.abc import Awaitable, Callable, Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from bot.answering.enquiry import Found
from bot.answering.writing.model_check import Checked, ReplyCheck
from bot.answering.writing.model_reply import ModelOutcome, ModelReply, read_reply
from bot.answering.writing.model_sources import Source, numbered_sources, source_of
from bot.answering.writing.model_stream import ModelStreams
from bot.answering.writing.prompts import Prompt, quoted
from bot.errors import ModelError
from bot.logs import get_logger

# So often a model may ask for other sources, and so many come each time.
ROUNDS, MORE = 2, 4

# Looks for a question that stands alone.
Search = Callable[[str], Awaitable[Found]]
log = get_logger()


class Exchange:
    """Begins with the sources; others may come, and replies may go back.

    ``sources`` are all that the model has seen, in the order of their numbers, and
    ``model`` is the name of the one that replied last.
    """

    def __init__(
        self,
        prompt: Prompt,
        streams: ModelStreams,
        sources: Sequence[Source],
        **values: str,
    ) -> None:
        self.sources = list(sources)
        self.model = ""
        self.calls = 0
        self._prompt = prompt
        self._streams = streams
        self._said: list[BaseMessage] = prompt.template.format_messages(
            sources=numbered_sources(sources), **values
        )

    async def reply(self) -> ModelReply:
        """What the model says now.

        Raises:
            ModelError: it says nothing that can be read.
        """
        self.calls += 1
        written, self.model = await self._streams.write(self._said)
        self._said.append(AIMessage(written))
        return read_reply(written)

    async def bring(self, sources: Sequence[Source], search: str) -> ModelReply:
        """What it says with more sources, which it looked for."""
        text = self._prompt.later["found"].format(
            search=quoted(search),
            sources=numbered_sources(sources, first=len(self.sources) + 1) or "-",
        )
        self.sources += sources
        self._said.append(HumanMessage(text))
        return await self.reply()

    async def send_back(self, reasons: Sequence[str]) -> ModelReply:
        """What it says when it hears what is wrong."""
        text = self._prompt.later["again"].format(reasons=quoted("\n".join(reasons)))
        self._said.append(HumanMessage(text))
        return await self.reply()


async def after_searching(
    exchange: Exchange, search: Search, language: str
) -> ModelReply:
    """Its first reply that looks for nothing more.

    Raises:
        ModelError: it cannot be read, or looks for nothing.
    """
    reply = await exchange.reply()
    for _ in range(ROUNDS):
        if reply.outcome is not ModelOutcome.SEARCH:
            return reply
        if not reply.search.strip():
            raise ModelError("a search for nothing")
        found = await search(reply.search)
        known = {chunk for one in exchange.sources for chunk in one.sections}
        more = [hit.chunk for hit in found.hits if hit.chunk not in known][:MORE]
        new = [source_of(chunk, language) for chunk in more]
        reply = await exchange.bring(new, reply.search)
    if reply.outcome is ModelOutcome.SEARCH:
        return ModelReply(outcome=ModelOutcome.NOT_KNOWN)
    return reply


async def repaired(
    exchange: Exchange, check: ReplyCheck, reply: ModelReply
) -> tuple[ModelReply, Checked]:
    """The reply with what may go out of it, sent back once where that is less."""
    checked = check.checked(reply, exchange.sources)
    if not checked.reasons:
        return reply, checked
    log.info("model_reply_sent_back", reasons=len(checked.reasons))
    try:
        again = await exchange.send_back(checked.reasons)
    except ModelError:
        return reply, checked
    second = check.checked(again, exchange.sources)
    worse = again.outcome is ModelOutcome.SEARCH or (
        checked.answers and bool(second.reasons) and not second.answers
    )
    return (reply, checked) if worse else (again, second)
