"""Answering over the sample documents and over the project's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.answering.store.folders import EmbeddedStore
from bot.answering.store.server import ServerStore
from bot.answering.store.store import Store
from bot.config import Settings
from tests.support.answering import answering_with


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of either kind."""
    if request.param == "server":
        return ServerStore(request.getfixturevalue("chroma_url"))
    return EmbeddedStore(tmp_path / "index")


@pytest.fixture
def sample(
    sample_data: Path, sample_knowledge: Path, encoder: Encoder
) -> Iterator[Answering]:
    here = Settings(data_dir=sample_data, knowledge_dir=sample_knowledge)
    with answering_with(here, encoder=encoder) as answering:
        yield answering


@pytest.fixture
def project(project_data: Path, encoder: Encoder) -> Iterator[Answering]:
    here = Settings(
        data_dir=project_data, knowledge_dir=Path(__file__).parents[2] / "knowledge"
    )
    with answering_with(here, encoder=encoder) as answering:
        yield answering


@pytest.fixture
def model_settings(
    sample_data: Path, sample_knowledge: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings with an index of the sample documents and a model."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "a-key-for-tests")
    return Settings(
        environment="development",
        data_dir=sample_data,
        knowledge_dir=sample_knowledge,
        bot_model="openai:test-model",
        bot_model_first_token_seconds=60.0,
        bot_model_stall_seconds=60.0,
        bot_model_total_seconds=25.0,
        bot_model_not_asked_from=1.0,
    )
