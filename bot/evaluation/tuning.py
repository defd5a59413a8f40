"""Learns the encoder's adapter from what sections are asked by, alone and later on.

Its conversations are not those that the ranking is fitted on: these have to be new to
the vectors, as a contact's are.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.encoding.adapter import FILE, write_adapter
from bot.answering.encoding.batches import Material
from bot.answering.encoding.folder import write_folder
from bot.answering.encoding.tuning import Tuning
from bot.answering.encoding.weights import bundled_file, read_weights
from bot.answering.store.generations import Generation
from bot.answering.store.store import open_store
from bot.answering.understanding.examples import shipped_examples
from bot.answering.understanding.past import together
from bot.config import Settings
from bot.errors import IndexUnavailableError
from bot.evaluation.dialogues import Dialogue, read_dialogues
from bot.evaluation.fitting import FOLLOWED, LATER


def tune_encoder(
    settings: Settings, *, steps: int, write: bool = False, file: Path = FILE
) -> Iterator[str]:
    """Learn for some steps; what it yields are lines for an operator.

    With ``write`` the adapter that comes with the program is replaced; whatever was
    fitted for the encoder has to be fitted again after that.

    Raises:
        IndexUnavailableError: there is no index; run ``python -m ingest sync``.
    """
    store = open_store(settings)
    name = store.current()
    if name is None:
        raise IndexUnavailableError("there is no index; run python -m ingest sync")
    material = material_of(store.load(name))
    yield (
        f"learning from {sum(map(len, material.asked))} questions of "
        f"{len(material.asked)} sections and {len(material.messages)} messages"
    )
    with TemporaryDirectory() as scratch:
        folder = write_folder(read_weights(bundled_file()), Path(scratch))
        tuning = Tuning(folder, material)
    for progress in tuning.steps(steps):
        losses = ", ".join(f"{loss:.2f}" for loss in progress.losses)
        yield f"  {progress.step} of {steps}: {losses}"
    if write:
        write_adapter(tuning.adapter(), file)
        yield f"wrote {file}; now run ingest sync, ingest pack-vectors, bot calibrate"


def material_of(generation: Generation) -> Material:
    """The sections of an index with what they are asked by, and the examples."""
    return Material(
        passages=generation.chunk_vectors,
        asked=[chunk.questions for chunk in generation.chunks],
        messages=[(one.text, one.want.value) for one in shipped_examples()],
        followed=list(
            _followed(generation, [*read_dialogues(FOLLOWED), *read_dialogues(LATER)])
        ),
        behind=together,
    )


def _followed(
    generation: Generation, dialogues: Iterable[Dialogue]
) -> Iterator[tuple[str, Sequence[int]]]:
    """Messages read behind those before them, with the sections that are right."""
    numbers: dict[str, list[int]] = {}
    for number, chunk in enumerate(generation.chunks):
        numbers.setdefault(chunk.name, []).append(number)
    for dialogue in dialogues:
        said: list[str] = []
        for turn in dialogue.turns:
            right = [n for name in turn.sections for n in numbers.get(name, ())]
            if right:
                yield together(said, turn.text), right
            said.append(turn.text)
