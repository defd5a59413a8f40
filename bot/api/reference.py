"""The page that describes the API: made from its OpenAPI document, without a script."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.api.problems import Problem
from bot.static_files import StaticFile

REFERENCE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
STYLE = Path(__file__).parent / "static" / "reference.css"
TEMPLATES = Environment(
    loader=PackageLoader("bot.api"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def describe(api: FastAPI, *, prefix: str) -> None:
    """The document with the problems in it, and the page at ``/docs``."""
    sheet = StaticFile.at(
        STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"}
    )

    def document() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api, prefix)
        return api.openapi_schema

    # The way that FastAPI documents for this.
    api.openapi = document  # type: ignore[method-assign]

    @api.get("/docs", include_in_schema=False)
    async def page() -> HTMLResponse:
        whole = document()
        text = TEMPLATES.get_template("reference.html").render(
            info=whole["info"],
            operations=list(_operations(whole)),
            shapes=whole["components"]["schemas"],
            prefix=prefix,
            kind=_kind,
        )
        return HTMLResponse(text, headers=REFERENCE_HEADERS)

    @api.get("/docs.css", include_in_schema=False)
    async def style(request: Request) -> Response:
        return sheet.answer(request)


def _document(api: FastAPI, prefix: str) -> dict[str, Any]:
    whole = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
        servers=[{"url": prefix}],
    )
    shapes = whole["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes.update(problem.pop("$defs"))
    shapes["Problem"] = problem
    return whole


def _operations(whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {})
            yield {
                "method": method.upper(),
                "path": path,
                "words": operation.get("description", ""),
                "parameters": operation.get("parameters", []),
                "body": _kind(_schema(body)) if body else "",
                "answers": [
                    (status, answer["description"], _kind(_schema(answer["content"])))
                    for status, answer in operation["responses"].items()
                    if "content" in answer
                ],
            }


def _schema(content: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = next(iter(content.values()))["schema"]
    return schema


def _kind(schema: Mapping[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"“{one}”" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "anything"))
