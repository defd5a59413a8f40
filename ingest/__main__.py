"""``python -m ingest``: build the index from the documents, and look into it."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from bot.config import Settings, load_settings
from bot.errors import BotError
from ingest.progress import Progress
from ingest.report import in_words
from ingest.search import search
from ingest.sync import sync


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        if options.command == "sync":
            _sync(settings, as_json=options.json)
        else:
            _search(settings, options.words, limit=options.limit, as_json=options.json)
    except (BotError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Builds the index from the documents."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "sync",
        help="bring the index up to date with the documents in KNOWLEDGE_DIR "
        "(Markdown, PDF, DOCX, PPTX, XLSX, CSV, HTML, text)",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command = commands.add_parser(
        "search", help="show which chunks are found for some words, and why"
    )
    command.add_argument("words", help="what to search for")
    command.add_argument("--limit", type=_count, default=5, help="how many (5)")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _sync(settings: Settings, *, as_json: bool) -> None:
    report = sync(settings, progress=Progress.for_terminal())
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(in_words(report))


def _search(settings: Settings, words: str, *, limit: int, as_json: bool) -> None:
    hits = search(settings, words, limit=limit)
    if as_json:
        print(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    if not hits:
        print("nothing found")
    for place, hit in enumerate(hits, start=1):
        print(f"{place}. {' > '.join((hit.title, *hit.headings))}  [{hit.document}]")
        scores = f"meaning {hit.dense:.2f}, words {hit.lexical:.1f}"
        print(f"   {scores}, fused {hit.score:.2f}")
        print(f"   best sentence ({hit.sentence_score:.2f}): {hit.sentence}")


if __name__ == "__main__":
    sys.exit(main())
