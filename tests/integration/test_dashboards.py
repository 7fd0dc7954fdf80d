"""A small day of the city goes through running services, and a real Prometheus answers every query of every panel and rule."""

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from deploy.demo.day import DAWN
from deploy.demo.pace import Pace, midnight
from deploy.grafana.boards import BOARDS
from deploy.grafana.panel import Board, Panel
from deploy.issuer.badges import Badges
from deploy.local.engines import Engines
from deploy.local.ports import free_port
from deploy.system import SERVICES, System
from shared.terms import Grade
from tests.deployment import unique
from tests.eventually import eventually
from tests.integration.small_day import CITY, lived
from tests.integration.watching import Prometheus, filled_in, watching

SLOW = 600  # seconds a test of this file may take: the first one waits for the day
SHOWN_FOR = 1800.0

pytestmark = pytest.mark.timeout(SLOW)


@dataclass(frozen=True)
class Watched:
    """A city in which a day went by, the Prometheus that watched, and what the console itself says."""

    prometheus: Prometheus
    urls: dict[str, str]
    totals: dict[str, Any]
    rates: dict[str, tuple[int, int]]
    accepted: int


def shown_by(system: System, path: str) -> Any:
    signed = Badges(system.mint, CITY).bearer("operator-01")
    answer = httpx.get(f"{system.urls['console']}{path}", timeout=60, trust_env=False, headers=signed)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def settled(prometheus: Prometheus, rates: dict[str, tuple[int, int]]) -> None:
    """Wait until both consoles have shown the rates as they are now: they read them once a minute."""

    async def probe() -> bool:
        shown = {
            one.labels["rate"]: one.values[0] for one in prometheus.instant("sum by (rate) (department_rate:cases_rate_denominator:max)")
        }
        consoles = prometheus.instant("sum by (instance) (cases_rate_denominator)")
        return len({tuple(one.values) for one in consoles}) == 1 < len(consoles) and all(
            shown.get(rate) == of for rate, (_, of) in rates.items()
        )

    await eventually(probe, 150, every=1.0)


