"""A running service that is given the same again, or what it cannot read, or a log that is not its own."""

import asyncio
import os
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient

from deploy.dead import read_dead, resend
from deploy.system import System
from deploy.topics import create_topics
from shared.events import MAX_BYTES, encode
from tests.deployment import Deployed, unique
from tests.eventually import eventually, it_holds
from tests.facts import LAMP, reported

REFUSED = os.EX_CONFIG


async def stopped(here: Deployed, *processes: str) -> None:
    """Stop processes of a deployment as a person would."""
    for name in processes:
        here.system.processes[name].stop(20)


async def started(here: Deployed, *processes: str) -> None:
    for name in processes:
        here.system.processes[name].start()


async def refused(here: Deployed, name: str) -> str:
    """Start a process that must refuse to run; return what it says."""
    await started(here, name)
    process = here.system.processes[name].process
    assert process is not None
    await it_holds(lambda: not process.alive)
    assert process.exit_code == REFUSED
    return process.last_words()


def lamps(count: int) -> list[Any]:
    """Return reports of lamps, every third at the place of another one."""
    spots = [{"lat": 30.002 + 0.002 * (n - n % 3), "lon": 104.005} for n in range(count)]
    return [reported(f"lamp-{n}", category=LAMP, location=spot) for n, spot in enumerate(spots)]


async def test_what_is_delivered_again_or_doubled_changes_nothing(kafka: str, mongo: str, data: Path):
    async with Deployed(data, kafka, mongo, {"triage": 1, "console": 1}) as here:
        await here.say(*lamps(12))
        await here.at_rest()
        hashes, took = {name: here.hash(name) for name in here.running}, await effective(here)
        assert {"case.triaged", "case.merged", "case.joined"} <= {kind for kind, _ in took}

        await stopped(here, "triage", "console")
        for name in here.running:
            await here.forget_offsets(name)
        await started(here, "triage", "console")
        await eventually(lambda: read_again(here))
        await here.at_rest()
        assert {name: here.hash(name) for name in here.running} == hashes
        assert await effective(here) == took

        bodies = {name: here.bodies(name) for name in here.running}
        for record in await here.records():
            await here.log.producer.send(here.settings.topic, record.value, key=record.key, partition=record.partition)
        await here.log.producer.flush()
        await here.at_rest()
        assert {name: here.bodies(name) for name in here.running} == bodies
        assert await effective(here) == took


async def effective(here: Deployed) -> list[tuple[str, str]]:
    return sorted((event.type, event.id) for facts in (await here.told()).values() for event, took in facts if took)


async def read_again(here: Deployed) -> bool:
    """Whether both groups have committed all that there is, after their offsets were forgotten."""
    ends = {partition: end for partition, end in (await here.ends()).items() if end}
    groups = [here.database(name).name for name in here.running]
    return all([ends.items() <= (await here.log.committed(group)).items() for group in groups])


async def test_what_cannot_be_read_is_put_aside_with_its_place_and_reason_and_the_partition_flows_on(kafka: str, mongo: str, data: Path):
    async with Deployed(data, kafka, mongo, {"intake": 1, "triage": 1}) as here:
        good = reported("good-1")
        home = here.log.partition(b"good-1")
        astray = (home + 1) % here.log.partitions
        bad: dict[str, tuple[bytes | None, bytes | None, int]] = {
            "Invalid JSON": (b"good-1", b"{ this is no JSON", home),
            "does not match any of the expected tags": (b"good-1", encode(good).replace(b"case.reported", b"case.forgotten"), home),
            "Field required": (b"good-1", b'{"type": "case.reported"}', home),
            "is not the case id": (b"somebody-else", encode(good), home),
            f"partition {astray} is not the key's": (b"good-1", encode(good), astray),
            "EOF while parsing": (None, None, home),
            "expected value": (b"good-1", b"\xff\xfe\x00", home),
            "trailing characters": (b"good-1", b"1" + b" " * (4 * MAX_BYTES) + b"x", home),
        }
        places = {}
        for reason, (key, value, partition) in bad.items():
            stands = await raw(here, key, value, partition)
            places[reason] = (partition, stands)
        await here.say(good)
        await eventually(lambda: has_triaged(here, "good-1"))

        letters = await eventually(lambda: all_letters(here, len(bad)))
        assert len(letters) == len(bad), "one dead letter each, not one of every service"
        for reason, place in places.items():
            [found] = [(head, value) for head, value in letters if (int(head["partition"]), int(head["offset"])) == place]
            assert reason in found[0]["reason"]
            assert (found[0]["step"], found[0]["service"]) == ("decode", "intake")
            assert (found[1] or b"") == (bad[reason][1] or b"")

        astray_letter = next(letter for letter in await read_dead(here.settings) if "is not the key's" in letter.headers["reason"])
        other = reported("good-2")
        strayed = await raw(here, b"good-2", encode(other), (here.log.partition(b"good-2") + 1) % here.log.partitions)
        assert strayed >= 0
        await eventually(lambda: all_letters(here, len(bad) + 1))
        await resend(here.settings, astray_letter.offset, here.said.append)
        await resend(here.settings, max(letter.offset for letter in await read_dead(here.settings)), here.said.append)
        await eventually(lambda: has_triaged(here, "good-2"))
        assert "good-2" in (await here.told())
        await here.at_rest()
        assert here.bodies("triage").keys() == {"good-1", "good-2"}


