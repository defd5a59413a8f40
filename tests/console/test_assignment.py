"""Rules of who should take what, and who is away."""

import re

from tests.console.conftest import Write
from tests.console.test_conversations import waiting
from tests.support.house import House
from tests.support.staff import Desk, token_in

PAGE = "/console/assignment"
THIRD = "whatsapp:+33612345678"
SECOND = "whatsapp:+4915112345678"


async def add(ana: Desk, members: list[str], **fields: str) -> int:
    page = await ana.client.get("/console/replies")
    data = {"csrf": token_in(page.text), "member": members, "most": "20", **fields}
    answer = await ana.client.post(PAGE, data=data, headers={"X-Console": "1"})
    return answer.status_code


async def meant_for(desk: Desk) -> list[str]:
    """For whom those are who wait, by the order of the list."""
    return re.findall(r">For (\w+)<", await desk.see("/console?view=waiting"))


async def test_what_waits_is_meant_for_each_in_turn_and_anyone_may_take_it(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    assert await add(ana, ["Ana", "Ben"]) == 204
    first = await waiting(staffed, write)
    for sender in (SECOND, THIRD):
        await write("A person!", sender=sender)
        await staffed.work()
    assert await meant_for(ana) == ["Ana", "Ben", "Ana"]
    assert 'Mine <span class="count">1</span>' in await ben.see()
    assert (await ben.act(first, "take")).status_code == 204
    assert 'Mine <span class="count">2</span>' in await ben.see()
    assert await meant_for(ana) == ["Ben", "Ana"]


async def test_whoever_is_away_or_has_enough_is_passed_over(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    await add(ana, ["Ana", "Ben"], most="1")
    assert (await ben.post("/console/account/away", away="1")).status_code == 204
    assert "You are away." in await ben.see("/console/account")
    assert "Ben (away)" in await ana.see(PAGE)
    await waiting(staffed, write)
    await write("A person!", sender=SECOND)
    await staffed.work()
    assert await meant_for(ana) == ["Ana"]
    assert (
        await ana.post("/console/account/others/away", name="Ben")
    ).status_code == 204
    await write("A person!", sender=THIRD)
    await staffed.work()
    assert await meant_for(ana) == ["Ana", "Ben"]
    refused = await ben.post("/console/account/others/away", name="Ana", away="1")
    assert refused.status_code == 403


async def test_the_first_rule_that_fits_counts_and_rules_are_deleted(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    await add(ana, ["Ben"], reason="complaint", language="de")
    await add(ana, ["Ana"], reason="complaint")
    await add(ana, ["Ben"], destination="Canada")
    await waiting(staffed, write)
    assert await meant_for(ben) == ["Ana"]
    page = await ana.see(PAGE)
    assert "Complaint, German, any destination: <strong>Ben</strong>" in page
    rules = re.findall(r"assignment/(\w+)/delete", page)
    for rule in rules:
        assert (await ana.post(f"{PAGE}/{rule}/delete")).status_code == 204
    assert (await ana.post(f"{PAGE}/{rules[0]}/delete")).status_code == 404
    await write("A person!", sender=SECOND)
    await staffed.work()
    assert await meant_for(ben) == ["Ana"]
    for members, fields in (([], {}), (["Eve"], {}), (["Ana"], {"most": "many"})):
        assert await add(ana, members, **fields) == 409
    assert (await ben.post(PAGE, member="Ben", most="1")).status_code == 403
