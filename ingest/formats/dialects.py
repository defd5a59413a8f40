"""Marks of other programs in Markdown, which are no words of the text."""

import re

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
# Blocks that a program runs or draws; directives in braces hold words.
NO_WORDS = re.compile(r"\{(?:python|r|julia|ojs)\b|mermaid|dataview|plantuml")
DIRECTIVE = re.compile(r"\{[\w-]+\}")
IMPORT = re.compile(
    r"(?:import|export) (?:[^\n]*from )?[\"'{*\w][^\n]*(?:[\"'{(;=]).*$"
)
# `:::note`, `!!! tip "Read this"`, `> [!WARNING]`
CONTAINER = re.compile(r"^\s*:{3,}.*$")
ADMONITION = re.compile(r"^(?:!{3}|\?{3}\+?) *[\w-]+(?: \"([^\"]*)\")? *$")
CALLOUT = re.compile(r"^(\s*(?:> ?)+)\[!\w+\][+-]? *")
COMMENTS = re.compile(r"<!--.*?-->|%%.*?%%", re.DOTALL)
# `{{fee}}` alone is a figure of ours.
TEMPLATE = re.compile(
    r"\{\{[<%].*?[%>]\}\}|\{%.*?%\}|\{#(?!\w[\w-]*\}).*?#\}|\{\{-?\s+.*?\s-?\}\}"
    r"|\{\{[^{}\n]*[|(\[][^{}\n]*\}\}",
    re.DOTALL,
)
STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
ATTRIBUTES = re.compile(
    r"[ \t]*\{(?:[#.:][^{}\n]*|[\w-]+=[^{}\n]*)\}[ \t]*$|^\{:[^{}\n]*\}$"
)
# What heads a text without being a heading: a bold line, a question of a list, the
# name of a part that opens.
BOLD_LINE = re.compile(r"^(?:\*\*|__)([^*_\n]+?)(?:\*\*|__):?\s*$")
QUESTION = re.compile(
    r"^(?:\*\*)?(?:Q|Question|F|Frage)\s*\d*\s*[:.](?:\*\*)?\s+(.+[?？])\s*$"
)
ANSWER = re.compile(r"^(?:\*\*)?(?:A|Answer|Antwort)\s*[:.](?:\*\*)?\s+(?=\S)")
SUMMARY = re.compile(r"^\s*<summary[^>]*>(.*?)</summary>\s*$", re.IGNORECASE)
TAB = re.compile(r"<TabItem\b[^>]*\blabel=\"([^\"]+)\"[^>]*>")
MEANING = re.compile(r"^: +(?=\S)")
MOST_BOLD_WORDS = 14
FOOTNOTE = re.compile(r"^\[\^[^\]\s]+\]:[ \t]*")
REFERENCE = re.compile(r"\[\^[^\]\s]+\]")
EMBEDDED = re.compile(r"!\[\[[^\]\n]*\]\]")
WIKI_NAMED = re.compile(r"\[\[[^\]|\n]*\|([^\]\n]+)\]\]")
WIKI = re.compile(r"\[\[([^\]\n#]+)(?:#[^\]\n]*)?\]\]")
MARKED = re.compile(r"(==|\^\^|\+\+)(?=\S)([^\n]+?)(?<=\S)\1")
TASK = re.compile(r"^(\s*(?:[-*+]|\d+[.)]) )\[[ xX~-]\] ")
CONTENTS = re.compile(
    r"^\s*(?:\[TOC\]|\[\[_TOC_\]\]|\$\{toc\}|\\newpage)\s*$", re.IGNORECASE
)
# "18." by itself answers how many; to Markdown it is an empty item.
NUMBER_ALONE = re.compile(r"^(\d+)([.)])\s*$")
BLOCK_NAME = re.compile(r"(?<=\S) \^[\w-]+$")
CODE = re.compile(r"(`+)(?:.+?)\1")


def as_plain_markdown(text: str) -> str:
    """The text with the marks of no dialect but CommonMark's own."""
    outside: list[str] = []
    found: list[str] = []
    for line, is_code in _lines(text):
        if is_code:
            found += [*_plain(outside), line]
            outside = []
        else:
            outside.append(line)
    return "\n".join([*found, *_plain(outside)]).strip()


def _lines(text: str) -> list[tuple[str, bool]]:
    """Lines, and whether they are code; without blocks that hold no words."""
    found: list[tuple[str, bool]] = []
    fence = kind = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        closes = fence and mark and mark[1].startswith(fence) and not mark[2].strip()
        if mark and not fence:
            fence, kind = mark[1], mark[2].strip()
        dropped = NO_WORDS.match(kind) or (
            DIRECTIVE.match(kind) and (closes or mark) and fence
        )
        if not dropped:
            found.append((line, bool(fence) and not DIRECTIVE.match(kind)))
        if closes:
            fence = kind = ""
    return found


def _plain(lines: list[str]) -> list[str]:
    if not lines:
        return []
    text = COMMENTS.sub("", "\n".join(lines))
    text = TAB.sub(r"\n\n###### \1\n\n", TEMPLATE.sub("", text))
    kept = []
    inside = False
    for line in text.split("\n"):
        opened = ADMONITION.match(line)
        if opened:
            inside = True
            kept += ["", opened[1] or "", ""]
            continue
        inside = inside and (not line.strip() or line.startswith(("    ", "\t")))
        own = line.removeprefix("\t").removeprefix("    ") if inside else line
        if CONTAINER.match(own):
            kept.append("")
        elif not (IMPORT.fullmatch(own) or CONTENTS.match(own)):
            kept.append(_plain_line(own))
    return _with_headings(kept)


def _with_headings(lines: list[str]) -> list[str]:
    """Lines that head others as headings below all others that there are."""
    kept: list[str] = []
    for place, line in enumerate(lines):
        below = next((one for one in lines[place + 1 :] if one.strip()), "")
        heading = _heading(line)
        if heading and below and not below.startswith("#"):
            kept += ["", f"###### {heading}", ""]
        elif MEANING.match(line) and kept and kept[-1].strip():
            kept[-1] = f"{kept[-1].strip()}: {MEANING.sub('', line)}"
        else:
            before = next((one for one in reversed(kept) if one.strip()), "")
            asked = before.startswith("###### ")
            kept.append(ANSWER.sub("", line) if asked else line)
    return kept


def _heading(line: str) -> str | None:
    bold = BOLD_LINE.match(line)
    if bold and len(bold[1].split()) <= MOST_BOLD_WORDS and bold[1][-1] not in ".,":
        return bold[1].strip().removesuffix(":")
    found = QUESTION.match(line) or SUMMARY.match(line)
    return found[1].strip() if found else None


def _plain_line(line: str) -> str:
    line = CALLOUT.sub(r"\1", line)
    line = TASK.sub(r"\1", line)
    line = FOOTNOTE.sub("", line)
    line = NUMBER_ALONE.sub(r"\1\\\2", line)
    return BLOCK_NAME.sub("", ATTRIBUTES.sub("", "".join(_apart(line))))


def _apart(line: str) -> list[str]:
    """The line with its code as it stands."""
    found = []
    end = 0
    for code in CODE.finditer(line):
        found += [_plain_words(line[end : code.start()]), code[0]]
        end = code.end()
    return [*found, _plain_words(line[end:])]


def _plain_words(text: str) -> str:
    text = STRUCK.sub("", text)
    text = REFERENCE.sub("", text)
    text = EMBEDDED.sub("", text)
    text = WIKI_NAMED.sub(r"\1", text)
    text = WIKI.sub(r"\1", text)
    return MARKED.sub(r"\2", text)
