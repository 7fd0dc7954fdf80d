"""The broker and the database that `gridcase` runs for itself in one data folder, where none is given by URL.

A folder belongs to one run at a time, and its engines come back on the ports that they had.
"""

import fcntl
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.local.jars import EngineUnavailable, Say
from deploy.local.kafka import JavaRun, find_kafka, start_kafka
from deploy.local.mongo import start_java_mongo, start_nx
from deploy.local.ports import free_port
from deploy.local.process import EngineFailed, Process
from deploy.local.tansu import start_tansu


class DataFolderInUse(RuntimeError):
    """Another run of gridcase works in this data folder."""


class Ports(BaseModel):
    """The ports of the last run in a folder."""

    model_config = ConfigDict(frozen=True)

    kafka: int
    mongo: int


def _silent(_: str) -> None:
    return


class Engines:
    """Starts what has no URL; `with Engines(folder) as engines:` stops it at the end."""

    kafka_url: str
    mongo_url: str
    durable: bool
    broker: Process | None = None
    store: Process | None = None

    def __init__(
        self,
        data: Path,
        kafka: str | None = None,
        mongo: str | None = None,
        broker: Literal["auto", "kafka", "tansu"] = "auto",
        store: Literal["nx", "java"] = "nx",
        say: Say = _silent,
    ) -> None:
        """`kafka` (host:port) and `mongo` (mongodb://) are used, not started; `say` hears what is slow or lacking."""
        self._data, self._given_kafka, self._given_mongo = data.resolve(), kafka, mongo
        self._broker_kind, self._store_kind, self._say = broker, store, say
        self._kafka: JavaRun | None = None
        self._ports = Ports(kafka=0, mongo=0)
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start both engines at once and return when they answer; whatever fails, nothing is left running."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            self._take_folder()
            self._choose_ports()
            self._choose_broker()
            starting = [_in_background(start) for start in self._starts()]
            wait(starting)
            for started in starting:
                started.result()
            undo.pop_all()

    def stop(self) -> None:
        """Stop what was started, the broker last, and leave the folder to others."""
        for engine in (self.store, self.broker):
            if engine:
                engine.stop()
        self.store = self.broker = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def restart_broker(self) -> None:
        """Stop the broker if it runs, and start it again on its port."""
        if self.broker:
            self.broker.stop()
            self._start_broker()

    def restart_store(self) -> None:
        """Stop the store if it runs, and start it again on its port."""
        if self.store:
            self.store.stop()
            self._start_store()

    def kill_broker(self) -> None:
        if self.broker:
            self.broker.kill()

    def kill_store(self) -> None:
        if self.store:
            self.store.kill()

    def _take_folder(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        lock = (self._data / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with lock:
                lock.seek(0)
                owner = lock.read().strip()
            raise DataFolderInUse(f"{self._data} is in use by process {owner}. Stop that first, or choose another folder.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def _choose_ports(self) -> None:
        remembered = self._data / "ports.json"
        last = None
        if remembered.exists():
            try:
                last = Ports.model_validate_json(remembered.read_bytes())
            except ValidationError:
                self._say(f"{remembered} is damaged; other ports are taken.")
        kafka, mongo = (last.kafka, last.mongo) if last else (None, None)
        self._ports = Ports(kafka=free_port(kafka), mongo=free_port(mongo))
        remembered.write_text(self._ports.model_dump_json())
        self.kafka_url = self._given_kafka or f"127.0.0.1:{self._ports.kafka}"
        self.mongo_url = self._given_mongo or f"mongodb://127.0.0.1:{self._ports.mongo}"

    def _choose_broker(self) -> None:
        """Settle on Kafka or Tansu before anything starts: a log that starts empty needs empty databases."""
        self.durable = True
        if self._given_kafka:
            return
        if self._broker_kind != "tansu":
            try:
                self._kafka = find_kafka(self._say)
                return
            except EngineUnavailable as error:
                if self._broker_kind == "kafka":
                    raise
                self._say(f"Kafka cannot be had here. {error}")
        self.durable = False
        self._say("The broker is Tansu, which keeps the log in memory: it will not outlive this run.")
        shutil.rmtree(self._data / "tansu", ignore_errors=True)

    def _starts(self) -> list[Callable[[], None]]:
        broker = [] if self._given_kafka else [self._start_broker]
        store = [] if self._given_mongo else [self._start_store]
        return [*broker, *store]

    def _start_broker(self) -> None:
        if self._kafka:
            self.broker = start_kafka(self._kafka, self._data / "kafka", self._ports.kafka)
        else:
            self.broker = start_tansu(self._data / "tansu", self._ports.kafka)

    def _start_store(self) -> None:
        home = self._data / "mongo" if self.durable else self._data / "tansu" / "mongo"
        if self._store_kind == "java":
            self.store = start_java_mongo(home, self._ports.mongo, self._say)
        else:
            self.store = start_nx(home, self._ports.mongo)


def _in_background(start: Callable[[], None]) -> Future[None]:
    """Run `start` in a daemon thread, so that Ctrl-C need not wait for an engine that is slow to answer."""
    done: Future[None] = Future()

    def run() -> None:
        try:
            start()
            done.set_result(None)
        except (EngineUnavailable, EngineFailed, OSError) as error:
            done.set_exception(error)
        finally:
            done.cancel()

    threading.Thread(target=run, name="engine", daemon=True).start()
    return done
