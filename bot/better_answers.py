"""How answers become better, in one line: with a key, or a model on this machine."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from bot.config import Settings
from bot.model_servers import PLACES, ModelServer, Place, model_servers

WITH_A_KEY = "BOT_MODEL=openai:gpt-5-mini and OPENAI_API_KEY (docs/models.md)"


async def answers_line(
    settings: Settings,
    *,
    places: Sequence[Place] = PLACES,
    installed: Callable[[str], bool] = lambda name: find_spec(name) is not None,
) -> str:
    """Who writes the answers, and what to set where a model could.

    Servers are looked for in development only, and none is used unasked.
    """
    if settings.bot_model:
        reserve = settings.bot_model_fallback
        return (
            f"written by {settings.bot_model}"
            + (f", in reserve {reserve}" if reserve else "")
            + ", and checked sentence by sentence (python -m bot doctor tries it)"
        )
    found: list[ModelServer] = []
    if settings.development:
        found = await model_servers(places, besides=settings.port)
    return (
        "sections of your documents, as they stand; a language model answers "
        f"better: set {_choices(found, installed)}"
    )


def _choices(found: Sequence[ModelServer], installed: Callable[[str], bool]) -> str:
    able = [_choice(one, installed) for one in found if one.models]
    idle = [one.name for one in found if not one.models]
    without = f"; no model that writes in {' and '.join(idle)} here" if idle else ""
    return "; or ".join([*able, WITH_A_KEY]) + without


def _choice(server: ModelServer, installed: Callable[[str], bool]) -> str:
    """Settings to paste, and what they mean."""
    notes = [f"{server.name} on this machine"]
    if len(server.models) > 1:
        notes.append(f"its first of {len(server.models)} models")
    if not installed(f"langchain_{server.package}"):
        notes.append(f"needs pip install -e '.[{server.package}]'")
    return f"{server.settings} ({', '.join(notes)})"
