"""The visible words of HTML, without what is struck out or a mark of a note."""

from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = {
    *HEADINGS, "p", "div", "section", "article", "main", "ul", "ol", "dl", "table",
    "blockquote", "pre", "details", "summary", "figure", "figcaption", "address",
    "header", "footer", "aside", "form", "fieldset", "center", "hr", "body", "html",
    "tbody", "dt", "dd", "li", "caption", "td", "th", "tr", "thead", "tfoot", "legend",
    "button", "hgroup", "search",
}  # fmt: skip
BOLD = {"b", "strong"}
GONE = {"s", "del", "strike"}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def words_of(element: HtmlElement) -> str:
    """The visible words of an element on one line."""
    try:
        return " ".join("".join(words(element)).split())
    except RecursionError:  # elements inside elements without end
        return " ".join("".join(element.itertext()).split())


def words(element: HtmlElement, *, skip: Iterable[str] = ()) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        yield from child_words(child, skip)
        if child.tail:
            yield child.tail


def child_words(child: HtmlElement, skip: Iterable[str]) -> Iterator[str]:
    if not isinstance(child.tag, str) or child.tag in GONE or child.tag in skip:
        yield " "
    elif child.tag == "sup":
        yield "" if _is_reference(child) else _raised("".join(words(child, skip=skip)))
    elif child.tag == "br":
        yield "\n"
    elif child.tag in BLOCKS:
        yield " "
        yield from words(child, skip=skip)
        yield " "
    else:
        yield from words(child, skip=skip)


def _is_reference(sup: HtmlElement) -> bool:
    link = sup.find(".//a")
    return link is not None and (link.get("href") or "").startswith("#")


def _raised(text: str) -> str:
    """Raised figures, so that a mark of a note is no part of a name or a sum."""
    return text.strip().translate(RAISED)


def is_bold(element: HtmlElement) -> bool:
    """Whether nothing but bold words stands in a paragraph."""
    if (element.text or "").strip() or not len(element):
        return False
    return all(
        (child.tag in BOLD or child.tag == "br" or is_bold(child))
        and not (child.tail or "").strip()
        for child in element
    )
