"""The promises of the design, held against what is left after a storm: the log, the databases, and the answers that people got."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from deploy.check.run import run_check
from deploy.local.engines import Engines
from deploy.system import System
from shared.case import Case, dump, evolve
from shared.events import OWNERS, AnyEvent
from tests.deployment import unique
from tests.e2e.conftest import EVERYBODY, Town, town
from tests.e2e.load import Load
from tests.e2e.storm import Storm

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]
LIVES = 240
MOST_MACHINE_FACTS = 80  # of one case: three offers a level, four levels, deadlines, and a few turns of life
MOST_REPEATS = 20  # of one fact: every death of its speaker may say it again
RELEASES = {
    "assignment.declined",
    "assignment.expired",
    "case.returned",
    "case.withdrawn",
    "case.rejected",
    "case.merged",
    "case.transferred",
    "case.reopened",
}


@dataclass
class Aftermath:
    """What is left when the storm is over, all deadlines have passed, and everybody has fallen silent."""

    town: Town
    load: Load
    storm: Storm
    told: dict[str, list[tuple[AnyEvent, bool]]]

    def effective(self) -> list[list[AnyEvent]]:
        return [[event for event, took in facts if took] for facts in self.told.values()]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def after(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Aftermath]:
    data = tmp_path_factory.mktemp("storm")
    with Engines(data / "engines", broker="kafka") as engines:
        async with town(data, engines, {**EVERYBODY, "dispatch": 2}, GRIDCASE_PARTITIONS="12") as here:
            load = Load(here.here, data / "answers.ndjson", LIVES)
            storm = Storm(here, load)
            ticking = asyncio.create_task(storm.ticking())
            await asyncio.gather(load.run(), storm.rage())
            ticking.cancel()
            await here.here.at_rest()
            for stride in (80, 30, 30):
                await here.forward(timedelta(hours=stride), most=timedelta(hours=80))
            yield Aftermath(here, load, storm, await here.here.told())


async def test_the_storm_was_one(after: Aftermath):
    system = after.town.here.system
    assert len(after.storm.happened) == len(after.storm.faults())
    assert all(system.processes[name].restarts > 0 for name in system.processes)
    assert not any(process.gone for process in system.processes.values())
    assert len(after.load.reports) == LIVES
    statuses = Counter(answer.status for answer in after.load.commands)
    assert statuses[200] > LIVES
    assert statuses[409] + statuses[412] > 0, "people were never in one another's way"


async def test_promise_1_an_acknowledged_report_is_never_lost(after: Aftermath):
    assert len(set(after.load.reports.values())) == LIVES
    for case_id in after.load.reports.values():
        assert [event.type for event, took in after.told[case_id] if took][:1] == ["case.reported"]
        assert [took for event, took in after.told[case_id] if event.type == "case.reported"].count(True) == 1
    reported = [facts[0].case_id for facts in after.effective() if facts[0].type == "case.reported"]
    assert sorted(reported) == sorted(after.load.reports.values()), "no case without a report"


async def test_promise_2_all_readers_of_the_log_have_the_same_cases(after: Aftermath):
    folded = {case_id: dump(fold(facts)) for case_id, facts in after.told.items()}
    for name in EVERYBODY:
        assert after.town.here.bodies(name) == folded


def fold(facts: list[tuple[AnyEvent, bool]]) -> Case:
    case = Case(id=facts[0][0].case_id)
    for event, _ in facts:
        case = evolve(case, event)
    return case


async def test_promise_3_one_assignee_one_close_and_no_step_skipped(after: Aftermath):
    closes = 0
    for facts in after.effective():
        versions = [event.on for event in facts if hasattr(event, "on")]
        assert versions == list(range(len(versions)))
        assert len({event.id for event in facts}) == len(facts)
        holder, closed = None, False
        for event in facts:
            assert not (closed and hasattr(event, "on") and event.type != "case.reopened"), event
            if event.type == "case.assigned":
                assert holder is None, event
                holder = event.assignee
            elif event.type in RELEASES:
                holder = None
            closed = event.type == "case.closed" or (closed and event.type != "case.reopened")
            closes += event.type == "case.closed"
    assert closes > LIVES / 3


async def test_promise_4_the_services_fall_silent(after: Aftermath):
    here = after.town.here
    before = await here.ends()
    for _ in range(3):
        await after.town.forward(timedelta(minutes=1))
    assert await here.ends() == before
    for case_id, facts in after.told.items():
        by_machines = [event for event, _ in facts if event.by == OWNERS[event.type]]
        assert len(by_machines) <= MOST_MACHINE_FACTS, case_id
        assert max(Counter(event.id for event, _ in facts).values()) <= MOST_REPEATS, case_id


async def test_promise_5_an_answer_over_http_is_true(after: Aftermath):
    fates: dict[str, list[bool]] = {}
    for facts in after.told.values():
        for event, took in facts:
            fates.setdefault(event.id, []).append(took)
    wrong = []
    for answer in after.load.commands:
        if answer.event_id is None:
            continue
        times = fates.get(answer.event_id, []).count(True)
        expected = {200: (1,), 202: (0, 1), 409: (0,), 412: (0,)}.get(answer.status, ())
        if times not in expected:
            wrong.append((answer, times))
    assert wrong == []


async def test_promise_6_a_bad_message_stops_nothing_and_does_not_disappear(after: Aftermath):
    letters = {(int(head["partition"]), int(head["offset"])): head for head, _ in await after.town.here.dead()}
    assert letters.keys() == set(after.storm.poisoned)
    assert all(head["reason"] and head["step"] == "decode" for head in letters.values())
    ends = await after.town.here.ends()
    assert {name: after.town.here.folded_to(name) for name in EVERYBODY} == dict.fromkeys(EVERYBODY, ends)


async def test_promise_7_every_copy_can_be_built_anew_beside_the_old_one_and_is_the_same(after: Aftermath):
    here, edition = after.town.here, unique("r")
    environment = {**here.environment, "GRIDCASE_EDITION": edition, "GRIDCASE_SILENT": "1"}
    engines, ends = after.town.engines, await here.ends()
    data = after.town.clock.parent / "beside"
    beside = System(data, kafka=engines.kafka_url, mongo=engines.mongo_url, environment=environment, say=here.said.append)
    await asyncio.to_thread(beside.start, 120)
    try:
        for name in EVERYBODY:
            await here.at_rest(name, edition=edition)
    finally:
        await asyncio.to_thread(beside.stop)
    for name in EVERYBODY:
        assert here.rows(name, edition) == here.rows(name), name
        assert here.hash(name, edition) == here.hash(name)
        here.mongo.drop_database(here.database(name, edition).name)
    assert await here.ends() == ends


async def test_the_check_which_knows_nothing_of_the_services_finds_no_violation(after: Aftermath):
    here, engines = after.town.here, after.town.engines
    result = await asyncio.to_thread(
        run_check, engines.kafka_url, engines.mongo_url, here.settings.database, here.settings.topic, after.load.file, 1.0, after.town.now
    )
    assert result.violations == []
    assert result.cases >= LIVES
