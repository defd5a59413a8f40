"""What stays the same is sent compressed, and once."""

import gzip

import pytest

from tests.support.house import House

FILES = {
    "/widget.js": "text/javascript; charset=utf-8",
    "/console/static/console.js": "text/javascript; charset=utf-8",
    "/console/static/console.css": "text/css; charset=utf-8",
    "/api/v1/docs.css": "text/css; charset=utf-8",
}


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5"])
async def test_a_file_is_compressed_for_who_can_read_that(
    house: House, path: str, accepted: str
) -> None:
    headers = {"Accept-Encoding": accepted}
    async with house.client.stream("GET", path, headers=headers) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == FILES[path]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = await house.client.get(path, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content)


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.00, br"])
async def test_who_cannot_read_that_gets_it_as_it_is(
    house: House, accepted: str
) -> None:
    headers = {"Accept-Encoding": accepted}
    answer = await house.client.get("/widget.js", headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert "use strict" in answer.text


@pytest.mark.parametrize("path", FILES)
async def test_who_has_it_already_is_told_so(house: House, path: str) -> None:
    tag = (await house.client.get(path)).headers["ETag"]
    for known in (tag, f'"other", {tag}', "*"):
        again = await house.client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    other = await house.client.get(path, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


async def test_pages_with_secrets_are_not_compressed(house: House) -> None:
    page = await house.client.get(
        "/console/sign-in", headers={"Accept-Encoding": "gzip"}
    )
    assert 'name="csrf"' in page.text
    assert "Content-Encoding" not in page.headers
