"""HTML: the text of a page without its menus, banners and footers."""

from lxml import etree, html
from markdownify import markdownify
from trafilatura import extract

from ingest.formats.charset import decoded
from ingest.formats.contents import Contents, Page, one_line, without_tags

# What trafilatura leaves is taken for the page when it is at least this much of it.
SHARE = 0.1
NOT_TEXT = "//script|//style|//noscript|//template|//svg|//nav|//footer|//head|//form"


def read_html(content: bytes) -> Contents:
    """The main text of a page, or all of its text where no part stands out."""
    return read_page(decoded(content))


def read_page(text: str) -> Contents:
    """The same of a page whose characters are known."""
    if not text.strip():
        return Contents(pages=(Page(text=""),))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:  # nothing but comments
        return Contents(pages=())
    title = one_line(tree.findtext(".//title") or "") or None
    for element in tree.xpath(NOT_TEXT):
        element.drop_tree()
    words = " ".join("".join(tree.itertext()).split())
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
    kept = main if main and len(main) >= SHARE * len(words) else _everything(tree)
    deep = any("depth" in entry.message for entry in parser.error_log)
    return Contents(
        pages=(Page(text=without_tags(kept.strip())),),
        title=title,
        note="its elements are nested too deeply to be read whole" if deep else None,
    )


def _everything(tree: html.HtmlElement) -> str:
    source = etree.tostring(tree, encoding="unicode", method="html")
    try:
        words: str = markdownify(source, heading_style="ATX", strip=["a", "img"])
    except RecursionError:  # elements inside elements without end
        words = "\n".join(tree.itertext())
    return words
