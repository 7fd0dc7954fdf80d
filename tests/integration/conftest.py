"""The engines of all integration tests: one Apache Kafka and both Mongo servers, started once a run."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.keys import create
from deploy.local.engines import Engines
from deploy.local.mongo import start_java_mongo
from deploy.local.ports import free_port
from shared.clock import real
from tests.deployment import Deployed

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    """Intake alone: what the other services would say, the tests of Open311 say themselves. Files that need another city have their own."""
    folder = tmp_path_factory.mktemp("city")
    async with Deployed(folder, engines.kafka_url, engines.mongo_url, {"intake": 1}) as here:
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def key(city: Deployed) -> str:
    """A key of another program, with a quota that no test uses up."""
    return await create(city.settings, "app", 10_000, 100_000, real())
