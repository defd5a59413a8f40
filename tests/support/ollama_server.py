"""A language model that writes what it is told, by Ollama's protocol."""

import json

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from tests.support.openai_server import (
    MODEL,
    STOP,
    ModelServer,
    Reports,
    Script,
    words_of,
)


class OllamaServer(ModelServer):
    """Speaks Ollama's chat."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)

        @self.app.post("/api/chat")
        async def chat(request: Request) -> Response:
            self.asked.append(await request.json())
            return self.reply(OLLAMA)


class OllamaWire:
    """A JSON object a line; the last one counts the tokens."""

    media_type = "application/x-ndjson"

    def pieces(self, text: str) -> list[str]:
        return [_line(word, done=False) for word in words_of(text) or [""]]

    def end(self, reports: Reports, reason: str) -> list[str]:
        counts = [
            {"prompt_eval_count": read, "eval_count": written}
            for read, written in reports
        ]
        why = {STOP: "stop", "length": "length"}.get(reason, "stop")
        return [_line("", done=True, done_reason=why, **one) for one in counts or [{}]]

    def refusal(self, status: int) -> Response:
        return JSONResponse({"error": "not now"}, status_code=status)


OLLAMA = OllamaWire()


def _line(text: str, *, done: bool, **more: object) -> str:
    message = {"role": "assistant", "content": text}
    line = {
        "model": MODEL,
        "created_at": "2026-11-30T08:00:00Z",
        "message": message,
        "done": done,
        **more,
    }
    return json.dumps(line) + "\n"
