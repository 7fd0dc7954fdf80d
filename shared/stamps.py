"""Times as digits that sort like the time, to the microsecond: a database's own dates lose some of it."""

from datetime import datetime, timedelta

from shared.case import EPOCH

MICROSECOND = timedelta(microseconds=1)


def stamp(at: datetime) -> str:
    """Return 17 digits, the microseconds since 1970; a time before that is 1970."""
    return f"{max(0, (at - EPOCH) // MICROSECOND):017d}"


def unstamped(stamp: str) -> datetime:
    return EPOCH + int(stamp) * MICROSECOND
