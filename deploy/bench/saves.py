"""How many rows each service saved in a run, worked out from the log and from how often the service flushed.

A flush saves each row once that has changed since the flush before. So the messages of the run, as they arrived, are cut into as many equal
stretches of time as the service flushed, and each stretch counts each case once, each view row once, and each partition's progress once.
What is looked at again without an event is not counted: the count is rather low than high.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.bench.watch import Seen
from shared.case import Case, evolve, unknown
from shared.city import City
from shared.events import decode
from shared.service import Fold, Service

FLUSHES = "cases_flush_seconds_count"


@dataclass(frozen=True)
class Saves:
    """What one service saved, by collection: how many rows in all, and how many different ones; in so many flushes."""

    flushes: int
    rows: Mapping[str, int]
    different: Mapping[str, int]


def flushes_of(urls: Mapping[str, str]) -> dict[str, int]:
    """Return how often each service has flushed since it started."""
    return {name: int(sample(httpx.get(f"{url}/metrics", trust_env=False).text, FLUSHES)) for name, url in urls.items()}


def sample(text: str, name: str) -> float:
    found = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return next((one.value for one in found if one.name == name), 0.0)


def folds_of(seen: Sequence[Seen]) -> list[tuple[float, Fold]]:
    """Return what the messages of whole lives do, each with its time; a partition's messages come in order."""
    cases: dict[str, Case] = {}
    folds = []
    for one in seen:
        event = decode(one.value)
        before = cases.get(event.case_id) or unknown(event.case_id)
        after = cases[event.case_id] = evolve(before, event)
        folds.append((one.at, Fold(before, event, after, one.partition, one.offset)))
    return folds


def saves_of(service: Service, folds: Sequence[tuple[float, Fold]], flushes: int, city: City) -> Saves:
    """Return what a service saved that flushed so often while these folds happened."""
    first, last = folds[0][0], folds[-1][0]
    width = (last - first) / max(1, flushes) or 1.0
    saved: set[tuple[int, str, object]] = set()
    for at, fold in folds:
        stretch = int((at - first) / width)
        saved |= {(stretch, "cases", fold.event.case_id), (stretch, "progress", fold.partition)}
        for view in service.projections:
            saved |= {(stretch, view.name, (fold.partition, key)) for key in view.keys(fold, city)}
    different = {(collection, key) for _, collection, key in saved}
    return Saves(max(1, flushes), Counter(one for _, one, _ in saved), Counter(one for one, _ in different))
