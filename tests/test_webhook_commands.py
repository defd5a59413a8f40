"""Endpoints in the terminal, and the example that the documentation gives."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.integrations.signing import new_secret, signed_headers
from tests.conftest import PROJECT
from tests.support.terminal import Terminal

Run = Callable[..., str]
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def run(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``webhooks``."""
    monkeypatch.setenv("WEBHOOKS_TO_LOOPBACK", "true")
    return partial(terminal, "webhooks")


def test_an_endpoint_is_added_listed_and_removed(run: Run) -> None:
    assert "no endpoints" in run()
    added = run("add", URL, "--event", "handoff_requested")
    endpoint, secret = re.findall(r"^(\w+)$|(whsec_\S+)$", added, re.MULTILINE)
    assert secret[1]
    listed = run("list")
    assert listed.split() == [endpoint[0], URL, "handoff_requested", "-"]
    assert "nothing has been sent" in run("log", endpoint[0])
    assert "sends 0 webhooks again" in run("replay", endpoint[0], "--from", "1")
    assert run("remove", endpoint[0]) == ""
    assert "no endpoint" in run("remove", endpoint[0], status=1)


def test_what_cannot_be_done_is_said(run: Run) -> None:
    assert "internal address" in run("add", "https://10.0.0.1/", status=1)
    assert "add --from EVENT" in run("replay", "endpoint", status=1)
    assert "no webhook msg_x" in run("replay", "msg_x", status=1)


def test_the_documented_example_tells_genuine_from_forged() -> None:
    page = (PROJECT / "docs" / "integrations.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Callable[..., bool]] = {}
    exec(example, names)  # noqa: S102  the example is what is tested
    secret, body, now = new_secret(), '{"a":"ä"}'.encode(), datetime.now(UTC)
    headers = signed_headers(secret, "msg_1", body, at=now)
    assert names["verify"](secret, headers, body)
    assert not names["verify"](secret, headers, body + b" ")
    assert not names["verify"](new_secret(), headers, body)
    assert not names["verify"](secret, {**headers, "webhook-id": "msg_2"}, body)
    old = signed_headers(secret, "msg_1", body, at=now - timedelta(minutes=6))
    assert not names["verify"](secret, old, body)


def test_a_signature_is_the_one_that_the_convention_gives_as_an_example() -> None:
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert (
        headers["webhook-signature"]
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
