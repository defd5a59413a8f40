"""Links in the text of a document that a contact could not open."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from ingest.sentences import MARKDOWN

NOT_READ = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
OTHER_SCHEMES = {"mailto", "tel"}


def broken_links(body: str) -> Iterator[tuple[str, str]]:
    """Every link that leads nowhere, as it is written, and why."""
    for token in _inline(MARKDOWN.parse(body)):
        if token.type == "link_open":
            address = str(token.attrs["href"])
            problem = address_problem(address)
            if problem:
                yield unquote(address), problem
        elif token.type == "text":
            for found in NOT_READ.finditer(token.content):
                yield found.group(), "is not read as a link; take the spaces out"


def address_problem(address: str) -> str | None:
    """Why nobody can open an address, or None if it looks well."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme in OTHER_SCHEMES:
        return None if parts.path else "leads nowhere"
    if not parts.scheme and not parts.netloc and address.startswith("#"):
        return None
    if parts.scheme not in {"http", "https"}:
        return "is no address that a contact can open; write https://…"
    return _host_problem(host)


def _host_problem(host: str) -> str | None:
    try:
        return None if ip_address(host).is_global else "is an internal address"
    except ValueError:
        pass
    labels = host.removesuffix(".").split(".")
    if len(labels) > 1 and all(labels):
        return None
    return "names no site" if host else "names no host"


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()
