"""Language-model servers that listen on this machine, and what each has to offer.

Only loopback is asked, with a question that changes nothing. Whatever answers there is
believed as little as anything else from outside: the size of its answer, the time that
it takes and the characters of its names have limits.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpcore

SECONDS = 0.25
LARGEST = 262_144
OLLAMA, OLLAMA_PORT = "/api/tags", 11434
# What may stand in a setting that is pasted into a shell as it is.
NAME = re.compile(r"[A-Za-z0-9/.][A-Za-z0-9._:/@+-]{0,99}")
WORDS = re.compile(r"[a-z0-9]+")
# Models of these names turn texts into vectors or scores, or write down what is said.
OTHERS = {"bert", "bge", "colbert", "e5", "gte", "minilm", "paraphrase", "whisper"}
OWNERS = {"llamacpp": "llama.cpp", "organization_owner": "LM Studio", "vllm": "vLLM"}
# What a broken, strange or slow answer can raise on the way here.
NO_ANSWER = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A port on loopback, and the path at which a server there lists its models."""

    port: int
    path: str = "/v1/models"


# Where Ollama, LM Studio, llama.cpp and vLLM listen unless told otherwise.
PLACES = (Place(OLLAMA_PORT, OLLAMA), Place(1234), Place(8080), Place(8000))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """A server that was noticed; ``models`` are those of its models that can write."""

    name: str
    place: Place
    models: tuple[str, ...]

    @property
    def package(self) -> str:
        """What has to be installed to use it, which is also our name for the extra."""
        return "ollama" if self.place.path == OLLAMA else "openai"

    @property
    def settings(self) -> str:
        """The settings that use its first model, to be pasted."""
        address = f"BOT_MODEL_URL=http://127.0.0.1:{self.place.port}"
        model = f"BOT_MODEL={self.package}:{self.models[0]}"
        if self.package == "openai":
            return f"{model} {address}/v1 OPENAI_API_KEY=none"
        return model if self.place.port == OLLAMA_PORT else f"{model} {address}"


async def model_servers(
    places: Sequence[Place] = PLACES, *, besides: int
) -> list[ModelServer]:
    """Those that answer at once; the port ``besides`` is our own and not asked."""
    asked = [place for place in places if place.port != besides]
    answers = await asyncio.gather(*map(_asked, asked))
    found = (_read(*pair) for pair in zip(asked, answers, strict=True))
    return [server for server in found if server]


async def _asked(place: Place) -> bytes:
    """What it lists, or nothing; no redirect is followed and no proxy used."""
    url = f"http://127.0.0.1:{place.port}{place.path}"
    body = b""
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpcore.AsyncConnectionPool() as pool,
            pool.stream("GET", url) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004  OK
                return b""
            async for part in answer.aiter_stream():
                body += part
                if len(body) > LARGEST:
                    return b""
    except NO_ANSWER:
        return b""
    return body


def _read(place: Place, body: bytes) -> ModelServer | None:
    """The server that lists its models in this way, if that is what it is."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    listed = told.get("models" if place.path == OLLAMA else "data")
    if not isinstance(listed, list):
        return None
    items = [item for item in listed if isinstance(item, dict)]
    if place.path == OLLAMA:
        name, key = "Ollama", "name"
    elif told.get("object") == "list":
        name, key = _maker(items), "id"
    else:
        return None
    models = [str(item.get(key)) for item in items if _writes(item, key)]
    return ModelServer(name=name, place=place, models=tuple(models))


def _maker(items: Sequence[Mapping[str, object]]) -> str:
    """Who made the server, by whom it says that its models belong to."""
    owners = (OWNERS.get(str(item.get("owned_by"))) for item in items)
    return next(filter(None, owners), "a model server")


def _writes(item: Mapping[str, object], key: str) -> bool:
    """Whether it is a model of this machine that writes, and can be named safely."""
    name, details = item.get(key), item.get("details")
    if not (isinstance(name, str) and NAME.fullmatch(name)) or item.get("remote_host"):
        return False
    able = item.get("capabilities")
    if isinstance(able, list) and able and "completion" not in able:
        return False
    family = details.get("family") if isinstance(details, dict) else ""
    words = set(WORDS.findall(f"{name} {family}".lower()))
    return not (words & OTHERS) and not any(
        word.startswith("rerank") or "embed" in word for word in words
    )
