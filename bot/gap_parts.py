"""Groups the questions that were not answered well, with the encoder of answers."""

import asyncio
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.answering.assembly import Answering
from bot.answering.encoding.encoder import Encoder
from bot.clock import Clock
from bot.config import Settings
from bot.conversations.desk.gaps import regroup
from bot.database import Database
from bot.errors import BotError
from bot.grouping import Vectors, grouped
from bot.logs import get_logger

FOLDER, FILE = "gaps", "vectors.npz"
# So many new texts are encoded in a night, which takes minutes; others have to wait.
MOST_NEW = 10_000
NEAREST = 3
LONGEST = 1000
# What a file may be that is empty, cut or of something else: then all is encoded anew.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error)

log = get_logger()


class GapVectors:
    """Vectors of questions, kept by the sum of a text while it is asked."""

    def __init__(self, folder: Path, encoder: Encoder, *, most_new: int) -> None:
        self._file = folder / FOLDER / FILE
        self._encoder = encoder
        self._most_new = most_new

    def of(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors by text, of the first texts and of all that are known."""
        sums = {text: _sum(text) for text in texts}
        known = self._read()
        new = [text for text, key in sums.items() if key not in known]
        new = new[: self._most_new]
        for text, vector in zip(new, self._encoder.queries(new), strict=True):
            known[sums[text]] = vector
        kept = {key: known[key] for key in sums.values() if key in known}
        self._write(kept)
        return {text: kept[key] for text, key in sums.items() if key in kept}

    def _read(self) -> dict[str, Vectors]:
        with (
            suppress(*UNREADABLE),
            self._file.open("rb") as file,
            np.load(file) as kept,
        ):
            if str(kept["encoder"]) == self._encoder.name:
                rows = kept["vectors"].astype(np.float32)
                return dict(zip(kept["sums"].tolist(), rows, strict=True))
        return {}

    def _write(self, kept: dict[str, Vectors]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        content = BytesIO()
        np.savez(
            content,
            encoder=np.array(self._encoder.name),
            sums=np.array(list(kept)),
            vectors=np.array(list(kept.values()), np.float16),
        )
        part = self._file.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._file)


class GapGrouping:
    """Groups them when it is told to, one at a time."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        answering: Answering | None,
        *,
        clock: Clock,
        most_new: int = MOST_NEW,
    ) -> None:
        encoder = answering.encoder if answering else Encoder(settings.embedding_model)
        self._vectors = GapVectors(settings.data_dir, encoder, most_new=most_new)
        self._database = database
        self._answering = answering
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> int:
        """Group everything anew; how many gaps there are."""
        async with self._one_at_a_time:
            count = await regroup(
                self._database,
                group=self._group,
                nearest=self._nearest,
                now=self._clock(),
            )
        log.info("gaps_grouped", gaps=count)
        return count

    async def _group(self, texts: Sequence[str]) -> Sequence[Sequence[int]]:
        return await asyncio.to_thread(self._grouped, [one[:LONGEST] for one in texts])

    def _grouped(self, texts: Sequence[str]) -> Sequence[Sequence[int]]:
        vectors = self._vectors.of(texts)
        places = [place for place, text in enumerate(texts) if text in vectors]
        if not places:
            return []
        rows = np.stack([vectors[texts[place]] for place in places])
        return [[places[row] for row in one] for one in grouped(rows)]

    async def _nearest(self, text: str) -> Sequence[str]:
        if self._answering is None:
            return ()
        try:
            found = await self._answering.find(text[:LONGEST], limit=NEAREST)
        except BotError:
            return ()
        return list(dict.fromkeys(hit.chunk.name for hit in found.hits))[:NEAREST]


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
