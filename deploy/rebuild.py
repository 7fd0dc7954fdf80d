"""`gridcase rebuild`: fold the whole log into a second copy of a service beside the running one, and see whether both are the same.

The two are compared once both have folded the log to its end: rows behind the progress could still be on their way.
"""

import asyncio
import importlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel
from pymongo import MongoClient
from rich.console import Console
from rich.progress import Progress

from deploy.copies import Copy, Finding, compare
from deploy.groups import drop_group, members_of
from deploy.local.jars import Say
from deploy.local.ports import free_port
from deploy.local.process import Process
from deploy.refusal import CannotDo
from deploy.supervisor import last_sentence
from deploy.system import SERVICES, serve_command
from deploy.topics import connected
from shared.process import group_of
from shared.service import Service
from shared.settings import Settings

QUIET_SECONDS = 120.0  # how long to wait for a moment in which both have folded all
LOOK_SECONDS = 0.25


class Asked(BaseModel):
    """What we read of a service's progress."""

    caught: bool
    next: dict[int, int]


def service_of(name: str) -> Service:
    """Return the service of that name. Raises CannotDo."""
    if name not in SERVICES:
        raise CannotDo(f"There is no service {name}. There are {', '.join(SERVICES)}.")
    service: Service = importlib.import_module(f"services.{name}.app").service
    return service


# -- beside the running copy


def rebuild_beside(name: str, settings: Settings, logs: Path, keep: bool, console: Console) -> bool:
    """Fold the log into a second copy, say whether it is the same as the running one, and return that. Raises CannotDo."""
    service, edition = service_of(name), f"r{datetime.now(UTC):%Y%m%d%H%M%S}"
    running, beside = group_of(settings, service), group_of(settings.model_copy(update={"edition": edition}), service)
    port = free_port()
    env = {"GRIDCASE_SILENT": "1", "GRIDCASE_EDITION": edition}
    process = Process(f"{name} {edition}", serve_command(name, port), logs / f"rebuild-{name}.log", env=env)
    began, kept = time.monotonic(), False
    client: MongoClient[dict[str, Any]] = MongoClient(settings.mongo, serverSelectionTimeoutMS=5000, tz_aware=True)
    with client:
        try:
            total = watch(process, f"http://127.0.0.1:{port}", settings, console)
            console.print(f"Folded {total:,} events in {time.monotonic() - began:.1f} s.", highlight=False)
            same = compared(Copy(client, running, service), Copy(client, beside, service), settings, console)
            kept = keep
        finally:
            process.stop()
            if not kept:
                client.drop_database(beside)
                asyncio.run(drop_group(settings, beside))
    if kept:
        console.print(
            f"The new copy is kept. To switch to it, set GRIDCASE_EDITION={edition} for {name} alone (with `gridcase up`: "
            f"--edition {name}={edition}) and start it again. Then the database and the group {running} can be dropped.",
            soft_wrap=True,
            highlight=False,
        )
    return same


def watch(process: Process, url: str, settings: Settings, console: Console) -> int:
    """Show how the fold goes on, until it has reached the log; return how many events that were. Raises CannotDo if the process ends."""
    with httpx.Client(trust_env=False, timeout=5) as client, Progress(console=console, transient=True) as progress:
        begins, ends = asyncio.run(spans(settings))
        task = progress.add_task("folding", total=sum(ends.values()) - sum(begins.values()))
        while process.alive:
            asked = ask(client, url)
            if asked:
                progress.update(task, completed=sum(max(0, at - begins[p]) for p, at in asked.next.items()))
                if asked.next.keys() >= ends.keys() and all(asked.next[p] >= end for p, end in ends.items()):
                    return sum(ends.values()) - sum(begins.values())
            time.sleep(LOOK_SECONDS)
    raise CannotDo(f"The new copy cannot be folded: {last_sentence(process.last_words())} (log: {process.log})")


def ask(client: httpx.Client, url: str) -> Asked | None:
    try:
        answer = client.get(f"{url}/health/progress")
    except httpx.TransportError:
        return None
    return Asked.model_validate_json(answer.content) if answer.is_success else None


async def spans(settings: Settings) -> tuple[dict[int, int], dict[int, int]]:
    """Return the first offset and the end of each partition."""
    async with connected(settings) as log:
        partitions = range(log.partitions)
        return await log.begins(partitions), await log.ends(partitions)


def compared(running: Copy, beside: Copy, settings: Settings, console: Console) -> bool:
    """Compare when both have folded all, and say what came of it. Raises CannotDo if the log does not come to rest."""
    deadline = time.monotonic() + QUIET_SECONDS
    while True:
        at_rest = place_of_rest(running, beside, settings)
        if at_rest is not None:
            findings = compare(running, beside)
            if place_of_rest(running, beside, settings) == at_rest:
                return told(findings, console)
        if time.monotonic() > deadline:
            raise CannotDo(
                f"For {QUIET_SECONDS:.0f} s there was no moment in which both copies had folded the whole log: either events kept coming, "
                f"or the running copy, {running.name}, stands still. Does the service run?"
            )
        time.sleep(LOOK_SECONDS)


def place_of_rest(running: Copy, beside: Copy, settings: Settings) -> dict[int, int] | None:
    """Return up to where both copies are saved if that is the same and the whole log, else None."""
    begins, ends = asyncio.run(spans(settings))
    one, other = running.progress(begins), beside.progress(begins)
    whole = all(one[partition] >= end for partition, end in ends.items())  # beyond: the log has grown meanwhile
    return one if one == other and whole else None


def told(findings: Sequence[Finding], console: Console) -> bool:
    """Print what was found, and return whether all is the same."""
    for finding in findings:
        console.print(str(finding), highlight=False, markup=False, soft_wrap=True)
    same = all(finding.same for finding in findings)
    console.print("The two copies are the same." if same else "The two copies DIFFER.", style="green" if same else "red")
    return same


# -- from the start


def begin_afresh(name: str, settings: Settings, say: Say) -> None:
    """Drop the copy and the offsets of a service that does not run. Raises CannotDo if it does."""
    group = group_of(settings, service_of(name))
    if members := asyncio.run(members_of(settings, group)):
        raise CannotDo(f"{name} runs: its group {group} has {members} members. Stop it first (a killed one counts for some seconds more).")
    client: MongoClient[dict[str, Any]] = MongoClient(settings.mongo, serverSelectionTimeoutMS=5000)
    with client:
        asyncio.run(drop_group(settings, group))
        client.drop_database(group)
    say(f"Dropped the database and the offsets of {group}. When {name} starts again it folds the log from its start.")
