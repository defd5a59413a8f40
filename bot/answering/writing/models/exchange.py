"""What was said to a model about one message, and what it said."""

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from bot.answering.writing.models.reply import ModelReply, read_reply
from bot.answering.writing.models.sources import Source, numbered_sources
from bot.answering.writing.models.stream import UNHEARD, Listener, ModelStreams
from bot.answering.writing.models.tokens import TokenMeter
from bot.answering.writing.prompts import Prompt, quoted


class Exchange:
    """Begins with the sources; others may come, and replies may go back.

    ``sources`` are all that the model has seen, in the order of their numbers.
    """

    def __init__(
        self,
        prompt: Prompt,
        streams: ModelStreams,
        sources: Sequence[Source],
        *,
        meter: TokenMeter,
        **values: str,
    ) -> None:
        self.sources = list(sources)
        self.calls = 0
        self._prompt = prompt
        self._streams = streams
        self._meter = meter
        self._said: list[BaseMessage] = prompt.template.format_messages(
            sources=numbered_sources(sources), **values
        )

    async def reply(self, listener: Listener = UNHEARD) -> ModelReply:
        """What the model says now; ``listener`` hears it while it is written.

        Raises:
            ModelError: it says nothing that can be read.
        """
        self.calls += 1
        written, _ = await self._streams.write(
            self._said, meter=self._meter, listener=listener
        )
        self._said.append(AIMessage(written))
        return read_reply(written)

    async def bring(
        self, sources: Sequence[Source], search: str, listener: Listener
    ) -> ModelReply:
        """What it says with more sources, which it looked for."""
        text = self._prompt.later["found"].format(
            search=quoted(search),
            sources=numbered_sources(sources, first=len(self.sources) + 1) or "-",
        )
        self.sources += sources
        self._said.append(HumanMessage(text))
        return await self.reply(listener)

    async def send_back(self, reasons: Sequence[str]) -> ModelReply:
        """What it says when it hears what is wrong."""
        text = self._prompt.later["again"].format(reasons=quoted("\n".join(reasons)))
        self._said.append(HumanMessage(text))
        return await self.reply()
