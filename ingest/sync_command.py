"""What ``python -m ingest sync`` prints; it loads nothing that a sync does not need."""

import json
from argparse import Namespace
from dataclasses import asdict

from bot.config import Settings
from ingest.progress import Progress
from ingest.report import in_words
from ingest.sync import sync


def run_sync(settings: Settings, options: Namespace) -> int:
    """The index brought up to date, and how each file ended."""
    report = sync(settings, progress=Progress.for_terminal())
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        print(in_words(report))
    return 0
