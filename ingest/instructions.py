"""Passages of a document that speak to a program or to staff, which nobody is told.

They are recognised by the few set phrases that such passages begin with; what merely
mentions staff ("the lift is for staff only") stays.
"""

import re
from collections.abc import Iterator, Sequence

FORMER = "(?:earlier|previous|prior|preceding|above|former|other|existing)"
ORDERS = "(?:instruction|prompt|direction|rule|guideline|command|message)s?"
DROP = "(?:ignore|disregard|forget|override|bypass)"
PROGRAM = "(?:ai|llm|language model|chat ?bot|ai assistant|virtual assistant)"
CLIENT = "(?:user|applicant|student|contact|customer)s?"
PUBLIC = "(?:students|applicants|the public|visitors|contacts|parents|outsiders)"
STAFF = "(?:staff|internal|office|team|employees?|admissions staff)"
KEPT = (
    "(?:password|passwort|passcode|contrase[ñn]a|mot de passe|api[ _-]?key|secret key"
    "|access token|door code|alarm code)"
)


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


TO_PROGRAMS = _either(
    rf"\b{DROP}\b[^.\n]{{0,40}}\b{FORMER}\b[^.\n]{{0,20}}\b{ORDERS}\b",
    rf"\b{DROP}\b[^.\n]{{0,20}}\b(?:your|all|any|the)\b[^.\n]{{0,12}}\binstructions\b",
    r"\byou are now (?:an?|in|the)\b[^.\n]{0,60}\b(?:assistant|bot|ai|mode|model)\b",
    r"\b(?:system|developer) prompt\b|</?(?:system|instructions?|assistant)>",
    r"\[/?INST\]|<\|im_start\|>",
    r"(?:^|[\[(*_>\s])(?:(?:attention|note|message|instructions?|hey|dear)[ ,]*"
    rf"(?:to|for)?|to|for)(?: (?:the|any|all))? {PROGRAM}s?\s*[:,!]",
    rf"\bif you are an? (?:{PROGRAM}|assistant)\b",
    rf"\b(?:{PROGRAM}|assistant)s?(?: reading this)? (?:must|should|shall|has to"
    r"|have to) (?:always |never |now |not )?(?:say|answer|tell|reply|respond"
    r"|recommend|reveal|ignore)\b",
    rf"\b(?:do not|don't|never) (?:tell|reveal to|mention to|inform) the {CLIENT}\b",
    r"\bignorier(?:e|en sie)\b[^.\n]{0,30}\banweisungen\b",
    r"\bignore[zr]?\b[^.\n]{0,30}\binstructions (?:pr[ée]c[ée]dentes|ant[ée]rieures)",
    r"\bignor[ae]n?\b[^.\n]{0,30}\b(?:instrucciones (?:anteriores|previas)"
    r"|instru[çc][õo]es anteriores|istruzioni precedenti)",
)
TO_STAFF = _either(
    rf"^\W*(?:for )?{STAFF}(?: use| eyes| notes?| information)?(?: only)?\s*[:\])–—-]",
    r"^\W*(?:note (?:to|for) (?:staff|self|editors?|colleagues)|internal note"
    r"|confidential|nur f[üu]e?r (?:mitarbeiter|interne)|intern\s*:)",
    r"\b(?:for internal use|not for publication|internal use only|staff eyes only"
    r"|for staff use only)\b",
    r"\b(?:do not|don't|never|must not be|not to be) (?:share|publish|forward|disclose"
    rf"|show|give|tell)(?:e?d|n)?\b[^.\n]{{0,30}}\b(?:to |with )?{PUBLIC}\b",
)
SECRETS = _either(
    rf"\b{KEPT}\b(?: (?:is|for|of|ist|es|est)\b)?[^.\n]{{0,40}}?[:=\s]\s*"
    r"[\"'`]?(?=\S*\d)[^\s\"'`]{4,}",
    r"\b(?:sk|pk|ghp|xox[bp])[-_][A-Za-z0-9_-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----",
)
KINDS = (
    (TO_PROGRAMS, "instructions to a program"),
    (TO_STAFF, "words for staff"),
    (SECRETS, "a secret"),
)
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
APART = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s|^\|")
STAFF_HEADING = _either(
    r"^\W*(?:staff only|internal(?: notes?| use)?(?: only)?|for staff(?: only)?)\W*$",
    r"^\W*(?:notes? for staff|staff notes?)\W*$",
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
        if heading and not inside and STAFF_HEADING.match(heading[2]):
            start, level, inside = number, len(heading[1]), True
    if inside:
        yield start, len(lines)
