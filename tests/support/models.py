"""An assistant whose answers are written by a model that follows a script."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Answer, Purse, Turn
from tests.support.answering import answering_with
from tests.support.anthropic_server import AnthropicServer
from tests.support.ollama_server import OllamaServer
from tests.support.openai_server import ModelServer, OpenAIServer, Script
from tests.support.servers import served

QUESTION = "How long does a micro-credential take?"
EXTRACT = (
    "A micro-credential usually takes between six and twelve weeks of part-time study."
)
# The same, as it is told: below what it is about.
TOLD = f"How long a micro-credential takes\n{EXTRACT}"
SERVERS: Mapping[str, type[ModelServer]] = {
    "openai": OpenAIServer,
    "anthropic": AnthropicServer,
    "ollama": OllamaServer,
}
# Reached only when one of the model's own time-outs does not work.
GIVEN_UP = 90.0


async def ask_with_model(
    script: Script,
    settings: Settings,
    encoder: Encoder,
    *,
    question: str = QUESTION,
    earlier: Sequence[Turn] = (),
    limits: Mapping[str, float] = MappingProxyType({}),
    purse: Purse | None = None,
) -> tuple[Answer, ModelServer]:
    """The answer when a model follows a script, and the model.

    It speaks the protocol of the provider that the settings name.
    """
    model = SERVERS[settings.bot_model.partition(":")[0]](script)
    async with served(model.app) as address:
        changes = {"bot_model_url": f"{address}{model.path}", **limits}
        with answering_with(
            settings.model_copy(update=changes), encoder=encoder
        ) as answering:
            async with asyncio.timeout(GIVEN_UP):
                answer = await answering.assistant.answer(
                    question, earlier=earlier, purse=purse
                )
    return answer, model
