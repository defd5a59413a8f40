"""What is written for operators: every path, command and setting in it is there."""

import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings
from bot.options import parser
from tests.conftest import PROJECT
from tests.support.house import House

OPS = PROJECT / "ops"
PAGE = PROJECT / "docs" / "operating.md"
UNITS = sorted(OPS.glob("*.service")) + sorted(OPS.glob("*.timer"))
COMPOSED = [PROJECT / "compose.yaml", PROJECT / "compose.grown.yaml"]
# Of Caddy, PostgreSQL and Python.
OTHERS = {
    "DOMAIN",
    "PATH",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "PYTHONDONTWRITEBYTECODE",
    "UPSTREAM",
}
KNOWN = OTHERS | {name.upper() for name in Settings.model_fields}
COMMAND = re.compile(r"(?:^|[\s`']|bin/)enquiry-assistant ([a-z-]+)", re.MULTILINE)


def services() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in COMPOSED:
        composed = yaml.safe_load(path.read_text("utf-8"))
        for service in composed["services"].values():
            yield path, service


def dockerfile() -> str:
    return (PROJECT / "Dockerfile").read_text("utf-8")


def commands() -> set[str]:
    """Every command that is named in a file for operators."""
    texts = [path.read_text("utf-8") for path in (*UNITS, *COMPOSED, PAGE)]
    found = {name for text in (*texts, dockerfile()) for name in COMMAND.findall(text)}
    for _, service in services():
        started = service.get("command", ["", ""])
        if started[0] == "enquiry-assistant":
            found.add(started[1])
    return found


def test_every_command_in_them_is_one_of_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    named = commands()
    assert {"serve", "sync", "backup", "prepare-encoder"} <= named
    for name in named:
        with pytest.raises(SystemExit) as ended:
            parser("enquiry-assistant").parse_args([name, "--help"])
        assert ended.value.code == 0
    assert "usage: enquiry-assistant" in capsys.readouterr().out


def test_the_images_copy_what_there_is_and_know_every_setting() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(), re.MULTILINE)
    sources = [name for line in copied for name in line.split()]
    assert {"bot", "knowledge", "constraints.txt"} <= set(sources)
    assert [name for name in sources if not (PROJECT / name).exists()] == []
    block = dockerfile().partition("\nENV PATH")[2]
    names = re.findall(r"\b([A-Z_]{3,})=", dockerfile())
    assert block
    assert set(names) - {"ARG", "EXTRAS"} <= KNOWN


def test_the_extras_of_the_image_exist() -> None:
    project = (PROJECT / "pyproject.toml").read_text("utf-8")
    (extras,) = re.findall(r"^ARG EXTRAS=(.+)$", dockerfile(), re.MULTILINE)
    for extra in extras.split(","):
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE)


def test_services_mount_what_there_is_and_know_every_setting() -> None:
    assert len(list(services())) >= 5
    for path, service in services():
        mounts = [mount.split(":")[0] for mount in service.get("volumes", ())]
        given = [mount for mount in mounts if mount.startswith(".")]
        assert [name for name in given if not (PROJECT / name).exists()] == []
        declared = {
            name
            for one in COMPOSED
            for name in yaml.safe_load(one.read_text("utf-8"))["volumes"]
        }
        assert {mount for mount in mounts if not mount.startswith(".")} <= declared
        assert set(service.get("environment", {})) <= KNOWN, path
        if service.get("build"):
            assert service["read_only"] is True or path != COMPOSED[0]
        assert "ports" not in service or service["image"].startswith("caddy")


def test_the_chroma_server_is_of_the_version_that_is_tested() -> None:
    pinned = (PROJECT / "constraints.txt").read_text("utf-8")
    (version,) = re.findall(r"^chromadb==(.+)$", pinned, re.MULTILINE)
    images = [service.get("image") for _, service in services()]
    assert f"chromadb/chroma:{version}" in images


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_can_be_read_and_belong_together(path: Path) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, "utf-8")
    assert unit["Unit"]["Description"]
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    assert unit["Service"]["User"] == "enquiry"
    assert unit["Service"]["ExecStart"].count("/opt/enquiry-assistant/bin/") == 1


def test_the_page_for_operators_leads_to_what_there_is() -> None:
    page = PAGE.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]*)(#[a-z-]+)?\)", page)
    assert len(links) > 15
    assert [one for one, _ in links if not (PAGE.parent / one).exists()] == []
    here = {anchor for one, anchor in links if not one}
    titles = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert {f"#{title.lower().replace(' ', '-')}" for title in titles} == here


async def test_proxies_pass_every_event_stream_on_at_once(house: House) -> None:
    nginx = (OPS / "nginx.conf").read_text("utf-8")
    (pattern,) = re.findall(r"location ~ (\S+) \{", nginx)
    streams = ("/api/chat/events", "/console/events")
    for path in streams:
        assert re.search(pattern, path)
        assert (await house.client.get(path)).status_code != 404
    program = [path.read_text("utf-8") for path in (PROJECT / "bot").rglob("*.py")]
    mounted = sum(text.count("response_class=EventStream") for text in program)
    assert mounted == len(streams)
    assert nginx.count("{") == nginx.count("}")
    caddy = (OPS / "Caddyfile").read_text("utf-8")
    assert caddy.count("{") == caddy.count("}")
    for text in (nginx, caddy):
        assert "X-Forwarded-For" in text
        assert "/metrics" in text
