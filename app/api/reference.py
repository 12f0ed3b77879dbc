"""The OpenAPI document as a page for people: plain HTML, nothing fetched from elsewhere, no script."""

from collections.abc import Iterator, Mapping
from html import escape
from http import HTTPStatus
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin
from msgspec import json

Json = Mapping[str, Any]

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
summary { cursor: pointer; padding: .3rem 0 } summary b { display: inline-block; min-width: 4.5rem }
details details { margin-left: 1rem }
pre { overflow: auto; background: #8881; padding: .6rem; border-radius: .3rem } .of { opacity: .7 }
:root { color-scheme: light dark }"""


class ReferencePage(OpenAPIRenderPlugin):
    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return "\n".join(_page(openapi_schema)).encode()


def _page(document: Json) -> Iterator[str]:
    info = document["info"]
    title = escape(f"{info['title']} {info['version']}")
    yield '<!doctype html><html lang="en"><meta charset="utf-8">'
    yield f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style>'
    yield f"<h1>{title}</h1>{_prose(info['description'])}"
    yield '<p>For programs: <a href="/schema/openapi.json">OpenAPI</a> of this API and'
    yield '<a href="/schema/asyncapi.json">AsyncAPI</a> of the WebSocket.</p>'
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['name'].capitalize())}</h2><p>{escape(tag['description'])}</p>"
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    yield from _operation(method, path, operation)
    yield "<h2>Types</h2>"
    for name, schema in document["components"]["schemas"].items():
        yield f"<details id={escape(name)}><summary>{escape(name)}</summary>{_code(schema)}</details>"


def _operation(method: str, path: str, operation: Json) -> Iterator[str]:
    yield f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code>"
    yield f"<span class=of>{escape(operation['summary'])}</span></summary>"
    yield _prose(operation["description"])
    if "parameters" in operation:
        yield "<ul>"
        for each in operation["parameters"]:
            place = f"in the {each['in']}" + (", required" if each["required"] else "")
            yield f"<li><code>{escape(each['name'])}</code> <span class=of>{place}</span>"
            yield f"{escape(each['description'])}</li>"
        yield "</ul>"
    if "requestBody" in operation:
        yield f"<details><summary>Body</summary>{_content(operation['requestBody'])}</details>"
    for status, answer in sorted(operation["responses"].items()):
        phrase = HTTPStatus(int(status)).phrase
        yield f"<details><summary><b>{status}</b> {phrase}: {escape(answer['description'])}</summary>"
        yield f"{_content(answer)}</details>"
    yield "</details>"


def _prose(text: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n"))


def _content(of: Json) -> str:
    parts: list[str] = []
    for media_type, content in of.get("content", {}).items():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        link = f" <a href='#{escape(name)}'>{escape(name)}</a>" if name else ""
        parts.append(f"<p>{escape(media_type)}{link}</p>")
        parts += [_code(each["value"]) for each in content.get("examples", {}).values()]
    return "".join(parts)


def _code(value: Any) -> str:
    text = value if isinstance(value, str) else json.format(json.encode(value)).decode()
    return f"<pre>{escape(text)}</pre>"
