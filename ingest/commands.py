"""What the commands beside ``sync`` print; ``__main__`` parses them."""

import json
from argparse import Namespace
from dataclasses import asdict

from bot.answering.encoding.bundled import prepare
from bot.answering.store.store import open_store
from bot.clock import utc_now
from bot.config import Settings
from bot.errors import IndexUnavailableError
from bot.text import shown
from ingest.check import check
from ingest.findings import Trouble
from ingest.in_use import in_use
from ingest.nightly import fetcher_for, run_night
from ingest.packed_vectors import write_packed
from ingest.programmes import schema
from ingest.progress import Progress
from ingest.rollback import rollback
from ingest.search import search
from ingest.status import in_words, status
from ingest.web.refreshing import Refreshed, Refresher


def run_rollback(settings: Settings, options: Namespace) -> int:
    """Back to the generation before."""
    done = rollback(settings)
    if options.json:
        print(json.dumps(asdict(done)))
        return 0
    print(
        f"back to {done.generation}, made {done.created_at}: {done.documents} "
        f"documents, {done.chunks} chunks; {done.left} is no longer used.\n"
        "A running server takes it up by itself. The next sync builds from the "
        "documents again, so mend them first."
    )
    return 0


def run_search(settings: Settings, options: Namespace) -> int:
    """What is found for some words."""
    hits = search(settings, options.words, limit=options.limit)
    if options.json:
        print(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
        return 0
    if not hits:
        print("nothing found")
    for place, hit in enumerate(hits, start=1):
        where = f"{hit.document}, p. {hit.page}" if hit.page else hit.document
        told = f"{place}. {' > '.join((hit.title, *hit.headings))}  [{where}]"
        print(shown(told))
        print(
            f"   share {hit.share:.2f}: text {hit.text:.3f}, asked {hit.asked:.3f}, "
            f"words {hit.lexical:.1f}"
        )
    return 0


def run_check(settings: Settings, options: Namespace) -> int:
    """What somebody has to look at; 1 if there is anything."""
    findings = check(settings, progress=Progress.for_terminal())
    if options.json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            print(shown(f"{one.trouble.value}: {one.where}: {one.message}"))
        drafts = sum(one.trouble is Trouble.DRAFT for one in findings)
        among = f", {drafts} of them drafts" if drafts else ""
        print(f"{len(findings)} to look at{among}" if findings else "nothing to do")
    return 1 if findings else 0


def run_status(settings: Settings, options: Namespace) -> int:
    """How many sections have asks and answers, by language."""
    found = status(settings, progress=Progress.for_terminal())
    print(json.dumps(asdict(found)) if options.json else in_words(found))
    return 0


def run_schema(settings: Settings, options: Namespace) -> int:
    """The fields of a programme, as docs/programme.schema.json has them."""
    del settings, options
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return 0


def run_add_url(settings: Settings, options: Namespace) -> int:
    """Fetch a page, and keep it among the sources."""
    with fetcher_for(settings) as fetcher:
        done = Refresher(settings, fetcher, utc_now).add(options.url)
    return _say_fetched(done, as_json=options.json)


def run_fetch(settings: Settings, options: Namespace) -> int:
    """Fetch what is due, or everything."""
    with fetcher_for(settings) as fetcher:
        done = Refresher(settings, fetcher, utc_now).run(everything=options.all)
    return _say_fetched(done, as_json=options.json)


def run_prepare_encoder(settings: Settings, options: Namespace) -> int:
    """The bundled encoder as a graph, beside the installed packages."""
    del settings, options
    print(f"the encoder is ready in {prepare()}")
    return 0


def run_pack_vectors(settings: Settings, options: Namespace) -> int:
    """The vectors of the index in use, kept beside the documents."""
    del options
    found = in_use(open_store(settings)).generation
    if found is None:
        raise IndexUnavailableError("there is no index; run python -m ingest sync")
    print(f"wrote {write_packed(found, settings.knowledge_dir)}")
    return 0


def run_nightly(settings: Settings, options: Namespace) -> int:
    """What the server does every night; prints one JSON object."""
    del options
    print(json.dumps(run_night(settings).as_fields(), ensure_ascii=False))
    return 0


def _say_fetched(done: Refreshed, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(asdict(done), ensure_ascii=False))
    else:
        for name in ("written", "unchanged", "removed"):
            for url in getattr(done, name):
                print(f"{name}: {url}")
        for url, problem in done.failed.items():
            print(shown(f"failed: {url}: {problem}"))
        if done.written or done.removed:
            print("run python -m ingest sync to use what is new")
    return 1 if done.failed else 0
