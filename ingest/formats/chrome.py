"""What of a web page is no content: menus, banners, hidden text, forms."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

NOT_TEXT = {
    "script", "style", "noscript", "template", "svg", "head", "nav", "select", "input",
    "textarea", "iframe", "object", "embed", "video", "audio", "canvas", "datalist",
    "math", "dialog", "menu", "option", "label", "progress", "meter",
}  # fmt: skip
ROLES = {
    "navigation", "dialog", "alertdialog", "search", "menu", "menubar", "toolbar",
    "tablist", "presentation-banner", "complementary",
}  # fmt: skip
# Parts of names that programs give to what surrounds a text.
NAMES = {
    "cookie", "cookies", "consent", "gdpr", "ccpa", "breadcrumb", "breadcrumbs",
    "navbar", "navigation", "nav", "menu", "sidebar", "skip", "skiplink", "share",
    "sharing", "social", "newsletter", "subscribe", "pagination", "pager", "advert",
    "ads", "promo", "popup", "modal", "toolbar", "masthead", "topbar", "toc",
    "widget", "chatbot",
}  # fmt: skip
NOTICES = {"cookie", "cookies", "consent", "gdpr", "ccpa", "breadcrumb", "breadcrumbs"}
HIDDEN_NAMES = {
    "hidden", "d-none", "visually-hidden", "sr-only", "screen-reader-text", "is-hidden",
    "invisible", "visuallyhidden", "u-hidden", "offscreen",
}  # fmt: skip
NO_SHOW = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|:\s*line-through", re.IGNORECASE
)
APART = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
CONTROLS = ("aria-controls", "data-bs-target", "data-target", "data-toggle-target")
PANELS = re.compile(
    r"collaps|accordion|panel|toggle|tab|faq|answer|expand|drawer", re.IGNORECASE
)
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?:\+|\b0|\()\d[\d\s()./-]{6,}\d"
    r"|\b\d{1,4}[ -]\d{3}[ -]\d{3,}"
)
ALL_LINKS = 0.8
FEWEST_LINKS = 3


def controllers(page: HtmlElement) -> dict[str, HtmlElement]:
    """What opens each part of a page, by the id of the part."""
    found: dict[str, HtmlElement] = {}
    for element in page.iter("button", "a", "summary", "h2", "h3", "h4", "div", "span"):
        for name in CONTROLS:
            for target in (element.get(name) or "").split():
                if target.lstrip("#"):
                    found.setdefault(target.lstrip("#"), element)
        role, target = element.get("role"), element.get("href") or ""
        opens = role in {"tab", "button"} or element.get("data-toggle")
        if element.tag == "a" and opens and target.startswith("#") and target[1:]:
            found.setdefault(target[1:], element)
    return found


def without_hidden(page: HtmlElement) -> HtmlElement:
    """Take out of a page what nobody can see, and what is a program's."""
    opened = controllers(page)
    for element in list(page.iter()):
        unseen = not isinstance(element.tag, str) or element.tag in NOT_TEXT
        if unseen or _is_hidden(element, opened):
            _drop(element)
    return page


def without_surroundings(page: HtmlElement) -> HtmlElement:
    """Take out what stands on every page of a site; contacts in its footer stay."""
    main = page.find(".//main")
    for element in list(page.iter("footer", "header", "aside")):
        if not _is_inside(element, "article", "main", "section", "blockquote"):
            _reduce(element)
    for element in list(page.iter("div", "section")):
        named = _names(element)
        if {"footer", "copyright"} & named and not _holds_most(element):
            element.tag = "footer"
            _reduce(element)
    for element in list(page.iter()):
        if element.getparent() is not None and _surrounds(element, main):
            _drop(element)
    return page


def without_notices(page: HtmlElement) -> HtmlElement:
    """Take out what no page has as its content, whatever it is named."""
    for element in list(page.iter("footer", "header", "aside", "form", "button")):
        _drop(element)
    for element in list(page.iter()):
        if _names(element) & NOTICES:
            _drop(element)
    return page


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _is_hidden(element: HtmlElement, opened: dict[str, HtmlElement]) -> bool:
    """Whether it can't be seen, and nothing opens it."""
    words = set((element.get("class") or "").split())
    hidden = (
        element.get("hidden") is not None
        or NO_SHOW.search(element.get("style") or "") is not None
        or bool(words & HIDDEN_NAMES)
    )
    if not hidden:
        return False
    return not (element.get("id") in opened or _is_panel(element))


def _is_panel(element: HtmlElement) -> bool:
    """Whether it follows what is pressed to see it."""
    before = element.getprevious()
    named = (
        PANELS.search(element.get("class") or "") or element.get("role") == "tabpanel"
    )
    if before is None:
        return False
    pressed = before.tag == "button" or before.find(".//button") is not None
    pressed = pressed or before.get("aria-expanded") is not None
    return pressed or bool(named and before.tag in {"h2", "h3", "h4", "h5", "h6", "dt"})


def _is_inside(element: HtmlElement, *tags: str) -> bool:
    return any(parent.tag in tags for parent in element.iterancestors())


def _reduce(element: HtmlElement) -> None:
    """A footer keeps its contacts, a header its heading, an aside nothing."""
    if element.tag == "header" and element.find(".//h1") is not None:
        for other in list(element):
            if other.tag != "h1" and other.find(".//h1") is None:
                other.drop_tree()
        return
    if element.tag == "footer":
        kept = list(_contacts(element))
        if kept:
            heading = element.makeelement("h2")
            heading.text = "Contact"
            heading.set("data-of-footer", "yes")
            for other in list(element):
                element.remove(other)
            element.text = None
            element.extend([heading, *kept])
            return
    _drop(element)


def _contacts(footer: HtmlElement) -> Iterator[HtmlElement]:
    for element in footer.iter("address", "p", "li", "div", "span", "td", "dd"):
        if any(child.tag in {"p", "li", "div", "address", "ul"} for child in element):
            continue
        if _is_inside(element, "address"):
            continue
        words = " ".join(element.text_content().split())
        if CONTACT.search(words):
            line = footer.makeelement("p")
            line.text = words
            yield line


def _surrounds(element: HtmlElement, main: HtmlElement | None) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"body", "html", "main"}:
        return False
    if element.get("role") in ROLES:
        return True
    if element.find(".//h1") is not None or element.find(".//main") is not None:
        return False
    if _names(element) & NOTICES:
        return True
    if _names(element) & NAMES and not _holds_most(element):
        return True
    inside = main is not None and main in element.iterancestors()
    return not inside and element.tag in {"ul", "ol", "div"} and _is_all_links(element)


def _names(element: HtmlElement) -> set[str]:
    if not isinstance(element.tag, str):
        return set()
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.lower() for word in APART.split(name) if word}


def _holds_most(element: HtmlElement) -> bool:
    """Whether more than half of the page stands in it."""
    whole = element.getroottree().getroot()
    size = len("".join(element.itertext()).split())
    return size * 2 > len("".join(whole.itertext()).split())


def _is_all_links(element: HtmlElement) -> bool:
    links = list(element.iter("a"))
    if len(links) < FEWEST_LINKS:
        return False
    linked = sum(len("".join(link.itertext()).split()) for link in links)
    return linked >= ALL_LINKS * len("".join(element.itertext()).split())
