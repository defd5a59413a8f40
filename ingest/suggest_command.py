"""What ``python -m ingest suggest`` does and prints."""

import asyncio
import json
from argparse import Namespace
from dataclasses import asdict

from bot.answering.writing.drafting import Kind
from bot.config import Settings
from bot.logs import configure_logs
from ingest.progress import Progress
from ingest.suggest import Suggesting, Wish
from ingest.suggested import in_words


def run_suggest(settings: Settings, options: Namespace) -> int:
    """Drafts for what is missing; 1 if something was left out, 130 if interrupted."""
    configure_logs("ERROR", json=False)  # what fails is in the report
    wish = Wish(
        language=options.language,
        document=options.document,
        kind=Kind(options.kind) if options.kind else None,
        limit=options.limit,
    )
    drafting = Suggesting(settings, wish, progress=Progress.for_terminal())
    interrupted = False
    try:
        asyncio.run(drafting.run())
    except KeyboardInterrupt:
        interrupted = True
    found = drafting.report
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        print(in_words(found))
    return 130 if interrupted else int(not found.is_whole)
