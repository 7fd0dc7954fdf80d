"""What is answered while Kafka is away, or while nobody folds: never a false yes."""

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from deploy.local.engines import Engines
from tests.deployment import Deployed
from tests.eventually import eventually, it_holds
from tests.facts import NOISE, reported

OPERATOR = "operator-02"
TRY_AGAIN = os.EX_SOFTWARE


async def test_without_kafka_the_answer_is_503_and_the_same_again_makes_one_case(engines: Engines, data: Path):
    assert engines.broker is not None
    async with AsyncExitStack() as undo:
        here = await undo.enter_async_context(Deployed(data, engines.kafka_url, engines.mongo_url, {"intake": 1, "triage": 1}))
        undo.enter_context(here.system.supervise())
        await here.say(reported("waits", category=None, text="???"))
        await here.at_rest()
        body, rejection = {"text": "路灯不亮", "channel": "phone"}, {"reason": "not for the city"}

        async def report() -> httpx.Response:
            return await here.ask("POST", "intake", "/reports", key="again", json=body)

        async def reject(case_id: str) -> httpx.Response:
            return await here.ask("POST", "triage", f"/cases/{case_id}/rejection", by=OPERATOR, key="no", json=rejection)

        engines.broker.pause()
        try:
            read = await here.ask("GET", "intake", "/cases/waits")
            answers = await asyncio.gather(report(), reject("waits"), reject("nobody"))
        finally:
            engines.broker.resume()
        assert read.status_code == 200, "reading goes on"
        assert [answer.status_code for answer in answers] == [503, 503, 503]
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)

        async def answered() -> str:
            answer = await report()
            assert answer.status_code == 201, answer.text
            return str(answer.json()["case_id"])

        async def rejected() -> bool:
            return (await reject("waits")).is_success

        case_id = await eventually(answered)
        await eventually(rejected)
        assert await eventually(answered) == case_id
        await here.at_rest()
        assert sorted(event.case_id for event in await here.effective("case.reported")) == sorted(["waits", case_id])
        assert len(await here.effective("case.rejected")) == 1


async def test_a_process_that_cannot_go_on_ends_and_its_successor_goes_on(engines: Engines, data: Path):
    assert engines.store is not None
    impatient = {"GRIDCASE_STALL_SECONDS": "10", "GRIDCASE_PATIENCE_SECONDS": "10"}
    async with Deployed(data, engines.kafka_url, engines.mongo_url, {"triage": 1}, impatient) as here:
        await here.say(reported("before"))
        await here.at_rest()
        triage = here.system.processes["triage"]
        first = triage.process
        assert first is not None
        engines.store.pause()
        try:
            await here.say(*[reported(f"meanwhile-{n}") for n in range(8)])
            await it_holds(lambda: not first.alive)
            assert first.exit_code == TRY_AGAIN, first.last_words()
        finally:
            engines.store.resume()
        triage.start()
        await here.at_rest()
        assert len(await here.effective("case.triaged")) == 9
        assert len(here.bodies("triage")) == 9


async def test_what_is_in_the_log_but_not_yet_folded_is_202_and_takes_effect(engines: Engines, data: Path):
    quick = {"GRIDCASE_ANSWER_SECONDS": "1"}
    async with Deployed(data, engines.kafka_url, engines.mongo_url, {"triage": 2}, quick) as here:
        await here.say(*[reported(f"case-{n}", category=None, text="???") for n in range(40)])
        await here.at_rest()

        async def shared_out() -> list[str]:
            held = (await here.progress("triage-2"))["next"]
            return [f"case-{n}" for n in range(40) if str(here.log.partition(f"case-{n}".encode())) in held]

        theirs = await eventually(shared_out)
        here.system.processes["triage-2"].pause()
        correction = {"category": NOISE}
        answer = await here.ask("POST", "triage", f"/cases/{theirs[0]}/classification", by=OPERATOR, key="k", json=correction)
        assert (answer.status_code, answer.json()["case"]) == (202, theirs[0]), answer.text

        async def took_over() -> bool:
            again = await here.ask("POST", "triage", f"/cases/{theirs[0]}/classification", by=OPERATOR, key="k", json=correction)
            assert again.status_code in (200, 202, 503), again.text
            return again.status_code == 200

        await eventually(took_over)
        here.system.processes["triage-2"].resume()
        assert [took for event, took in (await here.told())[theirs[0]] if event.type == "case.reclassified"].count(True) == 1
