"""The tokens that a reply took, which are counted whatever came of it."""

import pytest

from bot.answering.encoding.encoder import Encoder
from bot.config import Settings
from bot.conversations.ports import Tokens
from tests.support.models import TOLD, ask_with_model
from tests.support.openai_server import (
    OpenAIServer,
    Script,
    breaks_off,
    in_turn,
    refuses,
    replies,
    stalls_after,
    writes,
)
from tests.support.servers import served

GOOD = "It takes six to twelve weeks. [1]"


async def test_a_reply_keeps_the_tokens_that_the_provider_reports(
    model_settings: Settings, encoder: Encoder
) -> None:
    answer, model = await ask_with_model(writes(GOOD), model_settings, encoder)
    assert answer.provenance.tokens == Tokens(read=200, written=20)
    assert answer.kept["tokens"] == {"read": 200, "written": 20}
    assert model.asked[0]["stream_options"] == {"include_usage": True}


async def test_a_reply_without_a_model_took_none(
    model_settings: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(
        writes(GOOD), model_settings, encoder, question="hello"
    )
    assert answer.provenance.tokens is None
    assert answer.kept["tokens"] is None


async def test_searches_and_repairs_count_with_the_rest(
    model_settings: Settings, encoder: Encoder
) -> None:
    script = in_turn(
        replies("search", search="Can employers verify the certificate?"),
        replies("answer", ("It takes 9 weeks.", [1])),
        replies("answer", ("It takes six to twelve weeks.", [1])),
    )
    answer, model = await ask_with_model(script, model_settings, encoder)
    assert len(model.asked) == 3
    assert answer.provenance.answerer == "model"
    assert answer.provenance.tokens == Tokens(read=600, written=60)


async def test_what_was_not_shown_in_the_end_has_its_price_too(
    model_settings: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(
        writes("It takes 9 weeks. [1]"), model_settings, encoder
    )
    assert answer.text == TOLD
    assert answer.provenance.tokens == Tokens(read=400, written=40)


async def test_a_total_that_is_told_again_and_again_is_not_added_up(
    model_settings: Settings, encoder: Encoder
) -> None:
    script = writes(GOOD, reports=[(200, 5), (200, 12), (200, 20)])
    answer, _ = await ask_with_model(script, model_settings, encoder)
    assert answer.provenance.tokens == Tokens(read=200, written=20)


async def test_counts_of_what_came_since_the_last_one_are_added_up(
    model_settings: Settings, encoder: Encoder
) -> None:
    script = writes(GOOD, reports=[(200, 5), (0, 7), (0, 8)])
    answer, _ = await ask_with_model(script, model_settings, encoder)
    assert answer.provenance.tokens == Tokens(read=200, written=20)


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        (writes(GOOD, reports=[]), {}),
        (breaks_off(GOOD), {}),
        (stalls_after(GOOD), {"bot_model_stall_seconds": 0.3}),
        (stalls_after(GOOD), {"bot_model_total_seconds": 1.0}),
    ],
    ids=["it does not count", "it breaks off", "it stalls", "there is no more time"],
)
async def test_where_no_tokens_are_reported_they_are_reckoned_from_the_text(
    script: Script,
    limits: dict[str, float],
    model_settings: Settings,
    encoder: Encoder,
) -> None:
    answer, model = await ask_with_model(script, model_settings, encoder, limits=limits)
    told = sum(len(text.encode()) for _, text in model.told(0))
    assert answer.provenance.tokens == Tokens(
        read=-(-told // 4), written=-(-len(GOOD) // 4)
    )


async def test_a_call_that_was_refused_took_none(
    model_settings: Settings, encoder: Encoder
) -> None:
    answer, _ = await ask_with_model(refuses(500), model_settings, encoder)
    assert answer.provenance.tokens is None


async def test_a_first_model_that_failed_counts_with_the_one_in_reserve(
    model_settings: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve = OpenAIServer(replies("answer", ("It takes six to twelve weeks.", [1])))
    async with served(reserve.app) as address:
        monkeypatch.setenv("OPENAI_API_BASE", f"{address}/v1")
        settings = model_settings.model_copy(
            update={"bot_model_fallback": "openai:reserve-model"}
        )
        answer, first = await ask_with_model(breaks_off("Weeks"), settings, encoder)
    told = sum(len(text.encode()) for _, text in first.told(0))
    assert answer.provenance.model == "openai:reserve-model"
    assert answer.provenance.tokens == Tokens(read=200 + -(-told // 4), written=20 + 2)


@pytest.mark.parametrize("status", [400, 422])
async def test_a_server_that_cannot_count_tokens_is_asked_without(
    status: int, model_settings: Settings, encoder: Encoder
) -> None:
    script = in_turn(refuses(status), writes(GOOD, reports=[]))
    answer, model = await ask_with_model(script, model_settings, encoder)
    assert answer.provenance.answerer == "model"
    assert ["stream_options" in one for one in model.asked] == [True, False]


class Purse:
    """Allows or not, and remembers what it paid."""

    def __init__(self, *, allows: bool) -> None:
        self._allows = allows
        self.paid: list[Tokens] = []

    async def allows(self) -> bool:
        return self._allows

    async def pay(self, tokens: Tokens) -> None:
        self.paid.append(tokens)


@pytest.mark.parametrize("allows", [True, False])
async def test_without_leave_of_the_purse_no_model_is_asked(
    allows: bool, model_settings: Settings, encoder: Encoder
) -> None:
    purse = Purse(allows=allows)
    answer, model = await ask_with_model(
        writes("It takes 9 weeks. [1]"), model_settings, encoder, purse=purse
    )
    assert answer.text == TOLD
    assert len(model.asked) == (2 if allows else 0)
    assert purse.paid == ([Tokens(read=400, written=40)] if allows else [])
