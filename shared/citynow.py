"""The pack in force: a changed one is taken up between two turns, and then the open cases are looked at again, some at a time.

A case keeps the version of the pack under which it was filed: nothing is filed again by itself.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path

from shared import metrics
from shared.city import City
from shared.citypack import CityInvalid, load_city, pack_files
from shared.recipe import Recipe

log = logging.getLogger("gridcase")

Stamps = tuple[tuple[str, int, int], ...]  # name, time of the last change in ns, and size of each file
A_BREATH = 0.02  # seconds between two turns of looking again: others want theirs


def stamps(folder: Path) -> Stamps:
    """Return what tells that a file of a pack has changed, without reading any."""
    found = []
    for file in pack_files(folder):
        try:
            at = file.stat()
        except OSError:  # it is missing, or goes away just now
            continue
        found.append((str(file.relative_to(folder)), at.st_mtime_ns, at.st_size))
    return tuple(found)


@dataclass
class Cities:
    """The pack in force, `now`, and whether its files hold a newer one. Raises CityInvalid if there is none to begin with."""

    folder: Path
    now: City = field(init=False)
    read: Stamps = field(init=False)  # of the files when they were last read
    seen: Stamps = field(init=False)  # at the last look
    faults: int = 0  # of the files, if what they hold is not in force

    def __post_init__(self) -> None:
        self.read = self.seen = stamps(self.folder)
        self.now = load_city(self.folder)

    def newer(self) -> City | None:
        """Read the files if they have changed and lie still since the last look; return the city if it is another one.

        Raises CityInvalid with all faults, once for each change. To be called in a thread: it reads files. It changes nothing in force.
        """
        before, self.seen = self.seen, stamps(self.folder)
        if self.seen == self.read or self.seen != before:
            return None
        self.read = self.seen
        try:
            city = load_city(self.folder)
        except CityInvalid as invalid:
            self.faults = len(invalid.faults)
            raise
        if stamps(self.folder) != self.read:
            self.read = ()  # somebody writes: what was read may be of both
            return None
        self.faults = 0
        return city if city.version != self.now.version else None


async def take_up_changes(cities: Cities, recipe: Recipe, every: float) -> None:
    """Look for a changed pack every so many seconds; a faulty one is told once, and the one in force goes on."""
    name = recipe.service.name
    metrics.CITY_LOADED.labels(name).set_to_current_time()
    while True:
        await asyncio.sleep(every)
        try:
            city = await asyncio.to_thread(cities.newer)
        except CityInvalid as invalid:
            log.error("the changed pack is not taken up: %s", invalid)
            city = None
        metrics.CITY_FAULTS.labels(name).set(cities.faults)
        if city is not None:
            await asyncio.to_thread(recipe.service.prepare, city)
            async with recipe.turn:
                cities.now = city
            log.warning("the pack has changed: from now on version %s is in force", city.version)
            metrics.CITY_LOADED.labels(name).set_to_current_time()


async def look_again(recipe: Recipe, every: float) -> None:
    """Look again at the open cases that were last looked at under another pack."""
    more = True
    while True:
        await asyncio.sleep(A_BREATH if more else every)
        more = await recipe.reconsider()
