"""The OpenAPI document describes this server: every route, every answer, every problem."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from jsonschema import Draft202012Validator
from litestar import Litestar

from app.api.problems import AWAY_STATUS, STATUS
from app.contract.errors import ERRORS, ErrorCode
from app.contract.ids import CALL_ID_PATTERN
from app.main import create_app
from app.settings import Settings
from tests.support.api import api_settings

Json = dict[str, Any]
UNDOCUMENTED = {"/ws", "/schema", "/schema/openapi.json", "/schema/{path}", "/schema/asyncapi.json"}


def development(tmp_path: Path) -> Settings:
    return api_settings("unix:///nowhere", auth="dev", jwt_secret=None, data_dir=tmp_path)


@pytest.fixture
def application(tmp_path: Path) -> Litestar:
    return create_app(development(tmp_path))


@pytest.fixture
def document(application: Litestar) -> Json:
    return application.openapi_schema.to_schema()


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def everything(value: Any) -> Iterator[Any]:
    yield value
    inner: Any = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from everything(each)


def test_every_route_is_in_it(application: Litestar, document: Json) -> None:
    served = {
        (method, route.path_format)
        for route in application.routes
        for method in cast(set[str], getattr(route, "methods", set()))
        if method != "OPTIONS" and route.path_format not in UNDOCUMENTED
    }
    assert {(method, path) for method, path, _ in operations(document)} == served


def test_every_operation_says_what_it_does(document: Json) -> None:
    ids = []
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["description"].endswith((".", "`.")), where
        assert operation["tags"], where
        ids.append(operation["operationId"])
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), where
    assert len(ids) == len(set(ids))


def test_every_operation_of_a_caller_documents_its_problems(document: Json) -> None:
    for method, path, operation in operations(document):
        if operation["security"] == [{}]:
            continue
        assert operation["security"] == [{"bearer": []}]
        assert {"401", "403", "500", "503"} <= set(operation["responses"]), f"{method} {path}"
        if "{" in path:
            assert {"404", "422"} <= set(operation["responses"]), f"{method} {path}"
        if "requestBody" in operation:
            assert {"400", "413", "422"} <= set(operation["responses"]), f"{method} {path}"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_error_answer_is_a_problem_with_an_example_of_each_code(document: Json) -> None:
    found: set[tuple[int, str]] = set()
    for _, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) < 400 or path == "/readyz":
                continue
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for shown in content["examples"].values():
                assert not set(shown) - {"summary", "value"}
                assert shown["value"]["status"] == int(status)
                found.add((int(status), shown["value"]["code"]))
    assert found == {
        *((STATUS[code], code.value) for code in reachable_codes()),
        (AWAY_STATUS, ErrorCode.INTERNAL_ERROR.value),
        (410, ErrorCode.NOT_FOUND.value),
        (412, ErrorCode.CONFLICT.value),
    }


def reachable_codes() -> set[ErrorCode]:
    of_the_agent = {
        ErrorCode.EXTERNAL_API_ERROR,
        ErrorCode.TOOL_TIMEOUT,
        ErrorCode.TOOL_NOT_FOUND,
        ErrorCode.OUTCOME_UNKNOWN,
        ErrorCode.CANCELLED,
    }
    return set(ErrorCode) - of_the_agent - {ErrorCode.UNKNOWN_TYPE}  # a method that no operation has


def test_references_lead_somewhere_and_schemas_are_json_schemas(document: Json) -> None:
    schemas = document["components"]["schemas"]
    references = [each["$ref"] for each in everything(document) if isinstance(each, dict) and "$ref" in each]
    assert {reference.removeprefix("#/components/schemas/") for reference in references} == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_examples_are_what_they_are_examples_of(document: Json) -> None:
    checked = 0
    for _, _, operation in operations(document):
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                schema = {**content["schema"], "components": document["components"]}
                for shown in content.get("examples", {}).values():
                    Draft202012Validator(schema).validate(shown["value"])
                    checked += 1
    assert checked > 50


def test_bodies_that_may_be_left_out_are_not_required(document: Json) -> None:
    required = {
        operation["operationId"]: operation["requestBody"]["required"]
        for _, _, operation in operations(document)
        if "requestBody" in operation
    }
    assert required == {
        "createSession": False,
        "sendMessage": True,
        "cancelTurn": False,
        "decideToolCall": True,
        "createDevToken": True,
        "createTrip": True,
        "handOverTrip": True,
        "inviteToTrip": True,
        "createTripOfId": True,
        "changeTrip": True,
        "replaceTrip": True,
        "resolveConflict": True,
        "undoTripChange": True,
        "duplicateTrip": False,
        "acceptInvitation": True,
        "addCollaborator": True,
        "changeCollaborator": True,
    }


def test_ids_in_addresses_and_bodies_have_the_contracts_pattern(document: Json) -> None:
    patterns = {
        parameter["schema"]["pattern"]
        for _, _, operation in operations(document)
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path" and parameter["schema"]["type"] == "string"
    }
    pattern = document["components"]["schemas"]["NewMessage"]["properties"]["id"]["pattern"]
    assert patterns == {
        pattern,
        document["components"]["schemas"]["NewCollaborator"]["properties"]["user_id"]["pattern"],
        CALL_ID_PATTERN,
    }
    assert re.search(pattern, "lisbon-in-may")
    assert not re.search(pattern, "a/b")


def test_only_a_development_server_documents_its_tokens(document: Json) -> None:
    assert "/api/auth/dev-token" in document["paths"]
    production = create_app(api_settings("unix:///nowhere"))
    assert "/api/auth/dev-token" not in production.openapi_schema.to_schema()["paths"]


async def test_people_read_it_as_a_page_that_fetches_nothing(application: Litestar) -> None:
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        page = await client.get("/schema")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "src=" not in page.text
        assert "http:" not in page.text
        for told in ("Begin a session", "/api/sessions/{session_id}/stream", "NewMessage", "SESSION_BUSY"):
            assert told in page.text
        document = await client.get("/schema/openapi.json")
        assert document.headers["content-type"] == "application/json"
        assert document.json()["info"]["title"] == "TripSage"
        asyncapi = await client.get("/schema/asyncapi.json")
        assert asyncapi.json()["asyncapi"] == "3.0.0"


def test_the_table_gives_every_code_a_status_of_its_kind() -> None:
    assert set(STATUS) == set(ERRORS)
    assert all(400 <= status < 600 for status in STATUS.values())
