"""Alembic's environment: runs on the connection that the program already has."""

from alembic import context

import bot.integrations  # noqa: F401  fills the metadata
from bot.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
