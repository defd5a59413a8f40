"""One deadline around a whole fetch, whatever a site does with its time.

Timeouts of sockets begin anew with every byte: a site that sends one a second would
never be too slow.
"""

import ssl
from collections.abc import Callable, Iterable

import httpcore

from bot.outside import SOCKET_OPTION


class Deadline:
    """When a fetch has to be over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = 0.0

    def start(self, *, seconds: float) -> None:
        """So many seconds from now."""
        self._until = self._clock() + seconds

    def put_off(self, seconds: float) -> None:
        """So much later: what we wait ourselves is not the site's fault."""
        self._until += seconds

    def at_most(self, timeout: float | None) -> float:
        """A timeout that ends with the deadline.

        Raises:
            httpcore.ReadTimeout: it is over.
        """
        left = self._until - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the fetch")
        return left if timeout is None else min(timeout, left)


class TimedBackend(httpcore.NetworkBackend):
    """Opens connections on which every step ends with a deadline."""

    def __init__(self, backend: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection as the backend opens it."""
        stream = self._backend.connect_tcp(
            host, port, self._deadline.at_most(timeout), local_address, socket_options
        )
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.at_most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(
            ssl_context, server_hostname, self._deadline.at_most(timeout)
        )
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
