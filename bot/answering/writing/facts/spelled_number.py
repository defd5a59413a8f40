"""Puts a number together from its words: five hundred, three and twenty, 二十五."""

from dataclasses import dataclass

TEN, HUNDRED, THOUSAND = 10, 100, 1000
ENDLESS = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word for a number, as the rules know it.

    ``counts`` multiplies what stands before it; ``half`` is a number only before such a
    word, ``last`` only behind a ten.
    """

    value: float
    counts: bool = False
    half: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word where it stands; ``ones_first`` where five and twenty is 25."""

    word: Word
    joined: bool
    ones_first: bool
    after_hundreds: bool


@dataclass(slots=True)
class Number:
    """What has been read so far: of 250,304 it is 250,000, then 300, then 4."""

    whole: float = 0
    part: float = 0
    digit: float = 0

    @property
    def value(self) -> float:
        """What the words say together."""
        return self.whole + self.part + self.digit

    def takes(self, token: Token) -> bool:
        """Whether a word goes on with this number, and does not begin another one."""
        word, value = token.word, token.word.value
        if token.after_hundreds and (self.digit or self.part % HUNDRED):
            return False
        if word.counts:
            read = self.whole if value >= THOUSAND else self.part
            return not read % (TEN * value)
        if value % 1 or (word.last and not self.part % HUNDRED):
            return not self.value and not word.last
        if self.digit:
            return self._takes_reversed(token)
        room = next(size for size in (TEN, HUNDRED, THOUSAND, ENDLESS) if value < size)
        return not (self.part or self.whole) % room

    def add(self, word: Word) -> None:
        """Read on."""
        value = word.value
        if word.counts and value >= THOUSAND:
            self.whole += max(self.part + self.digit, 1) * value
            self.part = self.digit = 0
        elif word.counts:
            self.part, self.digit = self.part + (self.digit or 1) * value, 0
        elif value < TEN:
            self.digit = value
        elif value < THOUSAND:
            self.part, self.digit = self.part + self.digit + value, 0
        else:
            self.whole += value

    def split(self, word: Word) -> "Number":
        """Give up the end, which a word that ``counts`` claims: 200, and 3 hundred."""
        end = Number(digit=self.digit)
        if word.value >= THOUSAND:
            end.part, self.part = self.part, 0
        self.digit = 0
        return end

    def _takes_reversed(self, token: Token) -> bool:
        value = token.word.value
        teen = value == TEN and not token.joined
        tens = TEN < value < HUNDRED and token.joined
        return token.ones_first and not self.part % HUNDRED and (teen or tens)
