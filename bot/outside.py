"""Connections that only lead outside: each name is looked up once, checked, and pinned.

A check of the address before the connection would not do: the name could lead somewhere
else a moment later. So the connection goes to the very address that was checked.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from ipaddress import ip_address

import httpcore
import httpx

from bot.errors import OutsideError
from bot.public_networks import is_public

SOCKET_OPTION = (
    tuple[int, int, int]
    | tuple[int, int, bytes | bytearray]
    | tuple[int, int, None, int]
)
Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, from the system."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutsideError(f"{host} is not known") from error
    return [str(entry[4][0]) for entry in found]


class Lookup:
    """Looks names up; gives public addresses only, and loopback only if allowed."""

    def __init__(
        self, *, loopback_allowed: bool = False, resolve: Resolve = resolve
    ) -> None:
        self.loopback_allowed = loopback_allowed
        self._resolve = resolve

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses that a name leads to.

        Raises:
            OutsideError: it leads nowhere, or one of them is internal.
        """
        found = self._resolve(host, port)
        for text in found:
            address = ip_address(text.partition("%")[0])
            allowed = self.loopback_allowed and address.is_loopback
            if not allowed and not is_public(address):
                raise OutsideError(f"{host} leads to the internal address {address}")
        return found


class PinnedBackend(httpcore.NetworkBackend):
    """Opens connections to addresses that were looked up and checked."""

    def __init__(
        self, *, loopback_allowed: bool = False, resolve: Resolve = resolve
    ) -> None:
        self._lookup = Lookup(loopback_allowed=loopback_allowed, resolve=resolve)
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first checked address that answers."""
        problem: Exception | None = None
        for address in self._lookup.addresses(host, port):
            try:
                return self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise OutsideError(f"{host} does not answer") from problem


class AsyncPinnedBackend(httpcore.AsyncNetworkBackend):
    """The same for code that does not block: names are looked up in a thread."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        problem: Exception | None = None
        for address in await asyncio.to_thread(self._lookup.addresses, host, port):
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise OutsideError(f"{host} does not answer") from problem

    async def sleep(self, seconds: float) -> None:
        """Required by httpcore, which pauses between its own retries."""
        await asyncio.sleep(seconds)


class PinnedTransport(httpx.BaseTransport):
    """An httpx transport over such connections; it knows no proxy."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises what httpcore raises."""
        answer = self._pool.handle_request(_as_httpcore(request))
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class AsyncPinnedTransport(httpx.AsyncBaseTransport):
    """The same for code that does not block."""

    def __init__(self, lookup: Lookup) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trusted(), network_backend=AsyncPinnedBackend(lookup)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises what httpcore raises."""
        answer = await self._pool.handle_async_request(_as_httpcore(request))
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_AsyncStream(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


def _as_httpcore(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
