"""What each provider's models have to be told: a schema, marks for caches, room."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, SystemMessage

from bot.errors import SettingsError

# Its newest models refuse a temperature; and it caches what is marked.
ANTHROPIC = "anthropic"
MARK = {"type": "ephemeral"}
# By itself it would cut the sources off, and let models think aloud for minutes.
OLLAMA = MappingProxyType({"num_ctx": 8192, "reasoning": False})
# These report the tokens of a stream where they are asked to.
ASKED_FOR_USAGE = {"openai", "azure_openai"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderModel:
    """A model, and what is asked of it that not every server knows.

    With ``marks`` the constant part of what it is told is marked for its cache.
    """

    model: BaseChatModel
    asked: Mapping[str, Any]
    marks: bool

    def stream(
        self, messages: Sequence[BaseMessage], *, plainly: bool
    ) -> AsyncGenerator[AIMessageChunk]:
        """What it writes; ``plainly`` asks for nothing that its server may not know."""
        told = _marked(messages) if self.marks else list(messages)
        asked = {} if plainly else self.asked
        # LangChain calls it an iterator; it is a generator that can be closed.
        return cast("AsyncGenerator[AIMessageChunk]", self.model.astream(told, **asked))


def provider_model(
    setting: str, written: str, *, url: str, schema: Mapping[str, Any] | None
) -> ProviderModel:
    """The model of a setting such as ``openai:gpt-5``.

    It keeps to a ``schema``, with its name, where its provider can.

    Raises:
        SettingsError: it cannot be used as it is written or installed.
    """
    provider, colon, name = written.partition(":")
    if not (provider and colon and name):
        raise SettingsError(f"{setting} must look like provider:name, as openai:gpt-5")
    try:
        model: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_options(provider, url)
        )
    except Exception as error:  # each provider has its own for a missing key
        raise SettingsError(f"{setting}: {written}: {error}") from error
    asked: dict[str, Any] = {}
    if provider in ASKED_FOR_USAGE:
        asked["stream_usage"] = True
    # Servers that only speak OpenAI's protocol do not all know schemas.
    if schema and not (url and provider == "openai"):
        asked |= _by_schema(provider, schema)
    return ProviderModel(model=model, asked=asked, marks=provider == ANTHROPIC)


def _by_schema(provider: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """How a provider is asked for JSON by a schema, as its class documents it."""
    plain = schema["schema"]
    openai = {"response_format": {"type": "json_schema", "json_schema": dict(schema)}}
    asked: Mapping[str, Mapping[str, Any]] = {
        "openai": openai,
        "azure_openai": openai,
        "mistralai": openai,
        ANTHROPIC: {
            "output_config": {"format": {"type": "json_schema", "schema": plain}}
        },
        "google_genai": {
            "response_mime_type": "application/json",
            "response_json_schema": plain,
        },
        "ollama": {"format": plain},
    }
    return asked.get(provider, {})


def _options(provider: str, url: str) -> dict[str, Any]:
    options: dict[str, Any] = {"max_retries": 0}
    if provider != ANTHROPIC:
        options["temperature"] = 0
    if provider == "ollama":
        options |= OLLAMA
    if url:
        options["base_url"] = url
    return options


def _marked(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages, of which the system's is worth keeping for the next time."""
    return [
        SystemMessage([{"type": "text", "text": one.text, "cache_control": MARK}])
        if isinstance(one, SystemMessage)
        else one
        for one in messages
    ]
