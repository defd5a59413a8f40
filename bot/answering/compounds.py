"""Words that are written joined, hyphenated or apart, as the documents write them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

LETTERS = r"[^\W\d_]+"
HYPHEN = r"[-\u2010\u2011]"
HYPHENATED = re.compile(rf"(?<!\w){LETTERS}(?:{HYPHEN}{LETTERS})+(?!\w)")
# One word, or two that only a hyphen or a space divides.
PAIR = re.compile(
    rf"(?<!\w)(?P<first>{LETTERS})(?:(?:{HYPHEN}|[ ])(?P<second>{LETTERS}))?"
)
WHOLE = re.compile(rf"(?<!\w){LETTERS}(?!\w)")
DIVIDER = re.compile(HYPHEN)


def joined_words(text: str) -> Iterator[str]:
    """Every hyphenated word as one: "micro-credential" is also "microcredential"."""
    for match in HYPHENATED.finditer(text):
        yield DIVIDER.sub("", match.group())


class Compounds:
    """The commonest spelling of every word that some text writes with a hyphen."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: dict[str, Counter[str]] = {}
        words: Counter[str] = Counter()
        for text in texts:
            folded = text.casefold()
            words.update(WHOLE.findall(folded))
            for match in HYPHENATED.finditer(folded):
                spelled = match.group()
                found.setdefault(DIVIDER.sub("", spelled), Counter())[spelled] += 1
        self._spelled = {}
        for joined, spellings in found.items():
            spellings[joined] += words[joined]
            self._spelled[joined] = max(spellings, key=lambda name: spellings[name])

    def as_documents_write(self, text: str) -> str:
        """The same text with such words spelled as most of the documents do."""
        pieces: list[str] = []
        start = 0
        while match := PAIR.search(text, start):
            first, second = match["first"], match["second"] or ""
            spelled = self._spelled.get((first + second).casefold())
            end = match.end()
            if spelled is None:
                spelled = self._spelled.get(first.casefold(), first)
                end = match.end("first")
            pieces += [text[start : match.start()], spelled]
            start = end
        return "".join((*pieces, text[start:]))
