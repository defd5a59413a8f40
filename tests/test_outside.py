"""No connection leads to an internal address, whatever a name says."""

import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

import httpcore
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.errors import OutsideError
from bot.outside import Lookup, PinnedBackend, Resolve, resolve
from tests.support.servers import free_port, served

INTERNAL = (
    *("0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1"),  # noqa: S104  nothing binds
    *("100.100.100.200", "127.0.0.1"),
    *("127.8.8.8", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.192", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
)
INTERNAL_IPV6 = (
    *("::", "::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "2002::1", "2620:4f:8000::1", "3fff::1", "3fff:fff:ffff::1"),
    *("4000::1", "5f00::1", "64:ff9b:1::1", "64:ff9b:1:ffff::1", "64:ff9b:0:1::1"),
    *("8000::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fe90::1"),
    *("febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1", "ffff::1"),
)
PUBLIC = (
    *("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.1"),
    *("2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2400:cb00::1"),
    *("64:ff9b::808:808", "::ffff:8.8.8.8", "2606:4700::5efe:808:808"),
)


def wrapped(text: str) -> Iterator[str]:
    """Every way to write an IPv4 address, and to put it into one of IPv6."""
    number = int(IPv4Address(text))
    first, second, rest = number >> 24, number >> 16 & 255, number & 0xFFFF
    yield from (text, str(number), f"{number:#x}", f"0{number:o}")
    yield f"{first:#x}.{second}.{rest}"
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"):
        yield str(IPv6Address(int(IPv6Address(prefix)) | number))
    yield str(IPv6Address((0x2002 << 112) | (number << 80) | 1))
    yield str(IPv6Address((0x20010000 << 96) | (number << 64) | 1))
    yield str(
        IPv6Address((0x20010000 << 96) | (0x08080808 << 64) | number ^ 0xFFFFFFFF)
    )
    for identifier in (0x00005EFE, 0x02005EFE):
        yield str(IPv6Address((0x26064700 << 96) | (identifier << 32) | number))


def leading(names: list[str]) -> Resolve:
    """A resolver by which every name leads there."""
    return lambda _host, _port: names


@pytest.fixture
def connected() -> Iterator[list[object]]:
    """What the sockets of this process are told to connect to meanwhile."""
    seen: list[object] = []
    listening = [True]

    def hear(event: str, about: tuple[object, ...]) -> None:
        if listening and event == "socket.connect":
            seen.append(about[1])

    sys.addaudithook(hear)  # it stays until the process ends, and hears no more
    yield seen
    listening.clear()


def test_no_form_of_an_internal_address_reaches_a_socket(
    connected: list[object],
) -> None:
    forms = [*(form for one in INTERNAL for form in wrapped(one)), *INTERNAL_IPV6]
    assert len(set(forms)) > 300
    through = []
    for form in forms:
        # A zone is not an address's own: a name leads to it, and no resolver makes it.
        backend = PinnedBackend(
            resolve=leading([form] if "%" in form else resolve(form, 80))
        )
        try:
            backend.connect_tcp(form, 80, timeout=0.01)
        except OutsideError as error:
            if "leads to the internal address" not in str(error):
                through.append(form)
        else:
            through.append(form)
    assert through == []
    assert connected == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    lookup = Lookup(resolve=leading([address]))
    assert lookup.addresses("example.org", 80) == [address]


async def test_a_connection_is_seen_at_the_socket(connected: list[object]) -> None:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    async with served(app) as address:
        port = int(address.rpartition(":")[2])
        PinnedBackend(loopback_allowed=True).connect_tcp("127.0.0.1", port).close()
    assert ("127.0.0.1", port) in connected


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
