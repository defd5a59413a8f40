"""Where the server listens, who may reach it, and where it keeps what it knows."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_rules import CommaList, Limit


class ServerSettings(BaseSettings):
    """The first of the settings; ``bot.config.Settings`` has all of them."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    environment: Literal["production", "development"] = Field(
        "production",
        description="`production` refuses to start when something is unsafe; "
        "`development` binds to loopback only and simulates Twilio",
    )
    host: str = Field("127.0.0.1", description="address the server binds to")
    port: int = Field(8000, ge=1, le=65535, description="port the server binds to")
    public_base_url: str = Field(
        "",
        description="address contacts and Twilio reach the server at; required in "
        "production, `https://` there",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="signs visitors' tokens; at least 32 characters, required in "
        "production",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="what Prometheus shows to read `/metrics`, at least 16 characters; "
        "without it there is no such page",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="addresses of reverse proxies whose `X-Forwarded-For` is believed",
    )
    limit_opened_per_network: Limit = Field(
        "30/minute", description="web chats that visitors of one network may open"
    )
    most_waiting_per_network: int = Field(
        20,
        ge=1,
        description="web chats of one network that may wait for a person at a time; "
        "distress is never turned away",
    )
    allowed_origins: CommaList = Field(
        default_factory=list,
        description="web sites that may embed the widget, separated by commas",
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy address; default: SQLite in `DATA_DIR`; "
        "`postgresql://…` for PostgreSQL",
    )
    chroma_url: str = Field(
        "",
        description="a Chroma server that several processes share, `http://host:8000` "
        "or `http://host:8000/database`; default: embedded Chroma in `DATA_DIR`",
    )
    data_dir: Path = Field(Path("data"), description="where database and index live")
    knowledge_dir: Path = Field(
        Path("knowledge"), description="the documents and `organisation.yaml`"
    )
    embedding_model: str = Field(
        "",
        description="a sentence-transformers model on this machine, by name or folder; "
        "default: the bundled multilingual-e5-small",
    )
