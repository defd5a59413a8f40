"""A real Chroma server on loopback, the one that ``chroma run`` starts."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from tests.support.servers import free_port

LOOK_EVERY_SECONDS = 0.02
CHROMA = Path(sys.executable).with_name("chroma")


class ChromaServer:
    """Runs until it is stopped; started again it has the same address and data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(CHROMA), "run", "--path", str(self._folder)]
        command += ["--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError("chroma run has ended")

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat").is_success
        except httpx.TransportError:
            assert self._process is not None
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(LOOK_EVERY_SECONDS)
            return False