async def raw(here: Deployed, key: bytes | None, value: bytes | None, partition: int) -> int:
    """Put any bytes into the log; return their offset. Of a message that is nothing at all the key is the empty one."""
    sent = await here.log.producer.send_and_wait(
        here.settings.topic, value, key=b"" if key is None and value is None else key, partition=partition
    )
    return int(sent.offset)


async def has_triaged(here: Deployed, case_id: str) -> bool:
    return any(event.type == "case.triaged" and took for event, took in (await here.told()).get(case_id, []))


async def all_letters(here: Deployed, count: int) -> list[tuple[dict[str, str], bytes | None]]:
    letters = await here.dead()
    assert len(letters) >= count, [head["reason"][:80] for head, _ in letters]
    return letters


async def test_a_log_that_was_replaced_and_a_database_that_was_restored_are_refused(kafka: str, mongo: str, data: Path):
    async with Deployed(data, kafka, mongo, {"triage": 1}) as here:
        database = here.database("triage")
        await here.say(*[reported(f"case-{n}") for n in range(8)])
        await here.at_rest()
        older = {name: list(database[name].find()) for name in ("cases", "progress")}
        await here.say(*[reported(f"later-{n}") for n in range(8)])
        await here.at_rest()
        await eventually(lambda: read_again(here))
        await stopped(here, "triage")

        newer = {name: list(database[name].find()) for name in ("cases", "progress")}
        put_back(here, older)
        words = await refused(here, "triage")
        assert "the database was replaced or restored" in words
        assert "gridcase rebuild triage --fresh" in words

        put_back(here, newer)
        await started(here, "triage")
        await here.say(reported("still-works"))
        await eventually(lambda: has_triaged(here, "still-works"))
        await here.at_rest()
        await stopped(here, "triage")

        await replaced(here)
        words = await refused(here, "triage")
        assert "it was replaced" in words
        await here.say(*[reported(f"other-{n}") for n in range(200)])
        words = await refused(here, "triage")
        assert "is not the one that was folded: the log was replaced" in words
        assert "gridcase rebuild triage --fresh" in words


def put_back(here: Deployed, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Give the database of triage these rows and no others."""
    for name, documents in rows.items():
        here.database("triage")[name].delete_many({})
        here.database("triage")[name].insert_many(documents)


async def replaced(here: Deployed) -> None:
    """Delete the topic and make it anew, as somebody does who starts again with an empty Kafka."""
    admin = AIOKafkaAdminClient(bootstrap_servers=here.settings.kafka)
    await admin.start()
    try:
        await admin.delete_topics([here.settings.topic])

        async def gone() -> bool:
            return here.settings.topic not in await admin.list_topics()

        await eventually(gone)
        await create_topics(here.settings)

        async def empty() -> bool:
            return set((await here.ends()).values()) == {0}

        await eventually(empty)
    finally:
        await admin.close()


async def test_a_copy_folded_beside_the_running_one_is_the_same_and_says_nothing(kafka: str, mongo: str, data: Path):
    async with Deployed(data, kafka, mongo, {"triage": 1, "console": 1}) as here:
        await here.say(*lamps(9), *[reported(f"unplaced-{n}", category=None, text="???") for n in range(3)])
        await here.at_rest()
        ends = await here.ends()
        edition = unique("r")
        silent = {**here.environment, "GRIDCASE_EDITION": edition, "GRIDCASE_SILENT": "1"}
        beside = System(
            data / "beside", kafka=kafka, mongo=mongo, environment=silent, say=here.said.append, replicas=only("triage", "console")
        )
        await asyncio.to_thread(beside.start, 120)
        try:
            for name in here.running:
                await here.at_rest(name, edition=edition)
        finally:
            await asyncio.to_thread(beside.stop)
        assert {name: here.hash(name, edition) for name in here.running} == {name: here.hash(name) for name in here.running}
        assert await here.ends() == ends


def only(*names: str) -> dict[str, int]:
    return {name: int(name in names) for name in ("console", "intake", "triage", "dispatch", "closure")}
