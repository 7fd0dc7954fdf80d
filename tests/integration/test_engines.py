"""The embedded engines: they answer, keep what they were given, and end with the program that started them."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient, ReplaceOne

from deploy.local.engines import DataFolderInUse, Engines
from deploy.local.jars import EngineUnavailable
from deploy.local.process import EngineFailed, Process

TOPIC = "said"


async def test_kafka_and_nx_keep_their_data_through_kill_and_restart(tmp_path: Path):
    engines = Engines(tmp_path)
    await asyncio.to_thread(engines.start)
    try:
        await _say(engines.kafka_url, "before")
        _store(engines.mongo_url, "before")
        engines.kill_broker()
        engines.kill_store()
        await asyncio.gather(asyncio.to_thread(engines.restart_broker), asyncio.to_thread(engines.restart_store))
        assert (await _heard(engines.kafka_url), _stored(engines.mongo_url)) == ("before", "before")
    finally:
        await asyncio.to_thread(engines.stop)

    again = Engines(tmp_path)
    await asyncio.to_thread(again.start)
    try:
        assert (again.kafka_url, again.mongo_url) == (engines.kafka_url, engines.mongo_url)
        assert (await _heard(again.kafka_url), _stored(again.mongo_url)) == ("before", "before")
    finally:
        await asyncio.to_thread(again.stop)


async def test_tansu_and_mongo_java_server_answer_and_a_second_run_in_their_folder_is_refused(tmp_path: Path):
    said: list[str] = []
    with Engines(tmp_path, broker="tansu", store="java", say=said.append) as engines:
        await _say(engines.kafka_url, "now")
        _store(engines.mongo_url, "now")
        assert (await _heard(engines.kafka_url), _stored(engines.mongo_url)) == ("now", "now")
        assert not engines.durable
        assert "will not outlive this run" in " ".join(said)
        with pytest.raises(DataFolderInUse, match="in use by process"):
            Engines(tmp_path).start()
        assert engines.store
        assert engines.store.alive


def test_engines_end_with_the_program_that_started_them_even_if_it_is_killed(tmp_path: Path):
    program = (
        "import sys, time; from pathlib import Path; from deploy.local.engines import Engines\n"
        "engines = Engines(Path(sys.argv[1]), broker='tansu'); engines.start()\n"
        "print(engines.broker.pid, engines.store.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        engines = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        parent.kill()
    _, alive = psutil.wait_procs(engines, timeout=5)
    assert len(engines) == 2
    assert alive == []


def test_where_the_jars_cannot_be_had_the_broker_is_tansu_and_kafka_by_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("PATH", "XDG_CACHE_HOME", "M2_REPO"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Engines(tmp_path / "auto") as engines:
        assert engines.broker
        assert (engines.broker.name, engines.durable) == ("Tansu", False)
    with pytest.raises(EngineUnavailable, match="could not fetch"):
        Engines(tmp_path / "named", broker="kafka").start()


def test_when_one_engine_cannot_start_the_other_is_stopped_and_the_folder_is_free_again(tmp_path: Path):
    (tmp_path / "kafka").write_text("a file where a folder should be")
    engines = Engines(tmp_path)
    before = psutil.Process().children()
    with pytest.raises(OSError, match="kafka"):
        engines.start()
    assert psutil.Process().children() == before
    with Engines(tmp_path, broker="tansu") as others:
        assert others.broker


def test_an_engine_that_ends_at_once_is_reported_with_its_last_words(tmp_path: Path):
    failing = Process("it", [sys.executable, "-c", "import sys; sys.exit('the disk is full')"], tmp_path / "out")
    with pytest.raises(EngineFailed, match=r"it ended with code 1(?s:.*)the disk is full"):
        failing.await_ready(_never, within=10)


def test_an_engine_that_ignores_the_request_to_stop_is_killed(tmp_path: Path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    process = Process("it", [sys.executable, "-c", deaf], tmp_path / "out")
    process.await_ready(_has_said(process, "up"), within=10)
    process.stop(grace=0.2)
    assert (process.alive, process.exit_code) == (False, -9)


def _never() -> bool:
    return False


def _has_said(process: Process, word: str) -> Callable[[], bool]:
    return lambda: word in process.last_words()


async def _say(kafka: str, word: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=False) as producer:
        await producer.send_and_wait(TOPIC, word.encode())


async def _heard(kafka: str) -> str:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(TOPIC, 0)])
        message = await asyncio.wait_for(consumer.getone(), 20)
        return str(message.value, "utf-8")
    finally:
        await consumer.stop()


def _store(mongo: str, word: str) -> None:
    with MongoClient[dict[str, object]](mongo) as client:
        guarded = ReplaceOne({"_id": "it", "offset": {"$lt": 1}}, {"_id": "it", "offset": 1, "word": word}, upsert=True)
        client["kept"]["words"].bulk_write([guarded], ordered=False)


def _stored(mongo: str) -> str:
    with MongoClient[dict[str, object]](mongo) as client:
        row = client["kept"]["words"].find_one({"_id": "it"})
        return str(row["word"]) if row else ""
