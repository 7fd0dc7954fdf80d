"""The reports of the bench: every category in turn, at places all over the city that are too far apart to be the same thing twice."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from shared.city import City
from shared.events import CaseReported, derived_id
from shared.number import number_of
from shared.places import EARTH_RADIUS_M
from shared.terms import Location

SEED = 311
DEGREE_M = math.radians(EARTH_RADIUS_M)  # of latitude
APART = 1.2  # times the largest radius of an automatic rule
PHRASES = (
    "{}，已经有三天了，晚上经过很危险，请尽快派人来看一下，谢谢。",
    "小区门口{}，老人和小孩走路不方便，麻烦处理。",
    "{}。反映过一次，没有人来，希望这次能解决。",
    "There is a problem here: {}. It has been like this since Monday, please send somebody.",
)


def places(city: City) -> list[Location]:
    """Return a lattice over all grids, in an order that jumps about."""
    radius = max(one.duplicate.radius_m for one in city.categories.values() if one.duplicate and one.duplicate.automatic)
    west, south, east, north = bounds(city)
    high = APART * radius / DEGREE_M
    wide = high / math.cos(math.radians(north))
    lattice = (
        Location(lat=south + (row + 0.5) * high, lon=west + (column + 0.5) * wide)
        for row in range(int((north - south) / high))
        for column in range(int((east - west) / wide))
    )
    found = [place for place in lattice if city.located(place) and city.grid_at(place)]
    random.Random(SEED).shuffle(found)
    return found


def bounds(city: City) -> tuple[float, float, float, float]:
    """Return west, south, east and north of all grids."""
    boxes = [grid.shape.bounds for grid in city.grids.values()]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


class Reports:
    """A source of reports that never runs dry. The same category comes back to a place only after all others."""

    def __init__(self, city: City) -> None:
        self.places, self.dice, self.told = places(city), random.Random(SEED), 0
        self.categories = sorted(city.categories.values(), key=lambda one: one.code)
        self.dice.shuffle(self.categories)

    def bodies(self) -> Iterator[dict[str, object]]:
        """Yield reports as one sends them to intake."""
        while True:
            turn, which = divmod(self.told, len(self.categories))
            category, place = self.categories[which], self.places[(turn + 7 * which) % len(self.places)]
            phrase = self.dice.choice(PHRASES)
            word = category.name.en if "{}." in phrase else self.dice.choice(category.words or (category.name.zh,))
            self.told += 1
            yield {"text": phrase.format(word), "category": category.code, "channel": "web", "location": place.model_dump()}

    def facts(self) -> Iterator[CaseReported]:
        """Yield reports as intake puts them into the log, as of now."""
        for body in self.bodies():
            id = UUID(int=self.dice.getrandbits(128)).hex
            yield CaseReported(
                id=derived_id(id, "0", "case.reported"),
                case_id=id,
                on=0,
                at=datetime.now(UTC),
                by="resident",
                number=number_of(id),
                **body,  # type: ignore[arg-type]
            )
