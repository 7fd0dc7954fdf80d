"""Readiness: every part that is amiss is named, and the metric says the same."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.readiness import amiss
from shared.store import StoreError
from shared.stream import Away


@dataclass
class Fake:
    """A process as far as readiness asks for it."""

    assigned: bool = True
    caught: bool = True
    behind: int = 0
    kafka: bool = True
    mongo: bool = True
    settings: Any = field(default_factory=lambda: SimpleNamespace(batch_events=10))
    service: Any = field(default_factory=lambda: SimpleNamespace(name="ready-or-not"))

    @property
    def assigned_once(self) -> Any:
        return SimpleNamespace(is_set=lambda: self.assigned)

    @property
    def recipe(self) -> Any:
        return SimpleNamespace(held={0: SimpleNamespace(caught=self.caught)})

    @property
    def store(self) -> Any:
        return self

    async def lag(self) -> int:
        if not self.kafka:
            raise Away("no broker")
        return self.behind

    async def ping(self) -> None:
        if not self.mongo:
            raise StoreError("no server")


@pytest.mark.parametrize(
    ("process", "parts"),
    [
        (Fake(), set()),
        (Fake(behind=100), set()),
        (Fake(behind=101), {"lag"}),
        (Fake(assigned=False), {"partitions"}),
        (Fake(caught=False, kafka=False), {"fold", "kafka"}),
        (Fake(mongo=False), {"mongo"}),
    ],
)
async def test_what_is_amiss_is_named_and_the_metric_says_the_same(process: Any, parts: set[str]):
    assert set(await amiss(process)) == parts
    assert REGISTRY.get_sample_value("cases_service_ready", {"service": "ready-or-not"}) == (0 if parts else 1)
