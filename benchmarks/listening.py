"""An event stream that is read no faster than it is asked."""

import asyncio
import json

from bot.config import Settings

PATIENCE_SECONDS = 60.0


class Stream:
    """An open event stream, read line by line and no faster than it is asked."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, settings: Settings, path: str, **headers: str) -> "Stream":
        """Ask for a stream and wait for its first line."""
        reader, writer = await asyncio.open_connection(settings.host, settings.port)
        lines = [f"GET {path} HTTP/1.1", f"Host: {settings.host}:{settings.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(f"{path} answered {status.decode().strip()}")
        return cls(reader, writer)

    async def hear(self, **data: str) -> None:
        """Read up to an event that says ``data``."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := await self._reader.readline():
                _, _, words = line.decode().partition("data: ")
                if words and data.items() <= json.loads(words).items():
                    return
        raise RuntimeError("the stream ended")

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
