"""No connection leads to an internal address, whatever a name says."""

from ipaddress import ip_address

import httpcore
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.errors import OutsideError
from bot.outside import PinnedBackend, is_outside, resolve
from tests.support.servers import free_port, served


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  an address, nothing binds to it
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_an_address_is_public_or_not(address: str, outside: bool) -> None:
    assert is_outside(ip_address(address)) is outside


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fe80::1%eth0"]]
)
def test_a_name_with_any_internal_address_is_refused(addresses: list[str]) -> None:
    backend = PinnedBackend(resolve=lambda _host, _port: addresses)
    with pytest.raises(
        OutsideError, match=r"example\.org leads to the internal address"
    ):
        backend.connect_tcp("example.org", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    with pytest.raises(OutsideError, match=r"internal address|not known"):
        PinnedBackend().connect_tcp(host, 80)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 300, "x..y"])
def test_a_name_that_is_not_known_is_said_so(host: str) -> None:
    with pytest.raises(OutsideError, match="is not known"):
        resolve(host, 80)


async def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    asked: list[str] = []

    def once(host: str, port: int) -> list[str]:
        """A name that leads to loopback once, and elsewhere from then on."""
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    async with served(app) as address:
        backend = PinnedBackend(loopback_allowed=True, resolve=once)
        port = int(address.rpartition(":")[2])
        stream = backend.connect_tcp("example.org", port)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
        stream.close()
        with pytest.raises(OutsideError, match=r"internal address 10\.0\.0\.1"):
            backend.connect_tcp("example.org", port)
    assert asked == ["example.org", "example.org"]


def test_the_next_address_is_tried_and_then_no_more() -> None:
    backend = PinnedBackend(
        loopback_allowed=True, resolve=lambda _host, _port: ["::1", "127.0.0.1"]
    )
    with pytest.raises(OutsideError, match="does not answer") as caught:
        backend.connect_tcp("example.org", free_port())
    assert isinstance(caught.value.__cause__, httpcore.ConnectError)
