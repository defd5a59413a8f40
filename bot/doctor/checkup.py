"""Everything that is checked, in the order in which it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.encoding.encoder import Encoder
from bot.better_answers import answers_line
from bot.clock import Clock, utc_now
from bot.config import Settings
from bot.doctor.database_state import database_finding
from bot.doctor.findings import Finding, State, look, well, wrong
from bot.doctor.installation import (
    data_finding,
    encoder_finding,
    file_findings,
    index_finding,
    settings_findings,
    whatsapp_finding,
)
from bot.doctor.listening import port_finding
from bot.doctor.model_trial import Trial, try_model
from bot.errors import IndexUnavailableError, SettingsError
from bot.model_servers import PLACES, Place
from bot.organisation import load_organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What was found; ``trials`` are of the model and of the one in reserve."""

    findings: Sequence[Finding]
    trials: Sequence[Trial]

    @property
    def wrong(self) -> int:
        """How many findings are in the way of answers."""
        return sum(one.state is State.WRONG for one in self.findings)


async def check_up(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    clock: Clock = utc_now,
    places: Sequence[Place] = PLACES,
) -> Checkup:
    """Look at everything; a model is asked one question, nothing is changed."""
    encoder = encoder or Encoder(settings.embedding_model)
    files = file_findings(settings)
    findings = [
        *settings_findings(settings),
        await port_finding(settings),
        *files,
        data_finding(settings),
        await database_finding(settings),
        await encoder_finding(encoder),
        await index_finding(settings, encoder),
        whatsapp_finding(settings),
    ]
    if not settings.bot_model:
        line = await answers_line(settings, places=places)
        return Checkup(findings=[*findings, well("answers", line)], trials=())
    if any(one.state is State.WRONG for one in files):
        untried = look("model", _untried(settings.bot_model, "a file is wrong"))
        return Checkup(findings=[*findings, untried], trials=())
    tried = [await _tried(what, one, encoder, clock) for what, one in _models(settings)]
    return Checkup(
        findings=[*findings, *(finding for finding, _ in tried)],
        trials=[trial for _, trial in tried if trial],
    )


def _models(settings: Settings) -> Sequence[tuple[str, Settings]]:
    """The model, and the one in reserve as if it were alone."""
    models = [("model", settings)]
    if settings.bot_model_fallback:
        reserve = {"bot_model": settings.bot_model_fallback, "bot_model_url": ""}
        models.append(("in reserve", settings.model_copy(update=reserve)))
    return models


async def _tried(
    what: str, settings: Settings, encoder: Encoder, clock: Clock
) -> tuple[Finding, Trial | None]:
    office = load_organisation(settings.organisation_file)
    try:
        trial = await try_model(settings, office, encoder=encoder, today=clock().date())
    except SettingsError as error:
        return wrong(what, str(error)), None
    except IndexUnavailableError:
        return look(what, _untried(settings.bot_model, "there is no index")), None
    if trial is None:
        why = "no section makes a question that a model is asked"
        return look(what, _untried(settings.bot_model, why)), None
    return _finding(what, trial), trial


def _untried(model: str, why: str) -> str:
    return f"{model} was not tried: {why}"


def _finding(what: str, trial: Trial) -> Finding:
    if trial.problem:
        return wrong(what, f"{trial.model} failed: {trial.problem}")
    if trial.refused:
        return look(
            what,
            f"{trial.model} replied, and the checks let nothing through: "
            f"{trial.refused}; contacts get the reply without it",
        )
    if not trial.is_good:
        return look(
            what,
            f"{trial.model} replied, and did not see the answer in its sources: "
            f"{trial.outcome}",
        )
    return well(what, f"{trial.model} answered, and the checks let it through")
