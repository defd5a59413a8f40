"""Language-model servers as far as they list what they have, as the real ones do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from bot.model_servers import OLLAMA, Place
from tests.support.servers import served


class ModelServerApp:
    """Answers one path with ``answer``; ``asked`` are the addresses it was asked."""

    def __init__(self, path: str, answer: Response | Mapping[str, object]) -> None:
        self.path = path
        self.asked: list[str] = []
        self.app = FastAPI(openapi_url=None)
        reply = answer if isinstance(answer, Response) else JSONResponse(answer)

        @self.app.get("/{path:path}")
        async def anything(request: Request) -> Response:
            self.asked.append(request.url.path)
            known = request.url.path == self.path
            return reply if known else JSONResponse({}, status_code=404)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Place]:
        """Where it listens, for as long as the context lasts."""
        async with served(self.app) as address:
            yield Place(int(address.rpartition(":")[2]), self.path)


def ollama(*models: dict[str, object]) -> ModelServerApp:
    """Ollama, with what ``GET /api/tags`` lists."""
    return ModelServerApp(OLLAMA, {"models": list(models)})


def ollama_model(
    name: str, *, family: str = "qwen3", **more: object
) -> dict[str, object]:
    """A model as Ollama lists it."""
    return {
        "name": name,
        "model": name,
        "modified_at": "2026-10-02T19:41:07.123456789+02:00",
        "size": 5225388164,
        "digest": "500a1f067a9f7826205a32f6d71a0a2a0d1fee3b6a3dd2d6ac0a9d2d2e6e3b19",
        "details": {
            "parent_model": "",
            "format": "gguf",
            "family": family,
            "families": [family],
            "parameter_size": "8.2B",
            "quantization_level": "Q4_K_M",
        },
        **more,
    }


def lm_studio(*names: str) -> ModelServerApp:
    """LM Studio, which lists what was downloaded."""
    return _lists(
        *(
            {"id": name, "object": "model", "owned_by": "organization_owner"}
            for name in names
        )
    )


def llama_cpp(name: str) -> ModelServerApp:
    """llama.cpp's server, which lists the model it was started with, twice."""
    model = {
        "id": name,
        "object": "model",
        "created": 1764500000,
        "owned_by": "llamacpp",
        "meta": {
            "vocab_type": 2,
            "n_vocab": 151936,
            "n_ctx_train": 40960,
            "n_embd": 4096,
            "n_params": 8190735360,
            "size": 5021784064,
        },
    }
    again = {"name": name, "model": name, "capabilities": ["completion"]}
    found = {"models": [again], "object": "list", "data": [model]}
    return ModelServerApp("/v1/models", found)


def vllm(name: str) -> ModelServerApp:
    """vLLM, which serves one model."""
    return _lists(
        {
            "id": name,
            "object": "model",
            "created": 1764500000,
            "owned_by": "vllm",
            "root": name,
            "parent": None,
            "max_model_len": 40960,
            "permission": [{"id": "modelperm-1", "object": "model_permission"}],
        }
    )


def _lists(*models: Mapping[str, object]) -> ModelServerApp:
    return ModelServerApp("/v1/models", {"object": "list", "data": list(models)})


@contextlib.asynccontextmanager
async def says(*parts: bytes, closes: bool = True) -> AsyncIterator[Place]:
    """Something that is no web server: it writes this whatever it is sent."""
    ended = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        if not closes:
            await ended.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield Place(server.sockets[0].getsockname()[1])
    finally:
        ended.set()
        server.close()
