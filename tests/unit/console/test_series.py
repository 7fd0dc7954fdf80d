"""How many series a city makes: bounded by its types of report and departments, however many grids and cases it has."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from services.console import gauges
from services.console.app import service as console
from services.console.views.totals import Tally
from shared import metrics
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.status import REAL
from shared.terms import Grade
from shared.zeros import begin_at_zero

PAGE = Path(__file__).parents[3] / "docs/metrics.md"
DEMO = load_city(city_folder("demo"))
OF_HTTP = ("cases_request_seconds", "cases_responses", "cases_commands", "cases_refused_requests", "cases_reports")  # by what is asked


def large(city: City, grids: int) -> City:
    """Return the same city with so many grids."""
    one = next(iter(city.grids.values()))
    return city.model_copy(update={"grids": {f"g{n}": one for n in range(grids)}})


def counted(city: City) -> Counter[str]:
    """Return how many series of each metric the console has once every department and grid of the city has cases."""
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            metric.clear()
    gauges.time_of.cache_clear()
    gauges.stage_of.cache_clear()
    begin_at_zero(console)
    gauges.begin(city)
    tally = Tally({str(status): 1 for status in REAL}, 1)
    kinds: dict[str, Iterable[str]] = {"grade": Grade, "department": city.departments, "grid": city.grids, "category": city.categories}
    gauges.show_totals({(kind, str(value)): tally for kind, values in kinds.items() for value in values}, city)
    gauges.show_rates({key: {"assessed": 1} for key in city.departments}, "2026-03", city)
    registry = CollectorRegistry()
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            registry.register(metric)
    return Counter({family.name: len(family.samples) for family in registry.collect()})


def test_a_thousand_grids_make_no_more_series_than_a_few():
    assert counted(large(DEMO, 1000)) == counted(DEMO)


def test_the_page_says_how_many_series_the_console_of_the_demo_city_has():
    series = counted(large(DEMO, 1000))
    all = sum(count for name, count in series.items() if name not in OF_HTTP)
    times = sum(series[f"cases_{what}_seconds"] for what in metrics.TIMES)
    [told] = re.findall(r"begins with ([\d,]+) series, ([\d,]+) of them", PAGE.read_text(encoding="utf-8"))
    assert tuple(int(number.replace(",", "")) for number in told) == (all, times)


def test_the_page_says_how_many_series_there_can_be_at_most():
    groups = {category.group for category in DEMO.categories.values()}
    at_most = len(groups) * len(Grade) * len(DEMO.departments) * len(metrics.TIMES) * (len(metrics.LIFE) + 3)
    [told] = re.findall(r"at most ([\d,]+) if every group", PAGE.read_text(encoding="utf-8"))
    assert int(told.replace(",", "")) == at_most


def test_no_metric_tells_grids_categories_cases_or_people_apart():
    labels = {label for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase) for label in metric._labelnames}
    assert labels & {"grid", "category", "case", "case_id", "assignee", "person", "actor", "number", "key"} == set()
