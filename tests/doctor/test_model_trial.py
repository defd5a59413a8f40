"""``bot doctor`` with a model: one question, and what came of it."""

import shutil
from pathlib import Path

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Tokens
from bot.doctor.checkup import Checkup, check_up
from bot.doctor.findings import Finding, State
from bot.doctor.model_trial import Trial
from ingest.sync import sync
from tests.support.openai_server import (
    OpenAIServer,
    Script,
    breaks_off,
    in_turn,
    refuses,
    replies,
    sends,
    stalls_after,
    writes,
)
from tests.support.servers import free_port, served

QUESTION = "Do I get a certificate?"
GOOD = replies("answer", ("Yes, everybody who passes the final test gets one.", [1]))
WRONG = replies("answer", ("It takes 9 weeks.", [1]))


async def tried(
    script: Script, settings: Settings, encoder: Encoder, **changes: object
) -> tuple[Finding, Trial, OpenAIServer]:
    """What is said of a model that follows a script, and the model."""
    model = OpenAIServer(script)
    async with served(model.app) as address:
        checkup = await check_up(
            with_model(settings, f"{address}/v1", **changes), encoder=encoder
        )
    (trial,) = checkup.trials
    return checkup.findings[-1], trial, model


def with_model(settings: Settings, address: str, **changes: object) -> Settings:
    model = {"bot_model": "openai:test-model", "bot_model_url": address}
    return settings.model_copy(update={**model, **changes})


async def test_a_model_that_answers_from_the_documents_is_shown_with_its_times(
    installed: Settings, encoder: Encoder
) -> None:
    finding, trial, model = await tried(GOOD, installed, encoder)
    assert finding.state is State.WELL
    assert finding.says == ("openai:test-model answered, and the checks let it through")
    assert trial.question == QUESTION
    assert QUESTION in model.part("message")
    assert trial.reply == "Yes, everybody who passes the final test gets one."
    assert (trial.calls, trial.outcome, trial.sent_back) == (1, "answer", [])
    assert trial.first_token_seconds is not None
    assert 0 < trial.first_token_seconds < trial.seconds


async def test_tokens_of_all_calls_are_shown_and_what_a_thousand_answers_cost(
    installed: Settings, encoder: Encoder
) -> None:
    _, trial, _ = await tried(in_turn(WRONG, GOOD), installed, encoder)
    assert trial.tokens == Tokens(read=400, written=40)
    assert (trial.tokens_reported, trial.cost) == (True, None)
    prices = {"bot_model_price_in": 2.5, "bot_model_price_out": 10.0}
    _, trial, _ = await tried(in_turn(WRONG, GOOD), installed, encoder, **prices)
    assert trial.cost == pytest.approx(1000 * (400 * 2.5 + 40 * 10) / 1_000_000)


async def test_tokens_that_nobody_reports_are_said_to_be_reckoned(
    installed: Settings, encoder: Encoder
) -> None:
    script = writes(
        "Yes, everybody who passes the final test gets one. [1]", reports=()
    )
    _, trial, _ = await tried(script, installed, encoder)
    assert trial.tokens is not None
    assert trial.tokens_reported is False


async def test_a_server_that_counts_no_tokens_is_asked_again_and_then_timed(
    installed: Settings, encoder: Encoder
) -> None:
    finding, trial, _ = await tried(in_turn(refuses(400), GOOD), installed, encoder)
    assert finding.state is State.WELL
    assert trial.calls == 2
    assert trial.first_token_seconds is not None


async def test_a_reply_that_is_mended_shows_what_was_wrong_at_first(
    installed: Settings, encoder: Encoder
) -> None:
    finding, trial, _ = await tried(in_turn(WRONG, GOOD), installed, encoder)
    assert finding.state is State.WELL
    assert trial.calls == 2
    assert trial.sent_back == [
        "“It takes 9 weeks.”: a figure that its sources do not hold"
    ]


async def test_a_reply_that_the_checks_refuse_is_shown_with_the_reasons(
    installed: Settings, encoder: Encoder
) -> None:
    finding, trial, _ = await tried(WRONG, installed, encoder)
    assert finding.state is State.LOOK
    assert "the checks let nothing through: what is left does not" in finding.says
    assert trial.reply == "It takes 9 weeks."
    assert trial.sent_back == [
        "“It takes 9 weeks.”: a figure that its sources do not hold"
    ]
    assert (trial.problem, bool(trial.refused)) == ("", True)


