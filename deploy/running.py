"""How one command finds another's engines: a running system tells its settings in its data folder, and tools read them there."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.local.engines import Engines
from deploy.local.jars import Say
from shared.settings import Settings

DATA = Path(".gridcase")  # in the folder where the command is started: easy to find, easy to throw away
FILE = "running.json"
ELSEWHERE = "elsewhere"  # in `DATA`: the folder of a demo, which is thrown away at its end


class Running(BaseModel):
    """What a running system tells of itself."""

    model_config = ConfigDict(frozen=True)

    pid: int
    settings: dict[str, str]
    urls: dict[str, str]


def tell(data: Path, settings: Mapping[str, str], urls: Mapping[str, str]) -> None:
    """Write down that this process runs a system in `data`; git does not see the folder."""
    (data / ".gitignore").write_text("*\n")
    (data / FILE).write_text(Running(pid=os.getpid(), settings=dict(settings), urls=dict(urls)).model_dump_json(indent=1))


def forget(data: Path) -> None:
    """Take back what `tell` wrote, unless another process wrote it."""
    running = running_in(data)
    if running is None or running.pid == os.getpid():
        (data / FILE).unlink(missing_ok=True)


def running_in(data: Path) -> Running | None:
    """Return what runs in `data` now, if anything does."""
    try:
        running = Running.model_validate_json((data / FILE).read_bytes())
        os.kill(running.pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValidationError):
        return None
    except PermissionError:  # it runs, but is somebody else's
        return running
    return running


def shown_in(data: Path) -> Path | None:
    """Return the folder that a running demo has pointed to from here."""
    try:
        return Path((data / ELSEWHERE).read_text())
    except FileNotFoundError:
        return None


@contextmanager
def pointing_to(data: Path, begin: Path = DATA) -> Iterator[None]:
    """Let `gridcase token` find what runs in `data` from the folder where the command was started."""
    begin.mkdir(exist_ok=True)
    (begin / ".gitignore").write_text("*\n")
    (begin / ELSEWHERE).write_text(str(data.resolve()))
    try:
        yield
    finally:
        if shown_in(begin) == data.resolve():
            (begin / ELSEWHERE).unlink(missing_ok=True)


@contextmanager
def reached(data: Path, kafka: str | None, mongo: str | None, say: Say) -> Iterator[Settings]:
    """Give the settings to reach the engines with, in the environment too (child processes read them there).

    What is said by option or environment counts; else the system that runs in `data`; else its engines are started for the while;
    else the defaults.
    """
    given = {"GRIDCASE_KAFKA": kafka, "GRIDCASE_MONGO": mongo}
    os.environ.update({name: value for name, value in given.items() if value})
    if "GRIDCASE_KAFKA" in os.environ:
        yield Settings()
    elif running := running_in(data):
        for name, value in running.settings.items():
            os.environ.setdefault(name, value)
        yield Settings()
    elif (data / "ports.json").exists():
        say(f"Nothing runs in {data}: its engines are started for the while.")
        with Engines(data, mongo=os.environ.get("GRIDCASE_MONGO"), say=say) as engines:
            os.environ.update({"GRIDCASE_KAFKA": engines.kafka_url, "GRIDCASE_MONGO": engines.mongo_url})
            yield Settings()
    else:
        yield Settings()
