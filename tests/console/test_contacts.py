"""The contact page over HTTP, and the list of labels that admins keep."""

import re
from dataclasses import replace

import httpx

from bot.conversations.contacts.contact_file import contact_file
from tests.console.conftest import Write
from tests.console.test_conversations import waiting
from tests.support.assistants import answer
from tests.support.contacts import contact_of, label_id
from tests.support.house import House
from tests.support.staff import Desk


async def contact_page(house: House, conversation: str) -> str:
    contact = await contact_of(house.parts.database, conversation)
    return f"/console/contacts/{contact}"


async def test_a_conversation_leads_to_its_contact_who_can_be_named(
    staffed: House, write: Write, ana: Desk
) -> None:
    conversation = await waiting(staffed, write)
    place = await contact_page(staffed, conversation)
    assert f'href="{place}"' in await ana.see(f"/console/conversations/{conversation}")
    assert (await ana.post(f"{place}/name", name="Ada <b>")).status_code == 204
    page = await ana.see(place)
    assert "<h1>Ada &lt;b&gt;</h1>" in page
    assert 'href="tel:+447700900123"' in page
    assert f"/console/conversations/{conversation}" in page
    assert "Ada &lt;b&gt;" in await ana.see("/console")
    assert "Ada &lt;b&gt;" in await ana.see("/console/contacts?q=ada")
    assert "Nobody was found." in await ana.see("/console/contacts?q=nobody")


async def test_plans_are_shown_as_understood_and_corrected(
    staffed: House, write: Write, ana: Desk
) -> None:
    understood = {"destination": "Germany", "level": "master's"}
    staffed.assistant.reply = lambda _: replace(answer(), understood=understood)
    conversation = await write("A master's in Germany?")
    await staffed.work()
    place = await contact_page(staffed, conversation)
    assert 'name="destination" value="Germany"' in await ana.see(place)
    page = await ana.see(f"/console/conversations/{conversation}")
    assert "Destination <strong>Germany</strong>" in page
    sent = await ana.post(f"{place}/facts", destination=" Canada ", level="", id="7")
    assert sent.status_code == 204
    file = await contact_file(staffed.parts.database, place.rpartition("/")[2])
    assert file.facts == {"destination": "Canada"}
    await write("And the fees?")
    await staffed.work()
    assert staffed.assistant.facts[-1] == {"destination": "Canada"}
    refused = await ana.post(f"{place}/facts", budget="x" * 101)
    assert refused.status_code == 409


async def test_admins_keep_the_labels_and_staff_choose_from_them(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write)
    place = await contact_page(staffed, conversation)
    refused = await ben.post("/console/labels", name="Nursing")
    assert refused.status_code == 403
    added = await ana.post("/console/labels", scripted=False, name="Nursing")
    assert (added.status_code, added.headers["location"]) == (303, "/console/office")
    again = await ana.post("/console/labels", name="Nursing")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "there is a label Nursing already",
    )
    label = await label_id(staffed.parts.database, "Nursing")
    assert (await ben.act(conversation, "label", label=label)).status_code == 204
    assert (await ben.post(f"{place}/label", label=label)).status_code == 204
    for path in (
        f"/console/conversations/{conversation}",
        place,
        f"/console?label={label}",
        "/console/contacts",
    ):
        page = await ben.see(path)
        assert '<span class="chip label">Nursing</span>' in page, path
        assert "+447700900123" in page, path
    office = await ana.see("/console/office")
    assert re.search(rf'labelled <a href="{place}">', office)
    assert "added the label Nursing" in office
    deleted = await ana.post(f"/console/labels/{label}/delete")
    assert deleted.status_code == 204
    assert "Nursing" not in await ben.see(f"/console/conversations/{conversation}")


async def test_a_consent_is_written_down_and_withdrawn_on_the_page(
    staffed: House, write: Write, ana: Desk
) -> None:
    place = await contact_page(staffed, await waiting(staffed, write))
    given = await ana.post(f"{place}/consent", purpose="be called", how="by telephone")
    assert given.status_code == 204
    page = await ana.see(place)
    assert "<strong>be called</strong>: by telephone" in page
    assert "written down by Ana" in page
    consent = re.findall(r'name="consent" value="(\w+)"', page)[0]
    await ana.post(f"{place}/withdraw", consent=consent)
    page = await ana.see(place)
    assert "<strong>withdrawn" in page
    assert 'name="consent"' not in page


