"""Pages of other people that do to a chat what pages of other people do.

Each is a kind of trouble, not one site: what their sheets, scripts and headers reach.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse

PAGE = """{doctype}
<html {attributes}><head><meta charset="utf-8"><title>A university</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><main><h1>Courses</h1><a href="/other">Another page</a></main>
<script src="{address}/widget.js" data-title="Ask Harbour"></script></body></html>
"""
ALL_IMPORTANT = """* { all: unset !important; display: none !important;
  visibility: hidden !important; opacity: 0 !important; font: 5px cursive !important;
  transform: scale(.1) !important; pointer-events: none !important;
  position: static !important; z-index: -1 !important; width: 1px !important; }
  html, body { display: block !important; }"""
COVERED = """<style>#consent { position: fixed; inset: 0; z-index: 2147483647; }</style>
<script>addEventListener("load", () => {
  const cover = document.createElement("div");
  cover.id = "consent";
  document.body.append(cover);
});</script>"""
# A page that has shortcuts on every key, and lets none of them be typed.
SHORTCUTS = """<script>
  window.heard = [];
  const take = (event) => { heard.push(event.key); event.preventDefault(); };
  for (const kind of ["keydown", "keypress", "keyup"]) {
    document.addEventListener(kind, take);
    document.addEventListener(kind, take, true);
    addEventListener(kind, take);
  }
  for (const kind of ["input", "paste", "beforeinput"]) {
    document.addEventListener(kind, () => heard.push(kind));
  }
</script>"""
# A dialogue that keeps the focus to itself, as libraries do.
FOCUS_TRAP = """<script>
  const trap = (event) => {
    const main = document.querySelector("main");
    if (!main.contains(event.target)) main.querySelector("a").focus();
  };
  document.addEventListener("focusin", trap, true);
  document.addEventListener("focus", trap, true);
</script>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a page has of its own."""

    head: str = ""
    attributes: str = 'lang="en"'
    doctype: str = "<!doctype html>"
    policy: str = ""


def _styled(sheet: str) -> Host:
    return Host(head=f"<style>{sheet}</style>")


HOSTS: Mapping[str, Host] = {
    "empty-divs": _styled("div:empty { display: none } div { margin: 9px }"),
    "children-of-body": _styled("body > div, body > :last-child { display: none }"),
    "children-of-html": _styled("html > :not(head, body) { display: none !important }"),
    "undefined-elements": _styled(":not(:defined) { visibility: hidden }"),
    "small-root": _styled("html { font-size: 62.5% }"),
    "large-root": _styled("html { font: 40px/3 fantasy }"),
    "moved-body": _styled(
        "body { transform: translateX(-80px) scale(.9); filter: blur(0); opacity: .1 }"
    ),
    "moved-page": _styled("html { transform: translate(-50px, -90px) }"),
    "contained": _styled(
        "html, body { contain: strict; overflow: hidden; height: 9em }"
    ),
    "own-letters": _styled(
        "* { font-family: cursive; letter-spacing: .3em; text-transform: uppercase;"
        " line-height: 3; text-align: center; color: red; cursor: none }"
    ),
    "own-colours": _styled(
        "*, :root { --brand: red; --back: red; --text: red; --line: red; --soft: red }"
    ),
    "all-important": _styled(ALL_IMPORTANT),
    "covered": Host(head=COVERED),
    "upright": _styled("html { writing-mode: vertical-rl }"),
    "from-the-right": Host(attributes='lang="ar" dir="rtl"'),
    "quirks": Host(doctype=""),
    "based": Host(head='<base href="https://elsewhere.invalid/deep/">'),
    "strict-policy": Host(
        policy="default-src 'none'; script-src {address}; connect-src {address}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "focus-trap": Host(head=FOCUS_TRAP),
}
OTHERS: Mapping[str, Host] = {
    "friendly": Host(),
    "other": Host(),
    "shortcuts": Host(head=SHORTCUTS),
}


def street(chat: str) -> FastAPI:
    """A site with a page of every kind, each with the chat of ``chat``."""
    site = FastAPI()

    @site.get("/{kind}", response_class=HTMLResponse)
    async def page(kind: str) -> HTMLResponse:
        host = {**HOSTS, **OTHERS}.get(kind)
        if host is None:
            raise HTTPException(404)
        text = PAGE.format(
            doctype=host.doctype,
            attributes=host.attributes,
            head=host.head,
            address=chat,
        )
        policy = host.policy.format(address=chat)
        headers = {"Content-Security-Policy": policy} if policy else None
        return HTMLResponse(text, headers=headers)

    return site
