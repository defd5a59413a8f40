"""A language model that writes what it is told, by Anthropic's Messages protocol."""

import json
from typing import Any

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

ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
REASONS = {STOP: "end_turn", "length": "max_tokens", "refusal": "refusal"}


class AnthropicServer(ModelServer):
    """Speaks Anthropic's Messages."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)

        @self.app.post("/v1/messages")
        async def write(request: Request) -> Response:
            self.asked.append(await request.json())
            self.keys.append(request.headers["authorization"].removeprefix("Bearer "))
            return self.reply(ANTHROPIC)

    def told(self, number: int) -> list[tuple[str, str]]:
        """The messages of a request, the system's first, each with its role."""
        asked = self.asked[number]
        whole = [("system", asked["system"])]
        whole += [(one["role"], one["content"]) for one in asked["messages"]]
        return [(role, _text(content)) for role, content in whole]


class AnthropicWire:
    """Named events; what was read is counted at the start, what was written at the end.

    A stream's end says both again, as the real service does.
    """

    media_type = "text/event-stream"

    def pieces(self, text: str) -> list[str]:
        message: dict[str, object] = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": MODEL,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 200, "output_tokens": 1},
        }
        block = {"type": "text", "text": ""}
        return [
            _event("message_start", message=message),
            _event("content_block_start", index=0, content_block=block),
            _event("ping"),
            *(
                _event(
                    "content_block_delta",
                    index=0,
                    delta={"type": "text_delta", "text": word},
                )
                for word in words_of(text)
            ),
        ]

    def end(self, reports: Reports, reason: str) -> list[str]:
        stopped = {"stop_reason": REASONS[reason], "stop_sequence": None}
        return [
            _event("content_block_stop", index=0),
            *(
                _event(
                    "message_delta",
                    delta=stopped,
                    usage={"input_tokens": read, "output_tokens": written},
                )
                for read, written in reports
            ),
            _event("message_stop"),
        ]

    def refusal(self, status: int) -> Response:
        error = {"type": ERRORS.get(status, "api_error"), "message": "not now"}
        return JSONResponse({"type": "error", "error": error}, status_code=status)


ANTHROPIC = AnthropicWire()


def _event(kind: str, **more: object) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n"


def _text(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "".join(block["text"] for block in content)
