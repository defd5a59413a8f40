"""What a check found, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is: as it should be, worth a look, or in the way of answers."""

    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How something is; where it isn't well, ``says`` ends with what to do."""

    what: str
    state: State
    says: str

    @property
    def line(self) -> str:
        """For a terminal; what is in the way stands out."""
        mark = self.state.upper() if self.state is State.WRONG else self.state
        return f"{mark:6} {self.what + ':':14} {self.says}"


def well(what: str, says: str) -> Finding:
    """It is as it should be."""
    return Finding(what=what, state=State.WELL, says=says)


def look(what: str, says: str) -> Finding:
    """Nothing is stopped by it, and it may not be what is meant."""
    return Finding(what=what, state=State.LOOK, says=says)


def wrong(what: str, says: str) -> Finding:
    """The server does not start with it, or cannot answer."""
    return Finding(what=what, state=State.WRONG, says=says)