@pytest.fixture(scope="module")
def watched(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Five services, a day, then a second console beside the first one; Prometheus looks on all the time."""
    data = tmp_path_factory.mktemp("watched")
    clock = data / "clock"
    environment = {"GRIDCASE_TOPIC": unique("watched-"), "GRIDCASE_DATABASE": unique("w"), "GRIDCASE_PARTITIONS": "4",
                   "GRIDCASE_CLOCK_FILE": str(clock), "GRIDCASE_FLUSH_SECONDS": "0.05", "GRIDCASE_SWEEP_SECONDS": "0.05"}  # fmt: skip
    pace = Pace(clock, midnight(ZoneInfo(CITY.zone), clock) + timedelta(hours=DAWN), None)
    second = free_port()
    system = System(data, kafka=engines.kafka_url, mongo=engines.mongo_url, environment=environment, issuer="keys", say=lambda _: None)
    with watching(data, {**system.ports, "console-2": second}) as prometheus, system:
        accepted = asyncio.run(lived(system, pace))
        another = system.run("console-2", second)
        try:
            [month] = [item for item in shown_by(system, "/rates?by=month")["items"] if item["key"] == "2026-03"]
            rates = {rate["rate"]: (rate["numerator"], rate["denominator"]) for rate in month["rates"]}
            kept = {name: rates[name] for name in ("response", "resolution", "satisfaction", "finishing")}
            asyncio.run(settled(prometheus, kept))
            yield Watched(prometheus, system.urls, shown_by(system, "/totals"), kept, accepted)
        finally:
            another.stop()


PANELS = [(board, panel) for board in BOARDS for panel in board.panels]


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=lambda of: of.en)
def test_every_query_of_a_panel_is_answered_and_finds_what_it_asks_for(watched: Watched, board: Board, panel: Panel):
    for query in panel.queries:
        expr = filled_in(query.expr, board)
        found = watched.prometheus.over(expr, SHOWN_FOR, 5) if panel.kind == "lines" else watched.prometheus.instant(expr)
        assert panel.may_be_empty or any(one.values for one in found), f"nothing for {expr}"


@pytest.mark.parametrize("choice", [choice for board in BOARDS for choice in board.choices], ids=lambda choice: choice.en)
def test_what_the_reader_can_choose_is_found(watched: Watched, choice: Any):
    assert len(watched.prometheus.values(choice.query)) >= len(SERVICES)


def test_every_rule_is_well(watched: Watched):
    rules = watched.prometheus.rules()
    assert {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] != "ok"} == {}
    assert len(rules) > 30


def test_every_recording_rule_records_something(watched: Watched):
    recorded = [rule["name"] for rule in watched.prometheus.rules() if rule["type"] == "recording"]
    assert [name for name in recorded if not any(one.values for one in watched.prometheus.over(name, SHOWN_FOR, 5))] == []


def test_an_emergency_that_nobody_took_on_is_alarming(watched: Watched):
    firing = {rule["name"] for rule in watched.prometheus.rules() if rule["type"] == "alerting" and rule["state"] != "inactive"}
    assert {"EmergencyDeadlineMissed", "EmergencyOverdue"} <= firing
    assert firing.isdisjoint({"ServiceDown", "DeadLetters", "FactsMuted", "FoldingBehind", "IntakeBroken", "PackNotTakenUp"})


def summed(watched: Watched, expr: str) -> float:
    [found] = watched.prometheus.instant(expr)
    return found.values[0]


def test_two_consoles_are_not_counted_twice(watched: Watched):
    counted = watched.totals["all"]
    assert len(watched.prometheus.instant('cases_open{grade="emergency"}')) == 2
    assert summed(watched, "sum(grade:cases_open:max)") == summed(watched, "sum(department:cases_open:max)") == counted["open"]
    assert summed(watched, "sum(grade:cases_overdue:max)") == counted["overdue"] > 0
    assert summed(watched, "sum(status:cases_in_status:max)") == counted["reported"]


def test_what_is_counted_live_equals_the_read_models(watched: Watched):
    times = watched.totals["times"]["all"]
    for what in ("assignment", "acceptance", "response", "resolution"):
        assert summed(watched, f"sum(cases_{what}_seconds_count)") == times[what]["count"] > 0
    for stage in ("accept", "dispatch", "handle", "check"):
        assert summed(watched, f'sum(cases_stage_seconds_count{{stage="{stage}"}})') == times["stages"][stage]["count"] > 0
    assert summed(watched, "sum(cases_reports_total)") == watched.accepted


def test_the_rates_are_those_that_the_console_answers(watched: Watched):
    shown = {one.labels["rate"]: one.values[0] for one in watched.prometheus.instant("rate:cases_rate:ratio")}
    assert shown == {rate: pytest.approx(good / of) for rate, (good, of) in watched.rates.items() if of}
    assert shown


def test_deadlines_are_counted_by_grade(watched: Watched):
    missed = watched.prometheus.instant('sum by (which) (cases_missed_deadlines_total{grade="emergency"}) > 0')
    assert {"respond", "resolve"} <= {one.labels["which"] for one in missed}
    assert {one.labels["grade"] for one in watched.prometheus.instant("sum by (grade) (cases_missed_deadlines_total)")} >= set(Grade)


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_shows_follows_the_conventions(watched: Watched, service: str):
    shown = httpx.get(f"{watched.urls[service]}/metrics", timeout=30, trust_env=False).content
    linted = subprocess.run(["promtool", "check", "metrics"], input=shown, capture_output=True, timeout=60, check=False)
    assert (linted.returncode, linted.stdout + linted.stderr) == (0, b"")


def test_a_city_makes_a_bounded_number_of_series(watched: Watched):
    by_job = {
        one.labels["service"]: one.values[0]
        for one in watched.prometheus.instant('max by (service) (scrape_samples_scraped{job="gridcase"})')
    }
    assert by_job.pop("console") < 7000
    assert max(by_job.values()) < 1000
