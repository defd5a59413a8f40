"""``python -m bot doctor`` as an operator types it."""

import asyncio
import json

import pytest

from bot.__main__ import main
from bot.config import Settings
from tests.support.openai_server import OpenAIServer, Script, refuses, replies
from tests.support.servers import served

GOOD = replies("answer", ("Yes, everybody who passes the test gets one.", [1]))
STEERS = replies("answer", ("Yes,\x1b[J everybody who passes the test gets one.", [1]))


@pytest.fixture(autouse=True)
def _settings(installed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("environment", "data_dir", "knowledge_dir", "port"):
        monkeypatch.setenv(name.upper(), str(getattr(installed, name)))


async def doctor(
    script: Script, monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> int:
    """The status of the command while a model follows a script."""
    async with served(OpenAIServer(script).app) as address:
        monkeypatch.setenv("BOT_MODEL", "openai:test-model")
        monkeypatch.setenv("BOT_MODEL_URL", f"{address}/v1")
        return await asyncio.to_thread(main, ["doctor", *arguments])


def test_it_prints_a_line_for_each_thing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0] == "well   settings:      safe to serve with (development)"
    assert lines[-1].startswith("well   answers:       sections of your documents")
    assert {line.split()[0] for line in lines} == {"well"}
    assert shown.err == ""


async def test_what_a_model_did_stands_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_MODEL_PRICE_IN", "2.5")
    monkeypatch.setenv("BOT_MODEL_PRICE_OUT", "10")
    assert await doctor(GOOD, monkeypatch) == 0
    shown = capsys.readouterr()
    _, told = shown.out.split("\n\n")
    asked, reply, time, tokens, cost = told.splitlines()
    assert asked == "openai:test-model was asked: Do I get a certificate?"
    assert reply.startswith("   a contact would read: Yes, everybody who passes")
    assert time.startswith("   time: 0.")
    assert time.endswith(" s in all, in one call")
    assert tokens == "   tokens: 200 in, 20 out, as reported"
    assert cost == "   cost: 0.70 for a thousand such answers"
    assert shown.err == ""


async def test_what_a_model_says_steers_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await doctor(STEERS, monkeypatch)
    shown = capsys.readouterr()
    assert "everybody who passes the" in shown.out
    assert "\x1b" not in shown.out + shown.err


async def test_without_prices_it_says_how_to_set_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await doctor(GOOD, monkeypatch) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("   cost: set BOT_MODEL_PRICE_IN and BOT_MODEL_PRICE_OUT")


async def test_a_model_that_fails_is_status_1_and_stands_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await doctor(refuses(401), monkeypatch) == 1
    shown = capsys.readouterr()
    assert "\nWRONG  model:         openai:test-model failed: the key is" in shown.out
    assert shown.err == "error: 1 thing is wrong with this installation; see above\n"
    assert "a-key-for-tests" not in shown.out


async def test_a_reply_that_the_checks_refuse_is_shown_and_is_status_0(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replies("answer", ("It takes 9 weeks.", [1]))
    assert await doctor(wrong, monkeypatch) == 0
    told = capsys.readouterr().out
    assert "\nlook   model:         openai:test-model replied, and the checks" in told
    assert "   it wrote, and nobody reads: It takes 9 weeks.\n" in told
    assert "   sent back once: “It takes 9 weeks.”: a figure that its " in told


async def test_everything_is_there_for_programs_as_one_object(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await doctor(GOOD, monkeypatch, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is True
    assert told["findings"][0] == {
        "what": "settings",
        "state": "well",
        "says": "safe to serve with (development)",
    }
    (trial,) = told["trials"]
    assert trial["tokens"] == {"read": 200, "written": 20}
    assert (trial["model"], trial["cost"]) == ("openai:test-model", None)


def test_a_price_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("-1", "nan", "cheap"):
        monkeypatch.setenv("BOT_MODEL_PRICE_IN", value)
        assert main(["doctor"]) == 1
        assert capsys.readouterr().err.startswith("error: BOT_MODEL_PRICE_IN")
