"""The collections of a Chroma server that are ours: numbered, each with a state."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import chromadb
import httpx
from chromadb.errors import ChromaError, NotFoundError

from bot.answering.store.generations import Manifest, manifest_from_json
from bot.answering.store.records import client_settings, create_collection

NAME = re.compile(r"generation-(\d{8})")
DISCARDED = "discarded-"
PORTS = {"http": 8000, "https": 443}
TIMEOUT = httpx.Timeout(30.0, connect=3.0)


class State(StrEnum):
    """How far a collection is; only of what is ready the newest is in use."""

    BUILDING = "building"
    READY = "ready"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A collection of ours."""

    number: int
    collection: Any
    metadata: Mapping[str, Any]

    @property
    def state(self) -> str:
        """One of ``State``, if nobody else wrote it."""
        return str(self.metadata.get("state", ""))

    @property
    def generation(self) -> str | None:
        """The name of the generation in it, once it is whole."""
        return self.metadata.get("generation")

    @property
    def manifest(self) -> Manifest:
        """What the generation in it was built from."""
        where = f"the collection {self.collection.name}"
        return manifest_from_json(str(self.metadata.get("manifest")), where=where)

    @property
    def is_ready(self) -> bool:
        """Whether it may be in use."""
        return self.state == State.READY

    @property
    def held_until(self) -> float:
        """The time until which its builder has reserved it."""
        held = self.state == State.BUILDING
        return float(self.metadata.get("until", 0.0)) if held else 0.0


class ServerCollections:
    """Finds, makes and removes them; raises what Chroma raises."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._ssl = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._database = parts.path.strip("/") or "default_database"
        self._client: Any = None

    def all(self) -> list[Numbered]:
        """Ours, by number."""
        found = []
        for collection in self._opened().list_collections():
            if named := NAME.fullmatch(collection.name):
                number = int(named[1])
                found.append(Numbered(number, collection, collection.metadata or {}))
        return sorted(found, key=lambda one: one.number)

    def create(self, number: int, metadata: Mapping[str, Any]) -> Any:  # noqa: ANN401  Chroma's own types are vague
        """An empty collection; fails if somebody else made that one."""
        name = f"generation-{number:08d}"
        return create_collection(self._opened(), name, metadata=dict(metadata))

    def remove(self, collection: Any) -> None:  # noqa: ANN401  as above
        """Remove this very collection, not another that has got its name since."""
        name = f"{DISCARDED}{uuid4().hex}"
        try:
            collection.modify(name=name)
            self._opened().delete_collection(name)
        except NotFoundError:
            return

    def remove_discarded(self) -> None:
        """Remove what ``remove`` was killed in the middle of."""
        for collection in self._opened().list_collections():
            if collection.name.startswith(DISCARDED):
                self._opened().delete_collection(collection.name)

    def _opened(self) -> Any:  # noqa: ANN401  as above
        if self._client is None:
            try:
                self._client = self._connected()
            except NotFoundError:
                self._create_database()
                self._client = self._connected()
        return self._client

    def _connected(self) -> Any:  # noqa: ANN401  as above
        # Chroma's client waits for ever, and connects before it can be told not to.
        scheme = "https" if self._ssl else "http"
        netloc = f"[{self._host}]" if ":" in self._host else self._host
        heartbeat = f"{scheme}://{netloc}:{self._port}/api/v2/heartbeat"
        httpx.get(heartbeat, timeout=TIMEOUT).raise_for_status()
        client: Any = chromadb.HttpClient(
            host=self._host,
            port=self._port,
            ssl=self._ssl,
            settings=client_settings(),
            database=self._database,
        )
        client._server._session.timeout = TIMEOUT  # noqa: SLF001  there is no other way
        return client

    def _create_database(self) -> None:
        settings = client_settings()
        settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
        settings.chroma_server_host = self._host
        settings.chroma_server_http_port = self._port
        settings.chroma_server_ssl_enabled = self._ssl
        # Somebody else may have been faster; whether it is there now tells the rest.
        with suppress(ChromaError):
            chromadb.AdminClient(settings).create_database(self._database)
