"""What the processes of a system cost: processor time and resident memory, which depend less on the neighbours than times do."""

from dataclasses import dataclass

import psutil

from deploy.system import System

MEGABYTE = 1e6


@dataclass(frozen=True)
class Machine:
    """The processes to measure."""

    pids: dict[str, int]

    @classmethod
    def of(cls, system: System) -> "Machine":
        """Return the processes of a running system: the engines that it started, and the services."""
        engines = {"kafka": system.engines.broker, "mongo": system.engines.store}
        pids = {name: engine.pid for name, engine in engines.items() if engine}
        return cls(pids | {name: one.pid for name, one in system.processes.items() if one.pid})

    def seconds(self) -> dict[str, float]:
        """Return the processor seconds that each has used."""
        return {name: sum(psutil.Process(pid).cpu_times()[:2]) for name, pid in self.pids.items()}

    def megabytes(self) -> dict[str, int]:
        """Return the resident memory of each."""
        return {name: round(psutil.Process(pid).memory_info().rss / MEGABYTE) for name, pid in self.pids.items()}

    def since(self, before: dict[str, float]) -> dict[str, float]:
        """Return the processor seconds that each has used since `before`."""
        return {name: seconds - before[name] for name, seconds in self.seconds().items()}