async def test_strangers_and_unknown_contacts_get_nothing(
    staffed: House, write: Write, nobody: Desk, ana: Desk
) -> None:
    place = await contact_page(staffed, await waiting(staffed, write))
    sent: httpx.Response = await nobody.client.get(place)
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/console/sign-in?next={place}",
    )
    assert (await ana.client.get("/console/contacts/nobody")).status_code == 404
    assert (await ana.post("/console/contacts/nobody/name", name="A")).status_code == (
        404
    )
    assert (await ana.post(f"{place}/unknown")).status_code == 404
    assert (await ana.client.get("/console?page=0")).status_code == 422
    assert (await ana.client.get("/console?label=%27")).status_code == 422


async def test_two_contacts_are_merged_after_a_look(
    staffed: House, write: Write, ben: Desk
) -> None:
    place = await contact_page(staffed, await waiting(staffed, write))
    second = await write("Me too", sender="whatsapp:+4915112345678")
    other = await contact_page(staffed, second)
    await ben.post(f"{place}/name", name="Ada")
    await ben.post(f"{other}/name", name="Countess")
    other_id = other.rpartition("/")[2]
    page = await ben.see(f"{place}/merge")
    assert f'href="{place}/merge/{other_id}"' in page
    assert f'href="{place}/merge/{place.rpartition("/")[2]}"' not in page
    look = await ben.see(f"{place}/merge/{other_id}")
    assert "Merge Countess into Ada" in look
    assert "Name: which is right?" in look
    assert "One contact with 2 addresses" in look
    merged = await ben.post(f"{place}/merge/{other_id}", scripted=False, name="name")
    assert (merged.status_code, merged.headers["location"]) == (303, place)
    moved = await ben.client.get(other)
    assert (moved.status_code, moved.headers["location"]) == (303, place)
    page = await ben.see(place)
    assert "<h1>Countess</h1>" in page
    assert "+447700900123" in page
    assert "+4915112345678" in page
    again = await ben.client.get(f"{place}/merge/{other_id}")
    assert (again.status_code, "with itself" in again.text) == (409, True)
    late = await ben.post(f"{place}/merge/{other_id}")
    assert (late.status_code, "not any more" in late.text) == (404, True)


async def test_only_admins_export_and_erase_and_are_asked_back(
    staffed: House, write: Write, ana: Desk, ben: Desk
) -> None:
    conversation = await waiting(staffed, write, "I am Zaphod")
    place = await contact_page(staffed, conversation)
    assert "Erase this contact" not in await ben.see(place)
    for path in (f"{place}/export", f"{place}/erase"):
        assert (await ben.post(path)).status_code == 403
    assert (await ben.client.get(f"{place}/erase")).status_code == 403
    found = await ana.post(f"{place}/export")
    assert found.headers["content-disposition"].startswith('attachment; filename="con')
    messages = found.json()["conversations"][0]["messages"]
    assert messages[0]["text"] == "I am Zaphod"
    assert "Type <strong>+447700900123</strong>" in await ana.see(f"{place}/erase")
    refused = await ana.post(f"{place}/erase", typed="Ada")
    assert (refused.status_code, "nothing was erased" in refused.text) == (409, True)
    erased = await ana.post(f"{place}/erase", typed="+447700900123")
    assert (erased.status_code, erased.headers["location"]) == (
        303,
        "/console/contacts",
    )
    assert (await ana.client.get(place)).status_code == 404
    page = await ana.see(f"/console/conversations/{conversation}")
    assert "Zaphod" not in page
    assert "Erased contact" in page
    assert "erased" in await ana.see("/console/office")
    assert "Nobody has written yet." in await ana.see("/console/contacts")
    assert "Zaphod" not in await ana.see("/console?view=resolved")
