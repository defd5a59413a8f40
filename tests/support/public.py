"""A server in production, reached under another name than its public one."""

from dataclasses import dataclass

import httpx

from bot.config import Settings
from bot.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicServer:
    """A production server; ``client`` reaches it as its proxy does."""

    client: httpx.AsyncClient
    settings: Settings
    database: Database
