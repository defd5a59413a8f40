"""``bot doctor``: what it says of an installation."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.answering.encoding.encoder import Encoder
from bot.app import create_app
from bot.config import Settings
from bot.database import Database
from bot.doctor.checkup import check_up
from bot.doctor.findings import Finding, State
from bot.model_servers import Place
from bot.private_files import make_private
from bot.revisions import MIGRATIONS
from tests.support.assistants import ScriptedAssistant
from tests.support.model_servers import ollama, ollama_model, says
from tests.support.servers import free_port, served

NOWHERE: Sequence[Place] = ()
NEWEST = max(path.name for path in (MIGRATIONS / "versions").glob("0*"))[:4]


async def found(
    settings: Settings, encoder: Encoder, *, places: Sequence[Place] = NOWHERE
) -> dict[str, Finding]:
    """What is said of each thing, where nothing is tried."""
    checkup = await check_up(settings, encoder=encoder, places=places)
    assert not checkup.trials
    assert checkup.wrong == sum(one.state == "wrong" for one in checkup.findings)
    return {one.what: one for one in checkup.findings}


async def test_data_that_others_can_read_is_said_and_closed_at_the_start(
    installed: Settings, encoder: Encoder
) -> None:
    folder = installed.data_dir
    folder.chmod(0o755)
    (folder / "bot.sqlite3").touch(0o644)
    said = (await found(installed, encoder))["data"]
    assert said.state is State.LOOK
    assert said.says.endswith(f"chmod -R go= {folder}")
    app = create_app(installed, assistant=ScriptedAssistant())
    async with app.router.lifespan_context(app):
        modes = {path: path.stat().st_mode & 0o77 for path in folder.rglob("*")}
        assert len(modes) > 5
        assert {*modes.values(), folder.stat().st_mode & 0o77} == {0}
    said = (await found(installed, encoder))["data"]
    assert said.says == f"only this account reads {folder}"


async def test_a_folder_that_everybody_shares_is_nobodys_data(
    installed: Settings, encoder: Encoder
) -> None:
    installed.data_dir.chmod(0o1777)
    said = (await found(installed, encoder))["data"]
    assert said.state is State.WRONG
    assert "shared by everybody" in said.says
    make_private(installed.data_dir)
    assert installed.data_dir.stat().st_mode & 0o7777 == 0o1777


async def test_an_installation_that_is_well_says_so_of_everything(
    installed: Settings, encoder: Encoder
) -> None:
    by_name = await found(installed, encoder)
    assert {one.state for one in by_name.values()} == {State.WELL}
    assert list(by_name) == [
        "settings",
        "port",
        "organisation",
        "templates",
        "examples",
        "data",
        "database",
        "encoder",
        "index",
        "WhatsApp",
        "answers",
    ]
    assert by_name["organisation"].says == (
        "Harbour Advisory; open one day a week (Europe/London); answers in en, es, fr"
    )
    assert by_name["index"].says.startswith("11 sections of 4 documents, generation ")
    assert by_name["index"].says.endswith(" UTC")
    assert "simulated at http://127.0.0.1" in by_name["WhatsApp"].says


async def test_looking_changes_nothing(installed: Settings, encoder: Encoder) -> None:
    def files() -> set[Path]:
        return set(installed.data_dir.rglob("*"))

    before = files()
    by_name = await found(installed, encoder)
    assert files() == before
    assert by_name["database"].says.endswith("is not there yet; the server makes it")


async def test_every_setting_that_is_unsafe_is_named(
    installed: Settings, encoder: Encoder
) -> None:
    changes = {"environment": "production", "webhooks_to_loopback": True}
    checkup = await check_up(installed.model_copy(update=changes), encoder=encoder)
    unsafe = [one.says for one in checkup.findings if one.what == "settings"]
    assert [says.split()[0] for says in unsafe] == [
        "PUBLIC_BASE_URL",
        "SECRET_KEY",
        "WEBHOOKS_TO_LOOPBACK",
    ]
    assert checkup.wrong == 3


async def test_in_production_no_model_is_looked_for(
    installed: Settings, encoder: Encoder
) -> None:
    app = ollama(ollama_model("qwen3:8b"))
    changes = {
        "environment": "production",
        "public_base_url": "https://ask.example.org",
        "secret_key": SecretStr("k" * 32),
    }
    async with app.running() as place:
        production = installed.model_copy(update=changes)
        by_name = await found(production, encoder, places=[place])
        assert app.asked == []
        assert by_name["settings"].says == "safe to serve with (production)"
        assert by_name["WhatsApp"].says == "off; it needs the three settings TWILIO_…"
        by_name = await found(installed, encoder, places=[place])
    assert "BOT_MODEL=ollama:qwen3:8b " in by_name["answers"].says


async def test_a_twilio_account_is_named_without_its_token(
    installed: Settings, encoder: Encoder
) -> None:
    account = {
        "twilio_account_sid": "AC" + "1" * 32,
        "twilio_auth_token": SecretStr("a secret token"),
        "twilio_whatsapp_from": "whatsapp:+14155238886",
    }
    by_name = await found(installed.model_copy(update=account), encoder)
    says = by_name["WhatsApp"].says
    assert says.startswith(
        "whatsapp:+14155238886 through Twilio, whose webhook is http"
    )
    assert "#rc=3" in says
    assert "a secret token" not in str(by_name)


async def test_what_is_wrong_in_a_file_is_told_and_stops_the_others_not(
    installed: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(installed.knowledge_dir, knowledge)
    office = knowledge / "organisation.yaml"
    office.write_text(office.read_text().replace("09:00-17:30", "17:30-09:00"))
    (knowledge / "examples").mkdir()
    (knowledge / "examples" / "persom.yaml").write_text("en: [hello]")
    changes = {"knowledge_dir": knowledge, "bot_model": "openai:test-model"}
    by_name = await found(installed.model_copy(update=changes), encoder)
    assert by_name["organisation"].state is State.WRONG
    assert "ends before it starts" in by_name["organisation"].says
    assert "there is no label 'persom'" in by_name["examples"].says
    assert by_name["index"].state is State.WELL
    assert by_name["model"].says == "openai:test-model was not tried: a file is wrong"


async def test_without_an_index_it_says_what_to_run(
    installed: Settings, encoder: Encoder
) -> None:
    shutil.rmtree(installed.index_dir)
    by_name = await found(
        installed.model_copy(update={"bot_model": "openai:test-model"}), encoder
    )
    assert by_name["index"].state is State.WRONG
    assert "run python -m ingest sync" in by_name["index"].says
    assert by_name["model"].state is State.LOOK
    assert by_name["model"].says.endswith("was not tried: there is no index")


async def test_an_encoder_that_is_not_there_is_told_of_and_so_is_the_index_of_another(
    installed: Settings,
) -> None:
    other = installed.model_copy(update={"embedding_model": "/no/such/folder"})
    checkup = await check_up(other, places=NOWHERE)
    wrong = {one.what: one.says for one in checkup.findings if one.state == "wrong"}
    assert set(wrong) == {"encoder", "index"}
    assert "is not on this machine" in wrong["encoder"]
    assert "run python -m ingest sync" in wrong["index"]


@pytest.mark.parametrize(
    ("revision", "state", "words"),
    [
        (NEWEST, State.WELL, f", up to date ({NEWEST})"),
        ("0003", State.LOOK, f"the server brings it to {NEWEST} at its start"),
        ("9999", State.WRONG, ", at 9999, which this program does not know"),
    ],
)
async def test_a_database_is_told_apart_by_how_far_it_is(
    revision: str,
    state: State,
    words: str,
    *,
    installed: Settings,
    encoder: Encoder,
    database_address: str,
) -> None:
    here = installed.model_copy(update={"database_url": database_address})
    try:
        await _mark(database_address, revision)
        finding = (await found(here, encoder))["database"]
    finally:
        await _mark(database_address, NEWEST)
    assert finding.state is state
    assert words in finding.says


async def test_an_empty_postgresql_is_filled_by_the_server(
    installed: Settings, encoder: Encoder, new_postgresql: Callable[[str], str]
) -> None:
    address = new_postgresql("template1")
    here = installed.model_copy(update={"database_url": address})
    finding = (await found(here, encoder))["database"]
    assert finding.says == "PostgreSQL, empty; the server makes its tables"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://bot:hush@127.0.0.1:{port}/bot", "cannot be opened ("),
        ("oracle://bot:hush@127.0.0.1/bot", "DATABASE_URL is not usable"),
        ("sqlite:///{file}", "cannot be opened (file is not a database)"),
        ("sqlite:///{file}/bot.sqlite3", "cannot be made"),
    ],
    ids=["nobody there", "another kind", "no database", "no folder"],
)
async def test_a_database_that_cannot_be_opened_is_told_without_its_password(
    address: str, words: str, installed: Settings, encoder: Encoder, tmp_path: Path
) -> None:
    file = tmp_path / "a file"
    file.write_text("some words\n" * 2000)
    url = address.format(port=free_port(), file=file)
    here = installed.model_copy(update={"database_url": url})
    finding = (await found(here, encoder))["database"]
    assert finding.state is State.WRONG
    assert words in finding.says
    assert "hush" not in finding.says
    assert file.read_text() == "some words\n" * 2000


async def test_a_port_is_free_or_ours_or_taken_by_another(
    installed: Settings, encoder: Encoder
) -> None:
    app = create_app(installed, assistant=ScriptedAssistant())
    async with served(app, port=installed.port):
        finding = (await found(installed, encoder))["port"]
        assert "the server runs at 127.0.0.1:" in finding.says
        assert finding.state in {State.WELL, State.LOOK}
    async with says(b"SSH-2.0-OpenSSH_9.6\r\n") as place:
        taken = installed.model_copy(update={"port": place.port})
        finding = (await found(taken, encoder))["port"]
        assert finding.state is State.WRONG
        assert finding.says.endswith("is taken by another program; set PORT")


async def test_a_server_that_is_not_ready_says_why(
    installed: Settings, encoder: Encoder
) -> None:
    shutil.rmtree(installed.index_dir)
    app = create_app(installed)
    async with served(app, port=installed.port):
        await app.state.parts.loaded.wait()
        finding = (await found(installed, encoder))["port"]
    assert finding.state is State.LOOK
    assert "is not ready: index: there is no index of the documents yet" in finding.says


async def _mark(address: str, revision: str) -> None:
    """Say that a database was last changed by another version of this program."""
    database = Database(address)
    async with database.write() as session:
        await session.execute(
            text("UPDATE alembic_version SET version_num = :at"), {"at": revision}
        )
    await database.close()
