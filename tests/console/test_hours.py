"""Opening hours and holidays are changed in the browser; the file stays the truth."""

import re
import shutil
from errno import ENOSPC
from pathlib import Path

import pytest

from bot.config import Settings
from bot.organisation import load_organisation
from tests.conftest import PROJECT
from tests.support.house import House
from tests.support.staff import Desk

PAGE = "/console/hours"
NEW = {"monday": "10:00-12:00, 13:00-16:00", "holidays": "2026-12-28\n2026-12-25"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An organisation of its own, with the comments of the project's file."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    shutil.copy(PROJECT / "knowledge" / "organisation.yaml", folder)
    return Settings(
        environment="development", data_dir=tmp_path / "data", knowledge_dir=folder
    )


async def mark(ana: Desk) -> str:
    found = re.search(r'name="mark" value="(\w{64})"', await ana.see(PAGE))
    assert found
    return found.group(1)


async def test_hours_are_seen_first_then_kept_and_hold_at_once(
    staffed: House, ana: Desk, settings: Settings
) -> None:
    file = settings.organisation_file
    before, seen = file.read_text("utf-8"), await mark(ana)
    shown = await ana.send(
        PAGE, {"deed": "preview", "mark": seen, **NEW}, scripted=False
    )
    assert "10:00" in shown.text
    assert file.read_text("utf-8") == before
    saved = await ana.send(PAGE, {"deed": "save", "mark": seen, **NEW}, scripted=False)
    assert saved.status_code == 303
    after = file.read_text("utf-8")
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line.startswith("#")] == comments
    stored = load_organisation(file)
    held = staffed.parts.organisation
    for one in (stored, held):
        assert one.opening_hours["monday"] == ["10:00-12:00", "13:00-16:00"]
        assert one.opening_hours["tuesday"] == []
        assert [day.isoformat() for day in one.holidays] == ["2026-12-25", "2026-12-28"]
    assert stored == held
    assert "changed the opening hours" in await ana.see("/console/office")
    again = await ana.post(
        PAGE, scripted=False, deed="save", mark=await mark(ana), monday="09:00-17:00"
    )
    assert again.status_code == 303
    assert load_organisation(file).holidays == []


async def test_what_somebody_changed_in_the_file_meanwhile_is_not_lost(
    staffed: House, ana: Desk, ben: Desk, settings: Settings
) -> None:
    file, seen = settings.organisation_file, await mark(ana)
    changed = file.read_text("utf-8") + "# One more thing.\n"
    file.write_text(changed, "utf-8")
    refused = await ana.send(PAGE, {"deed": "save", "mark": seen, **NEW})
    assert refused.status_code == 409
    assert "was changed meanwhile" in refused.text
    assert "13:00-16:00" in refused.text, "what was typed stays"
    assert file.read_text("utf-8") == changed
    assert (
        await ben.send(PAGE, {"deed": "save", "mark": seen, **NEW})
    ).status_code == 403


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"friday": "17:00-09:00"}, "Friday: "),
        ({"friday": "always"}, "Friday: "),
        ({"holidays": "christmas"}, "“christmas” is no day"),
    ],
)
async def test_hours_that_are_wrong_are_refused_by_name(
    staffed: House, ana: Desk, settings: Settings, typed: dict[str, str], why: str
) -> None:
    before = settings.organisation_file.read_text("utf-8")
    refused = await ana.send(PAGE, {"deed": "save", "mark": await mark(ana), **typed})
    assert why in refused.text
    assert settings.organisation_file.read_text("utf-8") == before


async def test_a_file_whose_days_repeat_each_other_is_left_to_people(
    staffed: House, ana: Desk, settings: Settings
) -> None:
    file = settings.organisation_file
    text = file.read_text("utf-8").replace("monday: [", "monday: &usual [")
    text = text.replace("sunday: []", "sunday: *usual")
    assert "*usual" in text
    file.write_text(text, "utf-8")
    seen = await mark(ana)
    refused = await ana.send(PAGE, {"deed": "save", "mark": seen, **NEW})
    assert "a form that only people can edit" in refused.text
    assert file.read_text("utf-8") == text


async def test_a_file_that_cannot_be_replaced_leaves_no_draft_beside_it(
    staffed: House, ana: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = sorted(settings.knowledge_dir.iterdir()), await mark(ana)

    def full(draft: Path, target: Path) -> Path:
        raise OSError(ENOSPC, "No space left on device", str(draft), str(target))

    monkeypatch.setattr(Path, "replace", full)
    refused = await ana.send(PAGE, {"deed": "save", "mark": seen, **NEW})
    assert "cannot be written: No space left on device" in refused.text
    assert sorted(settings.knowledge_dir.iterdir()) == before
