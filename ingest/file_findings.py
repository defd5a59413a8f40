"""What is wrong with one file, or old: all that can be told without the others."""

from collections.abc import Iterator
from datetime import date

from bot.errors import DocumentError
from ingest.documents import LEFT_OUT, NO_FILE, Document, parse_ours
from ingest.files import SIDECAR, SourceFile
from ingest.findings import Finding, Trouble
from ingest.front_matter import About
from ingest.links import address_problem, broken_links

OLD_AFTER_YEARS = 1


def noted(path: str, note: str | None) -> Iterator[Finding]:
    """What of a text is told to nobody, and fields that nothing reads."""
    for part in (note or "").split("; "):
        if part.startswith(LEFT_OUT) or "unknown field" in part:
            yield Finding(Trouble.BROKEN, path, part)


def what_is_ours(file: SourceFile) -> tuple[Document | About | None, list[Finding]]:
    """What an editor wrote of a file, but for rows of a list, and what is wrong."""
    if file.is_programme_list:
        return None, []
    try:
        found = parse_ours(file)
    except DocumentError as error:
        return None, [broken(line) for line in str(error).splitlines()]
    if isinstance(found, Document):
        return found, list(_links(file, found.about, found.body))
    if isinstance(found, About) and file.sidecar:
        return found, list(_links(file.sidecar, found, ""))
    if file.path.endswith(SIDECAR):
        return None, [Finding(Trouble.BROKEN, file.path, NO_FILE)]
    return None, []


def broken(line: str) -> Finding:
    """What a reader says of a file, as a finding."""
    where, _, message = line.partition(": ")
    return Finding(Trouble.BROKEN, where, message)


def _links(file: SourceFile, about: About, body: str) -> Iterator[Finding]:
    lines = file.content.decode("utf-8", "replace").splitlines()
    links = list(broken_links(body))
    for address in (about.source, *about.sources):
        problem = address and address_problem(address)
        if address and problem:
            links.append((address, problem))
    for address, problem in links:
        line = next((n for n, text in enumerate(lines, 1) if address in text), 1)
        where = f"{file.path}:{line}"
        yield Finding(Trouble.BROKEN, where, f"{address} {problem}")


def age(path: str, about: About, today: date) -> Iterator[Finding]:
    """That a document may not be used any more, or has to be looked up again."""
    if about.valid_until and about.valid_until < today:
        yield Finding(Trouble.EXPIRED, path, f"valid_until was {about.valid_until}")
    elif about.recheck_by and about.recheck_by < today:
        yield Finding(Trouble.DUE, path, f"recheck_by was {about.recheck_by}")
    elif not about.recheck_by and _is_old(about.last_verified, today):
        yield Finding(
            Trouble.DUE,
            path,
            f"last_verified {about.last_verified} is more than a year ago",
        )


def _is_old(verified: date | None, today: date) -> bool:
    return verified is not None and verified < _years_before(today)


def _years_before(today: date) -> date:
    year = today.year - OLD_AFTER_YEARS
    if (today.month, today.day) == (2, 29):
        return date(year, 2, 28)
    return today.replace(year=year)