async def test_a_model_that_does_not_see_the_answer_is_worth_a_look(
    installed: Settings, encoder: Encoder
) -> None:
    finding, trial, _ = await tried(replies("not_known"), installed, encoder)
    assert finding.state is State.LOOK
    assert finding.says.endswith("did not see the answer in its sources: no_answer")
    assert trial.reply.startswith("I'm sorry, I don't have that")


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (refuses(401), "the key is refused (401); set the right one"),
        (refuses(404), "the request is refused (404): "),
        (refuses(429), "too many requests, or no credit left (429)"),
        (refuses(503), "the provider fails (503); try again later"),
        (writes("{hi"), "what it wrote is not in the shape that was asked for"),
        (writes(""), "what it wrote is empty"),
        (sends("data: {not json\n\n"), "failed with JSONDecodeError"),
        (breaks_off("It takes"), "the connection fails; does it run"),
    ],
    ids=["key", "name", "credit", "fails", "shape", "empty", "protocol", "breaks off"],
)
async def test_a_model_that_fails_is_told_in_words_with_what_to_do(
    script: Script, why: str, installed: Settings, encoder: Encoder
) -> None:
    finding, trial, _ = await tried(script, installed, encoder)
    assert finding.state is State.WRONG
    assert f"openai:test-model failed: {why}" in finding.says
    assert finding.says.isprintable()
    assert trial.refused == ""
    assert "a-key-for-tests" not in f"{finding}{trial}"


@pytest.mark.parametrize(
    ("script", "limit", "why"),
    [
        (stalls_after(""), "bot_model_first_token_seconds", "nothing came within "),
        (stalls_after("Yes"), "bot_model_stall_seconds", "it did not come to an end"),
    ],
)
async def test_a_model_that_stalls_is_too_slow(
    script: Script, limit: str, why: str, installed: Settings, encoder: Encoder
) -> None:
    finding, _, _ = await tried(script, installed, encoder, **{limit: 0.3})
    assert finding.state is State.WRONG
    assert f"failed: {why}" in finding.says


async def test_a_server_that_does_not_run_is_told_with_what_to_look_at(
    installed: Settings, encoder: Encoder
) -> None:
    nowhere = with_model(installed, f"http://127.0.0.1:{free_port()}/v1")
    checkup = await check_up(nowhere, encoder=encoder)
    assert "the connection fails" in checkup.findings[-1].says
    assert checkup.wrong == 1


async def test_the_model_in_reserve_is_tried_by_itself(
    installed: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, reserve = OpenAIServer(refuses(500)), OpenAIServer(GOOD)
    async with served(main.app) as first, served(reserve.app) as second:
        monkeypatch.setenv("OPENAI_API_BASE", f"{second}/v1")
        settings = with_model(
            installed, f"{first}/v1", bot_model_fallback="openai:spare"
        )
        checkup = await check_up(settings, encoder=encoder)
    states = [(one.what, one.state) for one in checkup.findings[-2:]]
    assert states == [("model", State.WRONG), ("in reserve", State.WELL)]
    assert [trial.model for trial in checkup.trials] == [
        "openai:test-model",
        "openai:spare",
    ]
    assert (len(main.asked), len(reserve.asked)) == (1, 1)


async def test_a_model_that_is_written_wrongly_is_told_as_the_server_would(
    installed: Settings, encoder: Encoder
) -> None:
    checkup = await check_up(
        with_model(installed, "", bot_model="gpt-5"), encoder=encoder
    )
    assert checkup.findings[-1].state is State.WRONG
    assert "BOT_MODEL must look like provider:name" in checkup.findings[-1].says


async def test_what_concerns_safety_is_not_asked_of_a_model_and_another_question_is(
    installed: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    checkup = await over_documents(
        installed,
        encoder,
        tmp_path,
        {
            "a.md": "I want to talk to a person now!?",
            "b.md": "How much is the deposit?",
        },
    )
    assert [trial.question for trial in checkup.trials] == ["How much is the deposit?"]


async def test_without_any_question_for_a_model_it_is_not_tried(
    installed: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    wishes = {"a.md": "I want to talk to a person now!?"}
    checkup = await over_documents(installed, encoder, tmp_path, wishes)
    assert checkup.trials == []
    assert checkup.findings[-1].says == (
        "openai:test-model was not tried: no section makes a question that a model is "
        "asked"
    )


async def over_documents(
    settings: Settings, encoder: Encoder, folder: Path, headings: dict[str, str]
) -> Checkup:
    """A checkup of an office with a section for each of these headings."""
    knowledge = folder / "headings"
    knowledge.mkdir()
    shutil.copy(settings.organisation_file, knowledge)
    for name, heading in headings.items():
        text = f"# Things\n\n## {heading}\n\nThe deposit is forty euros.\n"
        (knowledge / name).write_text(text, "utf-8")
    here = settings.model_copy(update={"knowledge_dir": knowledge})
    sync(here, encoder=encoder)
    model = OpenAIServer(replies("answer", ("The deposit is forty euros.", [1])))
    async with served(model.app) as address:
        return await check_up(with_model(here, f"{address}/v1"), encoder=encoder)
