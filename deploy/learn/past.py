"""A history as it was known while it happened: each case as it was reported, and the cases near it that were open then."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from deploy.learn.closings import endings, is_duplicate, original_of
from deploy.replay.columns import Recorded
from services.triage.likeness.cells import REACH_M, cell_of, cells_around, default_points
from services.triage.likeness.features import chains, numbers
from services.triage.likeness.near import Near, Numbers, Wanted
from shared.city import City, plain
from shared.places import EARTH_RADIUS_M
from shared.terms import Location

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Past:
    """What can be learned from. Rows of all arrays are cases in order of opening."""

    ids: tuple[str, ...]
    opened: tuple[datetime, ...]
    closed: tuple[datetime | None, ...]
    numbers: Numbers  # features without rates
    chains: tuple[tuple[tuple[str, ...], ...], ...]  # under which rates are learned
    duplicate: Numbers  # 1 where the staff said so
    original: tuple[int | None, ...]
    named: dict[int, tuple[Wanted, Near]]  # the duplicates whose original is known, and what was near them
    wanted: tuple[Wanted, ...]
    seen: Mapping[int, Near]  # what was near those in `kept`
    points: tuple[Location, ...]

    def known(self, until: int, at: int) -> Positions:
        """Return which of the first `until` cases had been closed when the case at position `at` was opened (past the end: at the end).

        The staff's words stand in the closing text, so of the others nobody knew yet whether they are duplicates.
        """
        limit = self.opened[at] if at < len(self.opened) else None
        ended = [nth for nth, closed in enumerate(self.closed[:until]) if closed is not None and (limit is None or closed < limit)]
        return np.array(ended, dtype=np.int64)


def kinds_of(city: City | None) -> dict[str, tuple[str, str]]:
    """Return the city's code and group of each type by all its names."""
    if city is None:
        return {}
    named = [(name, category) for category in city.categories.values() for name in (category.code, category.name.zh, category.name.en)]
    return {plain(name): (category.code, category.group) for name, category in named}


def wanted_of(record: Recorded, kinds: Mapping[str, tuple[str, str]], at: Location | None) -> Wanted:
    """Return a case as it was reported. Titles are left out: staff write into them later."""
    code, group = kinds.get(plain(record.category), (plain(record.category), plain(record.group)))
    return Wanted(at, record.opened, code, group, "", plain(record.address), plain(record.source), record.id)


class Nearby:
    """The earlier cases by cell, with what is needed to say which of them were open and how near they are."""

    def __init__(self, wanted: Sequence[Wanted], records: Sequence[Recorded], city: City | None) -> None:
        self.wanted = wanted
        self.cells: dict[str, list[int]] = defaultdict(list)
        self.lat = np.radians([one.at.lat if one.at else np.nan for one in wanted])
        self.lon = np.radians([one.at.lon if one.at else np.nan for one in wanted])
        first = records[0].opened
        self.opened = np.array([(record.opened - first).total_seconds() / 3600 for record in records])
        self.closed = np.array([(one.closed - first).total_seconds() / 3600 if one.closed else np.inf for one in records])
        self.type, self.group, self.address, self.source = (
            codes([part(one) for one in wanted]) for part in (_code, _group, _address, _source)
        )
        named = {one.code: number for one, number in zip(wanted, self.type.tolist(), strict=True)}
        self.kin = {code: [named[kin] for kin in (city.family_of(code) if city else ()) if kin in named] for code in named}

    def of(self, nth: int) -> Near:
        """Return what was open near a case when it was reported; then the case is there for later ones."""
        at = self.wanted[nth].at
        if at is None:
            return self.near(nth, np.zeros(0, dtype=np.int64), np.zeros(0))
        found = np.array([one for cell in cells_around(at) for one in self.cells[cell]], dtype=np.int64)
        self.cells[cell_of(at)].append(nth)
        found = found[self.closed[found] > self.opened[nth]]
        away = self.metres(nth, found)
        order = np.flatnonzero(away <= REACH_M)
        return self.near(nth, found[order], away[order])

    def metres(self, nth: int, found: Positions) -> Numbers:
        lat, lon = self.lat[found] - self.lat[nth], self.lon[found] - self.lon[nth]
        chord = np.sin(lat / 2) ** 2 + np.cos(self.lat[nth]) * np.cos(self.lat[found]) * np.sin(lon / 2) ** 2
        return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord)), dtype=np.float64)

    def near(self, nth: int, found: Positions, away: Numbers) -> Near:
        one = self.wanted[nth]
        return Near(
            ids=tuple(self.wanted[other].id for other in found),
            metres=away,
            hours=self.opened[nth] - self.opened[found],
            same_type=self.type[found] == self.type[nth],
            same_family=(self.group[found] == self.group[nth]) | np.isin(self.type[found], self.kin[one.code]),
            same_address=(self.address[found] == self.address[nth]) & bool(one.address),
            same_source=(self.source[found] == self.source[nth]) & bool(one.source),
        )


def codes(names: Sequence[str]) -> Positions:
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)


def _code(one: Wanted) -> str:
    return one.code


def _group(one: Wanted) -> str:
    return one.group


def _address(one: Wanted) -> str:
    return one.address


def _source(one: Wanted) -> str:
    return one.source


def past_of(
    records: Sequence[Recorded], city: City | None, zone: str, step: Callable[[], object], points_from: int, keep: int | None = None
) -> Past:
    """Return the history; default points are found in its first `points_from` cases. From `keep` on, what was near each is kept."""
    known = default_points((one.location, one.category, one.address) for one in records[:points_from])
    spots = set(known)
    kinds, clock, ends = kinds_of(city), ZoneInfo(zone), endings(records)
    wanted = [wanted_of(one, kinds, None if one.location in spots else one.location) for one in records]
    nearby = Nearby(wanted, records, city)
    rows, keys, seen, named = [], [], {}, {}
    originals = [original_of(nth, records, ends) for nth in range(len(records))]
    for nth, one in enumerate(wanted):
        near = nearby.of(nth)
        rows.append(numbers(one, near, one.reported_at.astimezone(clock)))
        keys.append(chains(one, near))
        if originals[nth] is not None:
            named[nth] = (one, near)
        if keep is not None and nth >= keep:
            seen[nth] = near
        step()
    labels = np.array([is_duplicate(one) for one in records], dtype=np.float64)
    return Past(
        tuple(one.id for one in records),
        tuple(one.opened for one in records),
        tuple(one.closed for one in records),
        np.array(rows),
        tuple(keys),
        labels,
        tuple(originals),
        named,
        tuple(wanted),
        seen,
        tuple(known),
    )
