"""Labelled messages that show what people want, from files anyone can add to."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from bot.errors import SettingsError

EXAMPLES = Path(__file__).with_name("examples")
OWN_FOLDER = "examples"


class Want(StrEnum):
    """What a message wants; ``NONE`` is an ordinary question or remark."""

    PERSON = "person"
    CALL = "call"
    COMPLAINT = "complaint"
    SCAM = "scam"
    DISTRESS = "distress"
    STOP = "stop"
    START = "start"
    HOURS = "hours"
    IDENTITY = "identity"
    THANKS = "thanks"
    GREETING = "greeting"
    GOODBYE = "goodbye"
    SMALLTALK = "smalltalk"
    CORRECTION = "correction"
    PROGRAMME = "programme"
    COMPARISON = "comparison"
    NONE = "none"


WANTS = tuple(Want)
# What may stand around a question or a wish.
LIGHT = frozenset({Want.THANKS, Want.GREETING, Want.GOODBYE, Want.SMALLTALK})


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it wants; ``language`` as its file names it."""

    want: Want
    language: str
    text: str


def shipped_examples() -> tuple[Example, ...]:
    """Those that come with the program."""
    return read_examples(EXAMPLES)


def own_examples(knowledge_dir: Path) -> tuple[Example, ...]:
    """Those that the organisation adds, in ``examples/`` below its knowledge.

    Raises:
        SettingsError: a file is wrong; the text names it, and the line.
    """
    folder = knowledge_dir / OWN_FOLDER
    return read_examples(folder) if folder.is_dir() else ()


def read_examples(folder: Path) -> tuple[Example, ...]:
    """All examples of a folder with a file ``<want>.yaml`` for each label.

    Raises:
        SettingsError: a file is named like no label, or is not as it should be.
    """
    return tuple(one for path in sorted(folder.glob("*.yaml")) for one in _read(path))


def sum_of(examples: Iterable[Example]) -> str:
    """What changes when the examples change."""
    lines = sorted(f"{one.want}\0{one.text}" for one in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read(path: Path) -> Sequence[Example]:
    try:
        want = Want(path.stem)
    except ValueError as error:
        known = ", ".join(WANTS)
        raise SettingsError(
            f"{path}: there is no label {path.stem!r}; name the file after one of "
            f"{known}"
        ) from error
    try:
        found = yaml.compose(path.read_text("utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, yaml.MappingNode):
        raise SettingsError(f"{path}:1: write a list of messages for each language")
    return [
        Example(want, str(language.value), _text(path, node))
        for language, nodes in found.value
        for node in _list(path, language, nodes)
    ]


def _list(path: Path, language: yaml.Node, nodes: yaml.Node) -> Sequence[yaml.Node]:
    if not isinstance(nodes, yaml.SequenceNode):
        line = language.start_mark.line + 1
        raise SettingsError(f"{path}:{line}: {language.value} needs a list of messages")
    items: Sequence[yaml.Node] = nodes.value
    return items


def _text(path: Path, node: yaml.Node) -> str:
    text = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
    if not text:
        line = node.start_mark.line + 1
        raise SettingsError(
            f"{path}:{line}: every message is one text; put it in quotes"
        )
    return str(text)
