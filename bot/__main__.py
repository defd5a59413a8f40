"""``enquiry-assistant``: serve, ask, sync, and what staff and operators need."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bot.config import load_settings
from bot.errors import BotError
from bot.options import parser
from bot.private_files import write_privately
from bot.text import shown
from ingest.options import COMMANDS as INGEST
from ingest.options import handler_of

MODULES = {
    "backup": "bot.backup_commands",
    "contacts": "bot.contact_commands",
    "calibrate": "bot.evaluation_commands",
    "doctor": "bot.doctor_commands",
    "tune": "bot.evaluation_commands",
    "evaluate": "bot.evaluation_commands",
    "explain": "bot.evaluation_commands",
    "migrate-database": "bot.backup_commands",
    "new": "bot.new_folder",
    "restore": "bot.backup_commands",
    "settings": "bot.new_folder",
    "privacy": "bot.privacy_commands",
    "spend": "bot.spend_commands",
    "staff": "bot.staff_commands",
    "tokens": "bot.token_commands",
    "webhooks": "bot.webhook_commands",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked."""
    write_privately()
    options = parser(_called()).parse_args(arguments)
    try:
        # A command's module loads what it needs, which can take seconds: `--help` must
        # not wait for it, nor one command for what only another one needs.
        settings = load_settings()
        if options.command in INGEST:
            return handler_of(options.command)(settings, options)
        if options.command == "serve":
            import_module("bot.starting").require_startable(settings)
        module = import_module(MODULES.get(options.command, "bot.commands"))
        getattr(module, options.command.replace("-", "_"))(settings, options)
    except (BotError, OSError) as error:
        print(f"error: {shown(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _called() -> str:
    """The name under which it was started."""
    name = Path(sys.argv[0]).name
    return "python -m bot" if name == "__main__.py" else "enquiry-assistant"


if __name__ == "__main__":
    sys.exit(main())
