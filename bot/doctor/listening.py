"""Whether the server could listen, or already does."""

import errno
import socket

import httpx

from bot.config import Settings
from bot.doctor.findings import Finding, look, well, wrong

SECONDS = 5.0


async def port_finding(settings: Settings) -> Finding:
    """Free, taken by this very program, or by another."""
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        return await _taken(settings, where, error)
    return well("port", f"{where} is free; the server does not run")


async def _taken(settings: Settings, where: str, error: OSError) -> Finding:
    told = await _health(settings)
    if told is None:
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken by another program" if taken else "cannot be used"
        return wrong(
            "port", f"{where} {reason}; set PORT{'' if taken else ' and HOST'}"
        )
    if told:
        problems = "; ".join(f"{name}: {text}" for name, text in told.items())
        return look("port", f"the server runs at {where} and is not ready: {problems}")
    return well("port", f"the server runs at {where} and is ready")


async def _health(settings: Settings) -> dict[str, str] | None:
    """What the server that runs there says is not working; None if it is another."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  compared, not bound
    host = f"[{host}]" if ":" in host else host
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            answer = await client.get(f"http://{host}:{settings.port}/health/ready")
        told = answer.json()
        return {str(key): str(text) for key, text in told["problems"].items()}
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return None
