"""What is installed to serve has a licence that fits, and says nothing by itself."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.support.components import bill, components, licence_of

FITS = re.compile(
    r"apache|\bmit\b|mit-|bsd|isc\b|mpl|mozilla|psf|python software|unlicense|zlib|cc0",
    re.IGNORECASE,
)
# Used as a library that anybody may replace, which its licence asks for.
ARGUED = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
LOOPBACK = ("127.", "::1", "localhost")
# Imports everything that is used, opens a Chroma store and starts the server, and tells
# on every name that is looked up and every connection.
STARTED = """
import asyncio, json, sys
seen = []
def hear(event, args):
    if event == "socket.getaddrinfo":
        seen.append(str(args[0]))
    elif event == "socket.connect" and isinstance(args[1], tuple):
        seen.append(str(args[1][0]))
sys.addaudithook(hear)
from pathlib import Path
import chromadb, huggingface_hub, langchain, langchain_core.tracers, langsmith
import onnxruntime
import bot.commands, ingest.commands
from bot.app import create_app
from bot.config import Settings
folder = Path(sys.argv[1])
settings = Settings(environment="development", data_dir=folder,
                    knowledge_dir=Path(sys.argv[2]))
chromadb.PersistentClient(
    str(folder / "chroma"), settings=chromadb.Settings(anonymized_telemetry=False)
).get_or_create_collection("canary", embedding_function=None).add(
    ids=["1"], embeddings=[[0.1, 0.2]])
app = create_app(settings)
async def start():
    async with app.router.lifespan_context(app):
        await asyncio.wait_for(app.state.parts.loaded.wait(), 60)
asyncio.run(start())
print(json.dumps(seen))
"""


def test_every_licence_fits() -> None:
    found = {name: licence_of(one) for name, one in components().items()}
    odd = {name: said for name, said in found.items() if not FITS.search(said)}
    assert odd.items() <= ARGUED.items(), odd
    assert len(found) > 100


def test_the_bill_names_everything_with_its_version() -> None:
    written = json.loads(json.dumps(bill()))
    names = {one["name"]: one["version"] for one in written["components"]}
    assert {"fastapi", "chromadb", "langchain-core", "sqlalchemy"} <= names.keys()
    assert all(names.values())
    assert all(one["licenses"][0]["license"]["name"] for one in written["components"])


def test_no_library_speaks_to_the_network_at_import_or_start(
    tmp_path: Path, sample_knowledge: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(tmp_path), str(sample_knowledge)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert [one for one in seen if not one.startswith(LOOPBACK)] == []
