"""``python -m ingest``: build the index from the documents, and look into it."""

import argparse
import sys
from collections.abc import Sequence

from bot.config import load_settings
from bot.errors import BotError
from bot.private_files import write_privately
from bot.text import shown
from ingest.options import add_commands, handler_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked."""
    write_privately()
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Builds the index from the documents."
    )
    add_commands(parser.add_subparsers(dest="command", required=True))
    options = parser.parse_args(arguments)
    try:
        return handler_of(options.command)(load_settings(), options)
    except (BotError, OSError) as error:
        print(f"error: {shown(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
