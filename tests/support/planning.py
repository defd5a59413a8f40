"""How PostgreSQL plans where it knows little of a table, as after it has grown."""

from collections.abc import Iterator

from sqlalchemy import TextClause, text

USUAL = ("hashjoin", "hashagg", "mergejoin", "material", "sort")


def unusual_plans(change: str) -> Iterator[TextClause]:
    """What makes it plan so; ``change`` is ``SET LOCAL`` or the like."""
    for method in USUAL:
        yield text(f"{change} enable_{method} = off")
