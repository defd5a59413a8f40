"""How fast documents become an index, and what it costs when little is new."""

from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.documents import edit_document, read_chunks, write_documents
from benchmarks.figures import Figure
from benchmarks.programs import development, timed
from bot.answering.chunks import Role
from bot.answering.encoding.encoder import Encoder
from ingest.sync import THREADS, sync
from ingest.text_vectors import encode_missing, missing_of

SHARE_OF_ENCODING = 0.85
SHARE_OF_FIRST_SYNC = 1 / 20


def measure_speed(scratch: Path, *, documents: int, repetitions: int) -> Figure:
    """``ingest sync`` against the encoder alone, over the same texts."""
    knowledge = scratch / "knowledge"
    write_documents(knowledge, documents)
    chunks = read_chunks(knowledge)
    texts = [(chunk.searchable, Role.PASSAGE) for chunk in chunks]
    texts += [detail for chunk in chunks for detail in chunk.details]
    encoder = Encoder(threads=THREADS)
    # What stands twice is embedded once.
    each = missing_of(texts, {}, encoder.name)
    encoder.queries(["It is loaded on first use."])
    ours, alone = [], []
    for repetition in range(repetitions):
        start = perf_counter()
        encode_missing(each, encoder)
        alone.append(perf_counter() - start)
        settings = development(scratch / f"data-{repetition}", knowledge=knowledge)
        ours.append(sync(settings, encoder=encoder).seconds)
    share = median(alone) / median(ours)
    return Figure(
        what=f"Ingest of {documents} documents, chunks a second; share of "
        f"the encoder alone on the same texts, {THREADS} threads",
        measured=f"{len(chunks) / median(ours):.0f}; {share:.2f}",
        goal=f"at least {SHARE_OF_ENCODING:.2f}",
        met=share >= SHARE_OF_ENCODING,
    )


def measure_commands(
    scratch: Path, *, documents: int, repetitions: int
) -> list[Figure]:
    """``python -m ingest sync`` as a whole: first, unchanged, one document edited."""
    knowledge = scratch / "knowledge"
    write_documents(knowledge, documents)
    settings = development(scratch / "data", knowledge=knowledge)
    settings.data_dir.mkdir()
    first = timed("ingest", "sync", settings=settings)
    unchanged = [timed("ingest", "sync", settings=settings) for _ in range(repetitions)]
    edited = []
    for number in range(repetitions):
        edit_document(knowledge, number)
        edited.append(timed("ingest", "sync", settings=settings))
    share = median(unchanged) / first
    return [
        Figure(
            what=f"First `ingest sync` of {documents} documents",
            measured=f"{first:.1f} s",
        ),
        Figure(
            what="Second `ingest sync`, nothing changed; share of the first",
            measured=f"{median(unchanged):.2f} s; {share:.3f}",
            goal=f"at most {SHARE_OF_FIRST_SYNC:.2f}",
            met=share <= SHARE_OF_FIRST_SYNC,
        ),
        Figure(
            what=f"`ingest sync` after an edit of one document of {documents}",
            measured=f"{median(edited):.2f} s",
        ),
    ]
