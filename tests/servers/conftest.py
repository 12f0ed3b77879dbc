"""The servers, started once; each test finds them as new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pages import ROOT
from tests.support.served_models import ModelServer, aimock_server, llmock_server


@pytest.fixture(scope="session")
def shared_aimock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    log: Path = tmp_path_factory.mktemp("aimock") / "log"
    with aimock_server(ROOT / "tests" / "data" / "aimock.json", log) as server:
        yield server


@pytest.fixture
def aimock(shared_aimock: ModelServer) -> ModelServer:
    shared_aimock.told("/__aimock/chaos")
    shared_aimock.told("/__aimock/reset/journal")
    return shared_aimock


@pytest.fixture(scope="session")
def shared_llmock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    with llmock_server(tmp_path_factory.mktemp("llmock") / "log") as server:
        yield server


@pytest.fixture
def llmock(shared_llmock: ModelServer) -> ModelServer:
    shared_llmock.told("/_llmock/reset")
    return shared_llmock
