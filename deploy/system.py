"""The whole system on this machine: engines, topics, and the services as processes that are watched.

`with System(folder) as system:` starts it and stops it; `with system.supervise():` starts again what dies meanwhile.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from deploy import running
from deploy.issuer.keys import shared_secret, signing_key
from deploy.issuer.local import LocalIssuer, issuer_settings, local_mint
from deploy.issuer.minting import Mint
from deploy.local.engines import Engines
from deploy.local.jars import Say
from deploy.local.ports import free_port, is_free
from deploy.local.process import Process
from deploy.refusal import CannotDo
from deploy.supervisor import Policy, Supervised, last_sentence, supervising
from deploy.topics import create_topics
from shared.citypack import city_folder, load_city
from shared.settings import Settings

SERVICES = ("console", "intake", "triage", "dispatch", "closure")  # in the order of their ports
STOP_SECONDS = 15.0
LOG_BYTES = 20_000_000
BROKER, STORE, ISSUER = "broker", "mongo", "issuer"
UNLIMITED = {"GRIDCASE_REPORTS_PER_MINUTE": "0", "GRIDCASE_REQUESTS_PER_MINUTE": "0"}  # one machine is one address


class NotStarted(CannotDo):
    """The system cannot start."""


class System:
    """Engines and services that belong together.

    `replicas` says how many processes of a service there are (0: none), `editions` with which copy it goes on.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        city: str = "demo",
        kafka: str | None = None,
        mongo: str | None = None,
        broker: Literal["auto", "kafka", "tansu"] = "auto",
        environment: Mapping[str, str] | None = None,
        replicas: Mapping[str, int] | None = None,
        editions: Mapping[str, str] | None = None,
        policy: Policy | None = None,
        issuer: Literal["none", "keys", "page"] = "none",
        say: Say = print,
    ) -> None:
        """`port` is the console's, the others follow (None: free ports); `kafka` and `mongo` are used, not started.

        `environment` is for the services, beside this program's own. `issuer` says whether tokens of a key in `data` count ("keys"), and
        whether people can get one from a page ("page").
        """
        self.data, self.say, self.policy = data.resolve(), say, policy or Policy()
        self.engines = Engines(self.data, kafka, mongo, broker, say=say)
        self.given_mongo, self.editions = mongo, dict(editions or {})
        self.processes: dict[str, Supervised] = {}
        self.engine_processes: dict[str, Supervised] = {}
        self.ports = ports_of(dict(replicas or {}), port)
        self.urls = {name: f"http://127.0.0.1:{self.ports[name]}" for name in SERVICES if name in self.ports}
        addresses = {f"GRIDCASE_{name.upper()}_URL": url for name, url in self.urls.items()}
        self.issuer = LocalIssuer(self.data, port + len(SERVICES) if port else free_port()) if issuer == "page" else None
        self.signs, trusted = issuer != "none", {} if issuer == "none" else issuer_settings(self.data, self.issuer)
        given = {name: os.environ.get(name, value) for name, value in UNLIMITED.items()}
        self.settings: dict[str, str] = {
            "GRIDCASE_CITY": city,
            "GRIDCASE_PHOTOS": photos_in(self.data),
            **addresses,
            **given,
            **trusted,
            **(environment or {}),
        }

    @property
    def mint(self) -> Mint:
        """What signs tokens that count here, if an issuer was asked for."""
        return local_mint(self.data, self.settings["GRIDCASE_ISSUER"])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    # -- start

    def start(self, ready_within: float = 120.0) -> None:
        """Start all and return when every service is ready; whatever fails, nothing is left running."""
        with ExitStack() as undo:
            undo.callback(self.stop)
            load_city(city_folder(self.settings["GRIDCASE_CITY"]))
            self.check_ports()
            self.make_keys()
            self.start_engines()
            self.say(f"Engines are up: Kafka at {self.engines.kafka_url}, MongoDB at {self.engines.mongo_url}.")
            if created := asyncio.run(create_topics(self.kafka_settings())):
                self.say(f"Created {' and '.join(created)}.")
            self.start_services()
            self.await_ready(ready_within)
            undo.pop_all()

    def check_ports(self) -> None:
        """Raise NotStarted if another program has one of our ports."""
        ports = {**self.ports, **({ISSUER: self.issuer.port} if self.issuer else {})}
        if taken := [f"{port} ({name})" for name, port in ports.items() if not is_free(port)]:
            raise NotStarted(f"In use by another program: port {', '.join(taken)}. Stop that program, or choose other ports with --port.")

    def make_keys(self) -> None:
        """Make what signs, where it is not there yet."""
        if "GRIDCASE_SECRET" not in self.settings:
            self.settings["GRIDCASE_SECRET"] = os.environ.get("GRIDCASE_SECRET") or shared_secret(self.data)
        if self.signs:
            signing_key(self.data)

    def start_engines(self) -> None:
        self.engines.start()
        if not self.engines.durable and self.given_mongo:
            raise NotStarted(
                "A log in memory begins empty each time, so its databases must too: leave out --mongo, or give a lasting log with --kafka."
            )
        self.settings |= {"GRIDCASE_KAFKA": self.engines.kafka_url, "GRIDCASE_MONGO": self.engines.mongo_url}
        if not self.engines.durable:
            self.settings["GRIDCASE_BATCH_BYTES"] = "1"  # it reports its end as if a batch were one message
        gone = "" if self.engines.durable else "Its log was in memory and is gone: nothing can go on from here."
        if self.engines.broker:
            self.engine_processes[BROKER] = Supervised(
                BROKER, self.engines.kafka_url, self.restart_broker, self.policy, gone, process=self.engines.broker
            )
        if self.engines.store:
            self.engine_processes[STORE] = Supervised(
                STORE, self.engines.mongo_url, self.restart_store, self.policy, process=self.engines.store
            )

    def restart_broker(self) -> Process:
        self.engines.restart_broker()
        return running_one(self.engines.broker)

    def restart_store(self) -> Process:
        self.engines.restart_store()
        return running_one(self.engines.store)

    def kafka_settings(self) -> Settings:
        """Return the settings that the services will read."""
        own = {name.removeprefix("GRIDCASE_").lower(): value for name, value in {**os.environ, **self.settings}.items()}
        return Settings.model_validate({name: value for name, value in own.items() if name in Settings.model_fields})

    def start_services(self) -> None:
        if self.issuer:
            start = partial(self.issuer.start, self.settings, self.log_of(ISSUER))
            self.engine_processes[ISSUER] = Supervised(ISSUER, self.issuer.url, start, self.policy)
            self.engine_processes[ISSUER].start()
        for name, port in self.ports.items():
            rotate(self.log_of(name))
            supervised = Supervised(name, f"http://127.0.0.1:{port}", partial(self.run, name, port), self.policy)
            self.processes[name] = supervised
            supervised.start()
        told = {name: value for name, value in self.settings.items() if name != "GRIDCASE_SECRET"}
        running.tell(self.data, told, self.urls)

    def run(self, name: str, port: int) -> Process:
        """Start one process of a service."""
        service = name.partition("-")[0]
        edition = {"GRIDCASE_EDITION": self.editions[service]} if service in self.editions else {}
        return Process(name, serve_command(service, port), self.log_of(name), env=self.settings | edition)

    def log_of(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def await_ready(self, within: float) -> None:
        """Wait until every process is ready, starting again what dies. Raises NotStarted with the last words of what stays behind."""
        deadline = time.monotonic() + within
        waiting = [*self.processes.values(), *(one for name, one in self.engine_processes.items() if name == ISSUER)]
        with httpx.Client(trust_env=False, timeout=5) as client:
            while waiting := [one for one in waiting if not is_ready(client, one.url)]:
                for one in waiting:
                    one.tend(time.monotonic(), self.say)
                    if one.gone or time.monotonic() > deadline:
                        why = one.gone or f"it was not ready within {within:g} seconds. It said: {self.last_words(one)}"
                        raise NotStarted(f"{one.name} does not start: {why} (log: {self.log_of(one.name)})")
                time.sleep(0.1)

    def last_words(self, one: Supervised) -> str:
        return (last_sentence(one.process.last_words()) if one.process else "") or "nothing"

    # -- run and stop

    def supervise(self) -> AbstractContextManager[None]:
        """Start again, in the background, what dies while the context is open."""
        return supervising([*self.engine_processes.values(), *self.processes.values()], self.say)

    def stop(self) -> None:
        """Stop the services, then the engines that were started."""
        running.forget(self.data)
        stopping = [*self.processes.values(), *(one for name, one in self.engine_processes.items() if name == ISSUER)]
        if stopping:
            with ThreadPoolExecutor(len(stopping)) as pool:
                list(pool.map(lambda one: one.stop(STOP_SECONDS), stopping))
        self.engines.stop()
        self.processes.clear()
        self.engine_processes.clear()


def photos_in(data: Path) -> str:
    """Return where photos are kept: where the environment says, else beside the engines' data."""
    return os.environ.get("GRIDCASE_PHOTOS") or str(data / "photos")


def ports_of(replicas: Mapping[str, int], base: int | None) -> dict[str, int]:
    """Return a port for each process: the services at `base` and after, then their further processes."""
    if unknown := replicas.keys() - set(SERVICES):
        raise ValueError(f"There is no service {', '.join(sorted(unknown))}.")
    ports = {name: base + n if base else free_port() for n, name in enumerate(SERVICES) if replicas.get(name, 1) > 0}
    more = [f"{name}-{n}" for name in SERVICES for n in range(2, replicas.get(name, 1) + 1)]
    return ports | {name: base + len(SERVICES) + n if base else free_port() for n, name in enumerate(more)}


def editions_of(said: Sequence[str]) -> dict[str, str]:
    """Return what `triage=r20261122` and the like say. Raises NotStarted."""
    editions = dict(word.split("=", 1) for word in said if "=" in word)
    if len(editions) != len(said) or not editions.keys() <= set(SERVICES):
        raise NotStarted(f"--edition takes SERVICE=EDITION, once for each of {', '.join(SERVICES)} at most; not {' '.join(said)}.")
    return editions


def running_one(process: Process | None) -> Process:
    if process is None:
        raise OSError("it has been stopped")
    return process


def serve_command(service: str, port: int) -> list[str]:
    """Return the command that serves one process of a service."""
    command = [sys.executable, "-m", "uvicorn", f"services.{service}.app:api", "--host", "127.0.0.1", "--port", str(port)]
    return [*command, "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "5"]


def is_ready(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(f"{url}/health/ready").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def rotate(log: Path) -> None:
    """Put a log aside that has become large; the one before it goes."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
