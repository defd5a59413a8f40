"""Passages of a document that speak to a program or to staff, which nobody is told.

They are recognised by the few set phrases that such passages begin with; what merely
mentions staff ("the lift is for staff only") stays.
"""

import re
from collections.abc import Iterator, Sequence

FORMER = r"(?:earlier|previous|prior|preceding|above|former|other|existing)"
ORDERS = r"(?:instruction|prompt|direction|rule|guideline|command|message)s?"
TO_PROGRAMS = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{{0,40}}\b{FORMER}\b[^.\n]{{0,20}}\b{ORDERS}\b"
    rf"|\b(?:ignore|disregard|forget|override)\b[^.\n]{{0,20}}\b(?:your|all|any|the)\b[^.\n]{{0,12}}\b(?:instructions|prompts?)\b"
    r"|\byou are now (?:a|an|in|the)\b[^.\n]{0,60}\b(?:assistant|bot|ai|mode|model)\b"
    r"|\b(?:system|developer) prompt\b|</?(?:system|instructions?|assistant)>|\[/?INST\]|<\|im_start\|>"
    r"|(?:^|[\[(*_>\s])(?:(?:attention|note|message|instructions?|hey|dear)[ ,]*(?:to|for)?|to|for)(?: (?:the|any|all))? "
    r"(?:ai|llm|language model|chat ?bot|ai assistant|virtual assistant)s?\s*[:,!]"
    r"|\bif you are an? (?:ai|llm|language model|chat ?bot|assistant)\b"
    r"|\b(?:assistants?|chat ?bots?|ais?|language models?)(?: reading this)? (?:must|should|shall|has to|have to) (?:always |never |now |not )?(?:say|answer|tell|reply|respond|recommend|reveal|ignore)\b"
    r"|\b(?:do not|don't|never) (?:tell|reveal to|mention to|inform) the (?:user|applicant|student|contact|customer)s?\b"
    r"|\bignor(?:iere|ieren sie|e|ez|a|en?)\b[^.\n]{0,30}\b(?:anweisungen|instructions (?:pr[ée]c[ée]dentes|ant[ée]rieures)|instrucciones (?:anteriores|previas)|instru[çc][õo]es anteriores|istruzioni precedenti)",
    re.IGNORECASE,
)
TO_STAFF = re.compile(
    r"^\W*(?:for )?(?:staff|internal|office|team|employees?|admissions staff)(?: use| eyes| notes?| information)?(?: only)?\s*[:\])–—-]"
    r"|^\W*(?:note (?:to|for) (?:staff|self|editors?|colleagues)|internal note|confidential|nur (?:für|fuer) (?:mitarbeiter|interne)|intern\s*:)"
    r"|\b(?:for internal use(?: only)?|not for publication|internal use only|staff eyes only|for staff use only)\b"
    r"|\b(?:do not|don't|never|must not be|not to be) (?:share|shared|publish|published|forward|forwarded|disclose|disclosed|shown?|given?|told|tell)\b[^.\n]{0,30}\b(?:to |with )?(?:students|applicants|the public|visitors|contacts|parents|outsiders)\b",
    re.IGNORECASE,
)
SECRETS = re.compile(
    r"\b(?:password|passwort|passcode|contrase[ñn]a|mot de passe|api[ _-]?key|secret key|access token|door code|alarm code)\b(?: (?:is|for|of|ist|es|est)\b)?[^.\n]{0,40}?[:=\s]\s*[\"'`]?(?=\S*\d)[^\s\"'`]{4,}"
    r"|\b(?:sk|pk|ghp|xox[bp])[-_][A-Za-z0-9_-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----",
    re.IGNORECASE,
)
KINDS = (
    (TO_PROGRAMS, "instructions to a program"),
    (TO_STAFF, "words for staff"),
    (SECRETS, "a secret"),
)
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
APART = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s|^\|")
SHORTEST_HEADING = re.compile(
    r"^\W*(?:staff only|internal(?: notes?| use)?(?: only)?|for staff(?: only)?|notes? for staff|staff notes?)\W*$",
    re.IGNORECASE,
)


def without_instructions(body: str) -> tuple[str, list[str]]:
    """Markdown with blank lines in place of such passages, and what each of them was.

    A paragraph goes as a whole, as does all that stands under a heading for staff.
    """
    lines = body.split("\n")
    found = []
    for start, end in _under_staff_headings(lines):
        found.append((start, end, "words for staff"))
    for start, end in _passages(lines):
        text = "\n".join(lines[start:end])
        kind = next((name for rule, name in KINDS if rule.search(text)), None)
        if kind and not any(first <= start < last for first, last, _ in found):
            found.append((start, end, kind))
    for start, end, _ in found:
        lines[start:end] = [""] * (end - start)
    told = [f"line {start + 1}: {kind}" for start, _, kind in sorted(found)]
    return "\n".join(lines), told


def _passages(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Paragraphs; items and rows by themselves."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip() or APART.match(line) or HEADING.match(line):
            if start < number:
                yield start, number
            start = number if line.strip() else number + 1


def _under_staff_headings(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = level = 0
    inside = False
    for number, line in enumerate(lines):
        heading = HEADING.match(line)
        if inside and heading and len(heading[1]) <= level:
            yield start, number
            inside = False
        if heading and not inside and SHORTEST_HEADING.match(heading[2]):
            start, level, inside = number, len(heading[1]), True
    if inside:
        yield start, len(lines)
