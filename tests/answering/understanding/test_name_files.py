"""The files of names hold what they seem to hold: nothing is said twice in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import bot

FILES = sorted(Path(bot.__file__).parent.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_key_stands_twice_in_a_file(path: Path) -> None:
    """Else the second one silently takes the place of the first."""
    root = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    assert list(_twice(root)) == []


def _twice(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _twice(item)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"{key.value}, line {key.start_mark.line + 1}"
            seen.add(key.value)
            yield from _twice(value)
