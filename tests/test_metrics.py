"""``/metrics``: told to whoever has the token, and true."""

import json
import re
from datetime import timedelta

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.config import Settings, load_settings
from bot.errors import SettingsError
from tests.conftest import PROJECT
from tests.support.house import House

TOKEN = "a token for Prometheus"
NAME = re.compile(r"\b(?:enquiry|process)_[a-z_]+")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})


async def figures(house: House) -> dict[str, float]:
    """Every sample, by its name and labels."""
    answer = await house.client.get(
        "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 200
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
async def test_nobody_else_may_read_it(house: House, given: str) -> None:
    answer = await house.client.get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 401
    assert "enquiry_" not in answer.text


async def test_what_is_owed_and_for_how_long_is_told(house: House) -> None:
    await figures(house)
    await house.write("How long?")
    house.clock.advance(100)
    found = await figures(house)
    assert found["enquiry_due reply"] == 1
    assert 90 < found["enquiry_due_seconds reply"] < 100
    assert found["enquiry_replies_total answer"] == 0

    await house.work(after=0)
    found = await figures(house)
    assert found["enquiry_due reply"] == found["enquiry_due_seconds reply"] == 0
    assert found["enquiry_replies_total answer"] == 1
    assert found["enquiry_reply_seconds_sum"] == 100
    arrived = (found[f"enquiry_deliveries {s}"] for s in ("sent", "delivered", "read"))
    assert sum(arrived) == 1
    again = await figures(house)
    assert again["enquiry_replies_total answer"] == 1


async def test_who_waits_for_a_person_is_counted(house: House) -> None:
    conversation_id = await house.write("How long?")
    await house.work()
    await house.parts.conversations.hand_off(conversation_id, "asked")
    house.clock.now += timedelta(hours=1)
    found = await figures(house)
    assert found["enquiry_due handoff"] == 1
    assert found["enquiry_due_seconds handoff"] == 3600


async def test_it_tells_of_streams_readiness_and_the_index(house: House) -> None:
    with house.parts.seats.take("visitor"), house.parts.staff_seats.take("Ana"):
        found = await figures(house)
    assert found["enquiry_streams contacts"] == found["enquiry_streams staff"] == 1
    assert found["enquiry_ready"] in {0, 1}
    assert found["enquiry_index_created_timestamp_seconds"] == 0


async def test_boards_and_alerts_use_figures_that_there_are(house: House) -> None:
    there = {name.split(" ")[0] for name in await figures(house)}
    board = json.loads((PROJECT / "ops" / "grafana.json").read_text("utf-8"))
    alerts = yaml.safe_load((PROJECT / "ops" / "alerts.yml").read_text("utf-8"))
    asked = [
        target["expr"] for panel in board["panels"] for target in panel["targets"]
    ] + [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    assert len(asked) > 15
    assert {name for text in asked for name in NAME.findall(text)} <= there
    scraped = yaml.safe_load((PROJECT / "ops" / "prometheus.yml").read_text("utf-8"))
    assert (PROJECT / "ops" / scraped["rule_files"][0]).is_file()


def test_a_token_that_is_easily_guessed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "short")
    with pytest.raises(SettingsError, match="METRICS_TOKEN needs at least 16"):
        load_settings()


class TestWithoutAToken:
    """As it is until somebody sets one."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"metrics_token": SecretStr("")})

    async def test_there_is_no_such_page(self, house: House) -> None:
        assert (await house.client.get("/metrics")).status_code == 404
