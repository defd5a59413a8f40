"""``new`` and ``settings``: an organisation's own folder, apart from the program."""

import secrets
import shutil
from argparse import Namespace
from pathlib import Path

from bot.config import Settings
from bot.errors import SettingsError
from bot.settings_reference import env_example, settings_table

# Beside the program, in its folder as after an install.
KNOWLEDGE = Path(__file__).parents[1] / "knowledge"
OWN = 0o600
NEXT = """\
{folder} is there. Next:
  cd {folder}
  edit knowledge/organisation.yaml: who you are, hours, languages
  enquiry-assistant sync     builds the index of knowledge/
  enquiry-assistant serve    http://127.0.0.1:8000, for you alone
  enquiry-assistant doctor   says what is not well, and what to do
.env holds your settings; for the public, see docs/operating.md of the program.
"""


def new(settings: Settings, options: Namespace) -> None:
    """Make it, with settings for a first look on this machine."""
    del settings
    make_folder(options.folder)
    print(NEXT.format(folder=options.folder))


def settings(settings: Settings, options: Namespace) -> None:
    """Print what can be set."""
    del settings
    print(env_example() if options.env else settings_table(), end="")


def make_folder(folder: Path) -> None:
    """Settings, organisation and documents to begin with.

    Raises:
        SettingsError: there is something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(f"{folder} is not empty; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(KNOWLEDGE, folder / "knowledge")
    file = folder / ".env"
    file.touch(mode=OWN)
    file.write_text(_settings(), "utf-8")


def _settings() -> str:
    """For a first look, with a secret of this installation's own."""
    own = {"ENVIRONMENT": "development", "SECRET_KEY": secrets.token_urlsafe(32)}
    lines = env_example().splitlines()
    for name, value in own.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"#{name}="))
        lines[at] = f"{name}={value}"
    return "\n".join(lines) + "\n"
