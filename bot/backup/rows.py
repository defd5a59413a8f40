"""Copies all rows of one database into another, of whichever kinds they are."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

import bot.integrations  # noqa: F401  fills the metadata
from bot.database import Base, Database

AT_ONCE = 500


async def copy_rows(source: Database, target: Database) -> int:
    """Copy the rows of one moment, in one transaction; how many there were."""
    count = 0
    async with source.read() as reading, target.write() as writing:
        if not source.sqlite:
            await reading.connection(
                execution_options={"isolation_level": "REPEATABLE READ"}
            )
        for table in Base.metadata.sorted_tables:
            async for rows in rows_of(reading, table):
                await writing.execute(insert(table), untied(table, rows))
                count += len(rows)
            async for rows in rows_of(reading, table):
                await tie(writing, table, rows)
            if not target.sqlite:
                await count_on(writing, table)
    return count


async def is_empty(database: Database) -> bool:
    """Whether no row has been written yet."""
    async with database.read() as session:
        for table in Base.metadata.sorted_tables:
            if await session.scalar(select(exists(select(table)))):
                return False
    return True


async def rows_of(
    session: AsyncSession, table: Table
) -> AsyncIterator[Sequence[dict[str, Any]]]:
    """All rows of a table, some at once, by their key."""
    key = list(table.primary_key)
    query = select(table).order_by(*key).limit(AT_ONCE)
    found = (await session.execute(query)).mappings().all()
    while found:
        yield [dict(row) for row in found]
        last = tuple(found[-1][column.name] for column in key)
        after = query.where(tuple_(*key) > last)
        found = (await session.execute(after)).mappings().all()


def untied(table: Table, rows: Iterable[Mapping[str, Any]]) -> Sequence[dict[str, Any]]:
    """Rows without what names another row of their table, which may come later."""
    return [{**row, **dict.fromkeys(_references_within(table))} for row in rows]


async def tie(
    session: AsyncSession, table: Table, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Write what names another row of the table, now that all of them are there."""
    names = _references_within(table)
    tied = [
        {
            f"of_{name}": row[name]
            for name in (*names, *table.primary_key.columns.keys())
        }
        for row in rows
        if any(row[name] is not None for name in names)
    ]
    if not tied:
        return
    these = [one == bindparam(f"of_{one.name}") for one in table.primary_key]
    values: dict[str, Any] = {name: bindparam(f"of_{name}") for name in names}
    await session.execute(update(table).where(and_(*these)).values(values), tied)


def _references_within(table: Table) -> Sequence[str]:
    keys = [key for key in table.foreign_keys if key.column.table is table]
    return [key.parent.name for key in keys]


async def count_on(session: AsyncSession, table: Table) -> None:
    """The next row of a table on PostgreSQL gets a number that is free."""
    if "id" not in table.c:
        return
    sequence = func.pg_get_serial_sequence(table.name, "id")
    newest = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
    await session.execute(select(func.setval(sequence, newest)))
