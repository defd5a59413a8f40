"""HTML: the text of a page without its menus, banners and footers."""

from lxml import etree, html
from markdownify import markdownify
from trafilatura import extract

from ingest.formats.charset import decoded
from ingest.formats.contents import Contents, Page, one_line

# What trafilatura leaves is taken for the page when it is at least this much of it.
SHARE = 0.1
NOT_TEXT = "//script|//style|//noscript|//template|//svg|//nav|//footer|//head|//form"


def read_html(content: bytes) -> Contents:
    """The main text of a page, or all of its text where no part stands out."""
    text = decoded(content)
    if not text.strip():
        return Contents(pages=(Page(text=""),))
    tree = html.document_fromstring(
        text.encode(), parser=html.HTMLParser(encoding="utf-8")
    )
    title = one_line(tree.findtext(".//title") or "") or None
    everything = _everything(tree)
    main = extract(
        text,
        output_format="markdown",
        include_tables=True,
        include_links=False,
        include_formatting=True,
        include_comments=False,
        favor_recall=True,
        deduplicate=False,
    )
    kept = main if main and len(main) >= SHARE * len(everything) else everything
    return Contents(pages=(Page(text=kept.strip()),), title=title)


def _everything(tree: html.HtmlElement) -> str:
    for element in tree.xpath(NOT_TEXT):
        element.drop_tree()
    source = etree.tostring(tree, encoding="unicode", method="html")
    words: str = markdownify(source, heading_style="ATX", strip=["a", "img"])
    return words
