"""Counters begin at zero, so that Prometheus sees their first step: an increase is the difference of two numbers that it has read."""

from importlib.metadata import version

from shared import metrics
from shared.events import EVENT_TYPES, OWNERS
from shared.service import Service

FAILING_STEPS = ("decode", "evolve", "project", "decide")


def begin_at_zero(service: Service) -> None:
    """Name the series of a service that an alert or a rate is about, before anything has happened; and what is running."""
    name = service.name
    for step in FAILING_STEPS:
        metrics.DEAD.labels(name, step)
    for kind in EVENT_TYPES:
        metrics.EVENTS.labels(name, kind)
        metrics.IGNORED.labels(name, kind)
        if OWNERS[kind] == name:
            metrics.FACTS.labels(name, kind)
            metrics.MUTED.labels(name, kind)
    metrics.READY.labels(name).set(0)
    metrics.BUILD.labels(name, version("gridcase"), str(service.views)).set(1)
