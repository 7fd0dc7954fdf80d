"""The numbers by which a report is judged to repeat another one, and those by which an earlier case is the one it repeats.

Counts and ages are given on a logarithmic scale, log(1 + x): hours, metres and cases. Nothing near is one million.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from services.triage.likeness.cells import district_of
from services.triage.likeness.near import Marks, Near, Numbers, Wanted

RADII_M = (5.0, 30.0, 100.0, 250.0)
NOTHING = 1e6
DAY, WEEK = 24.0, 168.0  # hours
RELATIONS = ("type", "group", "other")  # “group”, here and below, is the family: models are kept under these names
NAMES = (
    *(f"{relation} {what}" for relation in RELATIONS for what in (
        *(f"count within {radius:g} m" for radius in RADII_M),
        *(f"youngest within {radius:g} m" for radius in RADII_M),
        "oldest at the place", "nearest", "nearest of a day", "nearest of a week",
    )),
    "address", "address youngest", "address other types", "source", "day at the place", "week within 30 m", "hour within 30 m",
    "located", "has address", "hour", "weekday", "rate type", "rate state", "rate source", "rate district",
)  # fmt: skip
PAIR_NAMES = (
    "same type",
    "same group",
    "same point",
    "metres",
    "hours",
    "a day",
    "an hour",
    "same address",
    "same source",
    "youngest here",
)
Rates = Mapping[str, float]


def features(wanted: Wanted, near: Near, local: datetime, rates: Rates) -> list[float]:
    """Return the numbers in the order of `NAMES`; `local` is when it was reported on the clocks of the city."""
    return numbers(wanted, near, local) + [rate(rates, chain) for chain in chains(wanted, near)]


def numbers(wanted: Wanted, near: Near, local: datetime) -> list[float]:
    """Return the numbers that need nothing learned: all but the rates at the end."""
    groups = (near.same_type, near.same_family & ~near.same_type, ~near.same_family & ~near.same_type)
    found = [number for group in groups for number in _around(near.metres[group], near.hours[group])]
    alike, close = near.same_type, near.metres <= RADII_M[0]
    here, week = alike & close, alike & (near.metres <= RADII_M[1])
    counts = (here & near.same_source, here & (near.hours < DAY), week & (near.hours < WEEK), week & (near.hours < 1))
    address = near.same_address & alike
    found += [_count(address), _least(near.hours[address]), _count(near.same_address & ~alike), *map(_count, counts)]
    return [*found, float(wanted.at is not None), float(bool(wanted.address)), local.hour + local.minute / 60, float(local.weekday())]


def _around(metres: Numbers, hours: Numbers) -> list[float]:
    """Return how many there are, how old and how far, of one relation."""
    within = [metres <= radius for radius in RADII_M]
    oldest = float(np.log1p(hours[within[0]].max())) if within[0].any() else -1.0
    nearest = (_least(metres), _least(metres[hours < DAY]), _least(metres[hours < WEEK]))
    return [*map(_count, within), *(_least(hours[one]) for one in within), oldest, *nearest]


def _count(marks: Marks) -> float:
    return float(np.log1p(np.count_nonzero(marks)))


def _least(values: Numbers) -> float:
    return float(np.log1p(values.min())) if len(values) else float(np.log1p(NOTHING))


def state(wanted: Wanted, near: Near) -> str:
    """Return in one word what is near."""
    if wanted.at is None:
        return "nowhere"
    here = near.hours[near.same_type & (near.metres <= RADII_M[0])]
    if len(here):
        return next((name for name, hours in (("hour", 1.0), ("day", DAY), ("week", WEEK)) if here.min() < hours), "long")
    if (near.same_family & (near.metres <= RADII_M[0])).any():
        return "group"
    return next((f"{radius:g}" for radius in RADII_M[1:] if (near.same_type & (near.metres <= radius)).any()), "none")


def chains(wanted: Wanted, near: Near) -> tuple[tuple[str, ...], ...]:
    """Return the keys under which rates of duplicates are learned, each chain from the general to the special."""
    now, code, group = state(wanted, near), wanted.code, wanted.group
    return (
        (f"group/{group}", f"type/{code}"),
        (f"state/{now}", f"state/{now}/group/{group}", f"state/{now}/type/{code}"),
        (f"type/{code}", f"type/{code}/source/{wanted.source}"),
        (f"type/{code}", f"type/{code}/district/{district_of(wanted.at)}"),
    )


def rate(rates: Rates, chain: Sequence[str]) -> float:
    """Return the most special rate that is known; the rate of everything is under the empty key."""
    return next((rates[key] for key in reversed(chain) if key in rates), rates.get("", 0.0))


def pairs(near: Near) -> Numbers:
    """Return a row of `PAIR_NAMES` for each earlier case."""
    here = near.metres <= RADII_M[0]
    youngest = here & near.same_type & (near.hours <= np.min(near.hours[here & near.same_type], initial=np.inf))
    return np.column_stack(
        (
            near.same_type,
            near.same_family,
            here,
            np.log1p(near.metres),
            np.log1p(near.hours),
            near.hours < DAY,
            near.hours < 1,
            near.same_address,
            near.same_source,
            youngest,
        )
    ).astype(np.float64)
