"""By which keys it is found who was where: the H3 cell (about 130 m across) and the month of completion, or the person and the hour."""

from datetime import UTC, datetime, timedelta

from h3 import latlng_to_cell

from shared.terms import Location

RESOLUTION = 10  # of H3: hexagons with edges of about 76 m
A_MONTH = timedelta(days=28)
AN_HOUR = timedelta(hours=1)


def kept_key(place: Location, at: datetime) -> str:
    """Return the key of something completed at a place."""
    return f"{latlng_to_cell(place.lat, place.lon, RESOLUTION)}/{at:%Y-%m}"


def kept_keys(place: Location, now: datetime) -> tuple[str, ...]:
    """Return the keys of what was completed at a place in this month and in the one before."""
    return tuple(dict.fromkeys((kept_key(place, now), kept_key(place, now.replace(day=1) - A_MONTH))))


def seen_key(person: str, at: datetime) -> str:
    """Return the key of something that a person completed."""
    return f"{person}/{at.astimezone(UTC):%Y-%m-%dT%H}"


def seen_keys(person: str, now: datetime) -> tuple[str, str]:
    """Return the keys of what a person completed in this hour and in the one before."""
    return seen_key(person, now), seen_key(person, now - AN_HOUR)
