"""The system as a replay needs it: driven by two clocks, looking often at what is due, and saving seldom."""

from pathlib import Path
from typing import Any

from deploy.local.process import Process
from deploy.replay.clockwork import Clocks
from deploy.system import System, serve_command

# Timers are waited for again and again, so they must look often; and a case goes through most of its states within one hop, so what
# is saved seldom is saved once instead of four times.
ENVIRONMENT = {
    "GRIDCASE_SWEEP_SECONDS": "0.02",
    "GRIDCASE_FLUSH_SECONDS": "2",
    "GRIDCASE_FLUSH_EVENTS": "10000",
    "GRIDCASE_BATCH_WAIT_SECONDS": "0.01",
    "GRIDCASE_STALL_SECONDS": "180",
    "GRIDCASE_LOG_LEVEL": "WARNING",
}


class Stage(System):
    """The system with two clocks: intake's is at the end of a hop while the others' is still at its beginning."""

    def __init__(self, clocks: Clocks, data: Path, **how: Any) -> None:
        super().__init__(data, **how)
        self.clocks = clocks

    def run(self, name: str, port: int) -> Process:
        service = name.partition("-")[0]
        clock = self.clocks.door if service == "intake" else self.clocks.city
        return Process(name, serve_command(service, port), self.log_of(name), env={**self.settings, "GRIDCASE_CLOCK_FILE": str(clock)})

    def lost(self) -> str:
        """Return which process was given up and why; empty if none was."""
        given_up = [one for one in (*self.engine_processes.values(), *self.processes.values()) if one.gone]
        return f"{given_up[0].name} was given up: {given_up[0].gone}" if given_up else ""
