"""The engines of all integration tests: one Apache Kafka and both Mongo servers, started once a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.engines import Engines
from deploy.local.mongo import start_java_mongo
from deploy.local.ports import free_port

SERVERS = ("nx-27017", "mongo-java-server")


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Apache Kafka, and nx-27017."""
    with Engines(tmp_path_factory.mktemp("engines"), broker="kafka") as started:
        yield started


@pytest.fixture(scope="session")
def kafka(engines: Engines) -> str:
    return engines.kafka_url


@pytest.fixture(scope="session")
def java_mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """mongo-java-server."""
    port = free_port()
    started = start_java_mongo(tmp_path_factory.mktemp("java") / "mongo", port, print)
    yield f"mongodb://127.0.0.1:{port}"
    started.stop()


@pytest.fixture(scope="session", params=SERVERS)
def mongo(request: pytest.FixtureRequest, engines: Engines) -> str:
    """Each of the two servers in turn."""
    url: str = engines.mongo_url if request.param == SERVERS[0] else request.getfixturevalue("java_mongo")
    return url


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "services"
