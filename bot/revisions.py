"""Which tables a database has: told by Alembic's revision, raised by its migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"
# What a revision begins with as long as another database is moved into this one.
MOVING = "moving "


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the tables up to date.

    Raises:
        SettingsError: another database was moved into this one, and not all of it.
    """
    if (applied(connection) or "").startswith(MOVING):
        raise SettingsError(
            "this database is half filled, since a move into it was not finished; run "
            "migrate-database again where the other one is"
        )
    command.upgrade(alembic_config(connection), "head")


def applied(connection: Connection) -> str | None:
    """The revision that the tables are at; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def known(connection: Connection) -> list[str]:
    """All revisions there are, the newest first."""
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    return [script.revision for script in scripts.walk_revisions()]


def declare(connection: Connection, revision: str) -> None:
    """Say which revision the tables are at."""
    connection.execute(
        text("UPDATE alembic_version SET version_num = :revision"),
        {"revision": revision},
    )
