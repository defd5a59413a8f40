"""Everything a database holds, as text: for what must not be there any more."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.database import Base, Database


async def dump(database: Database) -> str:
    """Every value of every row."""
    lines = []
    async with database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(select(table))
            lines += [f"{table.name} {tuple(row)!r}" for row in rows]
    return "\n".join(lines)


def files(database: Database) -> bytes:
    """The bytes of an SQLite database and its log; nothing of another."""
    path = make_url(database.address).database
    if not database.sqlite or path is None:
        return b""
    return b"".join(
        file.read_bytes() for file in Path(path).parent.glob(f"{Path(path).name}*")
    )
