"""Markdown to plain sentences, list items and table rows that read alone."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.answering.chunks import Sentence, SentenceKind

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
LONGEST_ITEM = 60
LONGEST_SENTENCE = 80
ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|vs|cf|no|nos|dr|mr|mrs|ms|prof|st|inc|ltd|dept|fig"
    r"|u\.s|u\.k|a\.m|p\.m|art|sec|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
BORDER = re.compile(
    r"(?<=[.!?…])[\"')\]”’]*\s+(?=[\"'(\[“‘]?[^\s\W_]|[\"'(\[“‘])|(?<=[。！？।؟])\s*"
)
TAG = re.compile(r"<[^<>]{0,500}>")
SPACE = re.compile(r"\s+")


def split_sentences(markdown: str) -> tuple[Sentence, ...]:
    """Every word of a piece of Markdown, as sentences in reading order."""
    return tuple(_sentences(MARKDOWN.parse(markdown)))


def plain_sentences(text: str) -> list[str]:
    """Cut plain prose after its full stops, but not after abbreviations."""
    pieces: list[str] = []
    start = 0
    for border in BORDER.finditer(text):
        piece = text[start : border.start()].strip()
        if ABBREVIATIONS.search(piece) and piece.casefold() != "no.":
            continue
        pieces.append(text[start : border.end()].strip())
        start = border.end()
    pieces.append(text[start:].strip())
    return [short for piece in pieces if piece for short in _not_endless(piece)]


def plain_text(token: Token) -> str:
    """The words of a paragraph, heading, cell or block of code, without markup."""
    if token.type == "html_block":
        return _squeezed(unescape(TAG.sub(" ", token.content)))
    if token.type != "inline":
        return _squeezed(token.content)
    parts = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak", "html_inline"}:
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return _squeezed("".join(parts))


def _not_endless(sentence: str) -> Iterator[str]:
    words = sentence.split()
    for start in range(0, len(words), LONGEST_SENTENCE):
        yield " ".join(words[start : start + LONGEST_SENTENCE])


def _sentences(tokens: Sequence[Token]) -> Iterator[Sentence]:
    depth = 0
    rows = _Rows()
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
        elif token.type.startswith(("table", "tr_", "th_", "td_")):
            yield from rows.see(token)
        elif token.type == "inline" and rows.inside:
            rows.cells.append(plain_text(token))
        elif token.type in {"inline", "code_block", "fence", "html_block"}:
            yield from _block(plain_text(token), item=depth > 0)


def _block(text: str, *, item: bool) -> Iterator[Sentence]:
    kind = SentenceKind.ITEM if item else SentenceKind.PROSE
    if item and len(text.split()) <= LONGEST_ITEM:
        if text:
            yield Sentence(text, kind)
        return
    for sentence in plain_sentences(text):
        yield Sentence(sentence, kind)


class _Rows:
    """Turns the cells of a table into "Header: cell" rows; a lone header is a row."""

    def __init__(self) -> None:
        self.inside = False
        self.cells: list[str] = []
        self._header: list[str] = []
        self._bare = True

    def see(self, token: Token) -> Iterator[Sentence]:
        if token.type == "table_open":
            self.inside, self._header, self._bare = True, [], True
        elif token.type == "table_close":
            self.inside = False
            if self._bare:
                yield from self._as_row("; ".join(filter(None, self._header)))
        elif token.type == "tr_open":
            self.cells = []
        elif token.type == "tr_close" and not self._header:
            self._header = self.cells
        elif token.type == "tr_close":
            self._bare = False
            yield from self._as_row(self._row())

    @staticmethod
    def _as_row(text: str) -> Iterator[Sentence]:
        if text:
            yield Sentence(text, SentenceKind.ROW)

    def _row(self) -> str:
        pairs = zip(self._header, self.cells, strict=False)
        named = (f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
        return "; ".join(named)


def _squeezed(text: str) -> str:
    return SPACE.sub(" ", text).strip()
