"""Files that stay the same while the server runs: compressed once, sent again never."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


class StaticFile:
    """One file as browsers get it: compressed where they can read that.

    A browser that has it already is told so in a line. Pages that hold secrets beside
    what somebody typed are never compressed: their length would give the secret away.
    """

    def __init__(
        self, content: bytes, *, media_type: str, headers: Mapping[str, str]
    ) -> None:
        self._plain = content
        self._compressed = gzip.compress(content, mtime=0)
        self._media_type = media_type
        self._tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            **headers,
            "ETag": self._tag,
            "Vary": "Accept-Encoding",
        }

    @classmethod
    def at(
        cls, path: Path, *, media_type: str, headers: Mapping[str, str]
    ) -> "StaticFile":
        """A file of the package."""
        return cls(path.read_bytes(), media_type=media_type, headers=headers)

    def answer(self, request: Request) -> Response:
        """The file, or that what the browser has is still true."""
        known = _listed(request.headers.get("If-None-Match", ""))
        if self._tag in known or "*" in known:
            return Response(status_code=304, headers=self._headers)
        if _takes_gzip(request.headers.get("Accept-Encoding", "")):
            headers = {**self._headers, "Content-Encoding": "gzip"}
            return Response(
                self._compressed, media_type=self._media_type, headers=headers
            )
        return Response(self._plain, media_type=self._media_type, headers=self._headers)


def _takes_gzip(accepted: str) -> bool:
    parts = (one.partition(";") for one in _listed(accepted.casefold()))
    return any(
        name.strip() == "gzip" and not REFUSED.fullmatch(weight.strip())
        for name, _, weight in parts
    )


def _listed(header: str) -> list[str]:
    return [one.strip() for one in header.split(",")]
