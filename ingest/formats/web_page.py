"""HTML: the text of a page without its menus, banners and footers."""

from copy import deepcopy

from lxml import etree, html

from ingest.formats.charset import decoded, is_guess
from ingest.formats.chrome import (
    controllers,
    without_hidden,
    without_notices,
    without_surroundings,
)
from ingest.formats.contents import Contents, Page, one_line
from ingest.formats.markup import to_markdown

NOT_TEXT = "//script|//style|//noscript|//template|//svg|//head"
# Below this share of what can be seen, the whole of it is taken.
SHARE = 0.25


def read_html(content: bytes) -> Contents:
    """The content of a page, or all of its text where no part stands out."""
    return read_page(decoded(content), note=is_guess(content))


def read_page(text: str, *, note: str | None = None) -> Contents:
    """The same of a page whose characters are known."""
    if not text.strip():
        return Contents(pages=(Page(text=""),))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing but comments
        return Contents(pages=())
    title = _title(tree)
    body = tree.find("body")
    body = tree if body is None else body
    for element in tree.xpath(NOT_TEXT):
        element.drop_tree()
    opened = controllers(body)
    whole = deepcopy(without_hidden(body))
    visible = _size(whole)
    found = to_markdown(without_surroundings(body), opened=opened)
    without_notices(whole)
    if len(found.split()) < SHARE * _size(whole):
        found = to_markdown(whole, opened=opened)
    deep = any("depth" in entry.message for entry in parser.error_log)
    if deep:
        note = "its elements are nested too deeply to be read whole"
    return Contents(
        pages=(Page(text=found.strip()),),
        title=title,
        note=note,
        share=min(1.0, len(found.split()) / visible) if visible else None,
    )


def _size(element: html.HtmlElement) -> int:
    return len("".join(element.itertext()).split())


def _title(tree: html.HtmlElement) -> str | None:
    """The title; the heading, where the title is that with more around it."""
    title = one_line(tree.findtext(".//title") or "") or None
    headings = [one_line(one.text_content()) for one in tree.iter("h1")]
    if title and len(headings) == 1 and headings[0] and headings[0] in title:
        return headings[0]
    return title
