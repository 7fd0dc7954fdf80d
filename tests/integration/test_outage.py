"""What is answered while Kafka is away, or while nobody folds: never a false yes."""

from pathlib import Path

from deploy.local.engines import Engines

from tests.deployment import Deployed
from tests.eventually import eventually
from tests.facts import NOISE, reported

OPERATOR = "operator-02"


async def test_without_kafka_the_answer_is_503_and_the_same_again_makes_one_case(engines: Engines, data: Path):
    assert engines.broker is not None
    async with Deployed(data, engines.kafka_url, engines.mongo_url, {"intake": 1, "triage": 1}) as here:
        await here.say(reported("waits", category=None, text="???"))
        await here.at_rest()
        body = {"text": "路灯不亮", "channel": "phone"}
        rejection = {"reason": "not for the city"}
        engines.broker.pause()
        try:
            away = await here.ask("POST", "intake", "/reports", key="again", json=body)
            stalled = await here.ask("POST", "triage", "/cases/waits/rejection", by=OPERATOR, key="no", json=rejection)
            unknown = await here.ask("POST", "triage", "/cases/nobody/rejection", by=OPERATOR, json=rejection)
            read = await here.ask("GET", "intake", "/cases/waits")
        finally:
            engines.broker.resume()
        assert (away.status_code, stalled.status_code, unknown.status_code, read.status_code) == (503, 503, 503, 200)
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in (away, stalled, unknown))

        async def answered() -> str:
            answer = await here.ask("POST", "intake", "/reports", key="again", json=body)
            assert answer.status_code == 201, answer.text
            return str(answer.json()["case_id"])

        async def rejected() -> bool:
            return (await here.ask("POST", "triage", "/cases/waits/rejection", by=OPERATOR, key="no", json=rejection)).is_success

        case_id = await eventually(answered)
        await eventually(rejected)
        assert await answered() == case_id
        await here.at_rest()
        assert [event.case_id for event in await here.effective("case.reported")] in (["waits", case_id], [case_id, "waits"])
        assert len(await here.effective("case.rejected")) == 1


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
