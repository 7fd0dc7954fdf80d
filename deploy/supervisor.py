"""Starts again what has died: a pure decision on whether and when, and a thread for each process that obeys it."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from deploy.local.jars import EngineUnavailable, Say
from deploy.local.process import EngineFailed, Process

REFUSED = os.EX_CONFIG  # 78: a person must act first
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Policy:
    """How patient to be with a process that dies. Seconds."""

    first: float = 0.5
    longest: float = 10.0
    deaths: int = 10
    within: float = 120.0


@dataclass(frozen=True)
class Again:
    """Start it again after so many seconds."""

    after: float


@dataclass(frozen=True)
class Never:
    """Leave it, and say why."""

    why: str


def after_death(code: int | None, deaths: Sequence[float], last_words: str, policy: Policy) -> Again | Never:
    """Return what to do about a process that died at these times (seconds, the last one now) and ended with `code`."""
    sentence = last_sentence(last_words)
    if code == REFUSED:
        return Never(sentence or "it refused to start and did not say why")
    recent = [death for death in deaths if deaths[-1] - death <= policy.within]
    if len(recent) >= policy.deaths:
        often = "once" if len(recent) == 1 else f"{len(recent)} times within {policy.within:.0f} seconds"
        return Never(f"it died {often}; the last time it {ending(code)}. It said: {sentence or 'nothing'}")
    return Again(min(policy.longest, policy.first * 2 ** (len(recent) - 1)))


def ending(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is None:
        return "did not start"
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def last_sentence(log: str) -> str:
    """Return the gravest of the last lines of a log, the latest of these; without log lines simply the last one."""
    lines = [line for line in log.splitlines() if line.strip()]
    said = [entry for line in lines if (entry := log_entry(line))]
    for level in ("CRITICAL", "ERROR"):
        for entry in reversed(said):
            if entry["level"] == level:
                return str(entry["message"])
    return lines[-1].strip() if lines else ""


def log_entry(line: str) -> dict[str, str] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and {"level", "message"} <= entry.keys() else None


class State(StrEnum):
    """What a supervised process is doing."""

    NOT_STARTED = "not started"
    RUNNING = "running"
    WAITING = "starts again"
    GONE = "gave up"


@dataclass
class Supervised:
    """One process, which `begin` starts, the first time and again."""

    name: str
    url: str
    begin: Callable[[], Process]
    policy: Policy = field(default_factory=Policy)
    irreplaceable: str = ""  # why a new process would not do
    process: Process | None = None
    restarts: int = 0
    gone: str = ""  # why it is not started again
    deaths: list[float] = field(default_factory=list)
    again_at: float | None = None
    failure: str = ""  # why the last attempt to start it failed

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].strip("/"))

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.alive

    @property
    def state(self) -> State:
        if self.gone:
            return State.GONE
        if self.alive:
            return State.RUNNING
        return State.WAITING if self.process else State.NOT_STARTED

    def start(self) -> None:
        self.process = self.begin()

    def stop(self, grace: float) -> None:
        if self.process:
            self.process.stop(grace)

    def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        if self.process:
            self.process.kill()

    def pause(self) -> None:
        """Freeze it, as an overloaded machine would (SIGSTOP)."""
        if self.process:
            self.process.pause()

    def resume(self) -> None:
        if self.process:
            self.process.resume()

    def tend(self, now: float, say: Say) -> None:
        """Note a death; when it is time, start the process again."""
        if self.process is None or self.process.alive or self.gone:
            return
        if self.again_at is None:
            self.mourn(self.process, now, say)
        elif now >= self.again_at:
            self.again_at, self.failure = None, ""
            try:
                self.start()
            except (EngineFailed, EngineUnavailable, OSError) as error:
                self.failure = str(error)  # the old process is still the dead one: the next look counts another death
            self.restarts += 1

    def mourn(self, process: Process, now: float, say: Say) -> None:
        """Decide about a process that has ended."""
        self.deaths.append(now)
        if self.irreplaceable:
            self.gone = f"it {ending(process.exit_code)}. {self.irreplaceable}"
            say(f"{self.name}: {self.gone}")
            return
        match after_death(process.exit_code, self.deaths, self.failure or process.last_words(), self.policy):
            case Never(why):
                self.gone = why
                say(f"{self.name} is not started again: {why}")
            case Again(after):
                self.again_at = now + after
                say(f"{self.name} {self.failure or ending(process.exit_code)}; it is started again in {after:g} s.")


@contextmanager
def supervising(all_of_them: Iterable[Supervised], say: Say) -> Iterator[None]:
    """Start again what dies, until the context is left. Each process has its own thread: an engine takes its time to start."""
    ended = threading.Event()

    def look_after(one: Supervised) -> None:
        while not ended.wait(LOOK_SECONDS):
            one.tend(time.monotonic(), say)

    threads = [threading.Thread(target=look_after, args=(one,), name=f"{one.name} watch", daemon=True) for one in all_of_them]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(10)
