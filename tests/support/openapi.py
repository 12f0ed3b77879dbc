"""Requests and answers checked against an OpenAPI 3.1 description, whose schemas are JSON Schema."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tools.sandbox.wire import Request, Response

DESCRIPTIONS = Path(__file__).parents[2] / "tools" / "sandbox" / "openapi"


class Description:
    """A provider's description. The checks return what is wrong, one line each."""

    def __init__(self, provider: str) -> None:
        path = DESCRIPTIONS / f"{provider}.yaml"
        self.document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def request_problems(self, request: Request) -> list[str]:
        operation, in_path = self._operation(request)
        given: dict[str, Mapping[str, str]] = {
            "path": in_path,
            "query": request.query,
            "header": request.headers,
        }
        problems: list[str] = []
        known: set[str] = set()
        for parameter in map(self._resolved, operation["parameters"]):
            name, values = parameter["name"], given[parameter["in"]]
            known.add(name)
            if name in values:
                problems += self._problems(parameter["schema"], values[name], name)
            elif parameter.get("required"):
                problems.append(f"{name} is required")
        problems += [f"{name} is not described" for name in request.query if name not in known]
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            problems += self._problems(schema, _json(request.body), "body")
        return problems

    def response_problems(self, request: Request, response: Response) -> list[str]:
        operation, _ = self._operation(request)
        described = operation["responses"].get(str(response.status))
        if described is None:
            return [f"{response.status} is not described"]
        described = self._resolved(described)
        problems = [
            f"header {name} is missing"
            for name in described.get("headers", {})
            if name not in response.headers
        ]
        schema = described["content"][response.content_type]["schema"]
        is_json = response.content_type == "application/json"
        body = _json(response.body) if is_json else response.body.decode()
        return problems + self._problems(schema, body, "body")

    def _operation(self, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
        """The operation and the parameters in its path. The most literal template comes first in a file."""
        for template, methods in self.document["paths"].items():
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
            found = re.fullmatch(pattern, request.path)
            if found and request.method.lower() in methods:
                values = {name: unquote(value) for name, value in found.groupdict().items()}
                return methods[request.method.lower()], values
        raise LookupError(f"{request.method} {request.path} is not described")

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            reference: str = node["$ref"]
            node = self.document
            for part in reference.removeprefix("#/").split("/"):
                node = node[part]
        return node

    def _problems(self, schema: dict[str, Any], value: Any, where: str) -> list[str]:
        rooted = {**schema, "components": self.document["components"]}
        validator = Draft202012Validator(rooted, format_checker=FormatChecker())
        return [
            f"{where}{error.json_path[1:]}: {error.message[:200]}" for error in validator.iter_errors(value)
        ]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
