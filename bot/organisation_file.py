"""``organisation.yaml`` changed from the browser: only its hours, comments kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Lock

import yaml
from pydantic import ValidationError

from bot.errors import ConflictError, SettingsError
from bot.organisation import Organisation, Weekday
from bot.whole_file import write_whole

FOR_PEOPLE = "organisation.yaml is in a form that only people can edit"
Hours = Mapping[Weekday, Sequence[str]]


class OrganisationFile:
    """The file, and the object made of it that everybody in this process has."""

    def __init__(self, path: Path, organisation: Organisation) -> None:
        self._path = path
        self._organisation = organisation
        self._lock = Lock()

    def mark(self) -> str:
        """What tells one state of the file from another."""
        return _mark(self._text())

    def checked(self, hours: Hours, holidays: Sequence[date]) -> Organisation:
        """The organisation with other hours, not stored anywhere.

        Raises:
            SettingsError: which of them is wrong, in words.
        """
        fields = self._organisation.model_dump()
        days = {day: list(spans) for day, spans in hours.items()}
        new = {"opening_hours": days, "holidays": sorted(set(holidays))}
        try:
            return Organisation.model_validate({**fields, **new})
        except ValidationError as error:
            first = error.errors()[0]
            where = ", ".join(str(part) for part in first["loc"][1:2])
            raise SettingsError(f"{where.capitalize()}: {first['msg']}") from error

    def keep(self, hours: Hours, holidays: Sequence[date], *, mark: str) -> None:
        """Write them to the file, and let them hold at once in this process.

        Raises:
            ConflictError: the file is not as it was at that ``mark``.
            SettingsError: they are wrong, or the file cannot be written.
        """
        new = self.checked(hours, holidays)
        with self._lock:
            text = self._text()
            if _mark(text) != mark:
                raise ConflictError(
                    "organisation.yaml was changed meanwhile; load the page again"
                )
            self._replace(_changed(text, new))
            self._organisation.keep_hours_of(new)

    def _text(self) -> str:
        try:
            return self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("organisation.yaml cannot be read") from error

    def _replace(self, text: str) -> None:
        """All of it or nothing, also if the power fails; the file's mode is kept."""
        try:
            write_whole(self._path, text.encode())
        except OSError as error:
            raise SettingsError(
                f"organisation.yaml cannot be written: {error.strerror}"
            ) from error


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _hours_block(organisation: Organisation) -> str:
    lines = []
    for day, spans in organisation.opening_hours.items():
        quoted = ", ".join(f'"{span}"' for span in spans)
        lines.append(f"  {day}: [{quoted}]")
    return "\n" + "\n".join(lines)


def _holidays_line(organisation: Organisation) -> str:
    return f" [{', '.join(day.isoformat() for day in organisation.holidays)}]"


def _changed(text: str, new: Organisation) -> str:
    """The text with other hours; refused where that would change anything else."""
    try:
        changed = _with_value(text, "opening_hours", _hours_block(new))
        changed = _with_value(changed, "holidays", _holidays_line(new))
        _require_the_rest(text, changed, new)
    except (yaml.YAMLError, ValidationError) as error:
        raise SettingsError(FOR_PEOPLE) from error
    return changed


def _with_value(text: str, name: str, value: str) -> str:
    """The text of a file with another value of one of its keys, all else untouched."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise SettingsError(FOR_PEOPLE)
    for key, old in root.value:
        if key.value == name:
            after = key.end_mark.index + len(":")
            return text[:after] + value + text[max(after, _end(old)) :]
    return f"{text.rstrip()}\n{name}:{value}\n"


def _end(node: yaml.Node) -> int:
    """Where the last words of a value end: a block's own mark is behind comments."""
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        inner = [value for _, value in node.value]
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        inner = node.value
    end: int = node.end_mark.index
    return _end(inner[-1]) if inner else end


def _require_the_rest(before: str, after: str, wanted: Organisation) -> None:
    """Nothing but the hours is another value than before."""
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    names = {"opening_hours", "holidays"}
    same = {name: old[name] for name in old if name not in names} == {
        name: new[name] for name in new if name not in names
    }
    read = Organisation.model_validate(new)
    hours = (read.opening_hours, read.holidays)
    if not same or hours != (wanted.opening_hours, wanted.holidays):
        raise SettingsError(FOR_PEOPLE)
