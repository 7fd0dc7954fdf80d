"""Recorded places: which of them are none, and where the middle of all others is."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from deploy.replay.columns import Recorded
from shared.city import metres
from shared.terms import Location

DEFAULT_SHARE, DEFAULT_ROWS = 0.01, 20  # a point with more than this share of the cases, and so many, stands for "not located"
DOORS_M = 150.0  # another point so near to such a one, and with as many cases, is the address of the same house: as suspicious


def default_points(records: Sequence[Recorded]) -> list[Location]:
    """Return the points that too many cases share for all of them to be there, and then those next door."""
    points = Counter(record.location for record in records if record.location)
    many = [(point, count) for point, count in points.most_common() if count > DEFAULT_ROWS]
    default = [point for point, count in many if count > DEFAULT_SHARE * len(records)]
    return default + [point for point, _ in many if point not in default and any(metres(point, one) <= DOORS_M for one in default)]


def middle(places: Sequence[Location]) -> Location:
    """Return the place in the middle of all; somewhere, if there is none."""
    if not places:
        return Location(lat=0, lon=0)
    return Location(lat=median(place.lat for place in places), lon=median(place.lon for place in places))
