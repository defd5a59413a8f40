"""An installation with the sample documents, and models that follow a script."""

import shutil
from pathlib import Path

import pytest

from bot.config import Settings
from bot.private_files import make_private
from tests.support.servers import free_port


@pytest.fixture
def installed(
    settings: Settings, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings of an office whose index is there and whose server never ran."""
    settings.data_dir.mkdir()
    shutil.copytree(sample_data / "index", settings.data_dir / "index")
    make_private(settings.data_dir)
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")
    return settings.model_copy(update={"port": free_port()})
