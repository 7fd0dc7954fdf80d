"""What a process takes from its surroundings by its settings: the clock once, and the city, whose pack may change while it runs."""

from datetime import UTC

from shared import clock
from shared.citynow import Cities
from shared.citypack import city_folder
from shared.settings import Settings


def now_by(settings: Settings) -> clock.Now:
    """Return the clock that the settings ask for."""
    if settings.clock_file is not None:
        return clock.driven(settings.clock_file)
    if settings.clock_start is not None and settings.clock_since is not None:
        return clock.fast(settings.clock_start.astimezone(UTC), settings.clock_since.astimezone(UTC), settings.clock_speed)
    return clock.real


def cities_by(settings: Settings) -> Cities:
    """Return the pack that the settings name. Raises CityInvalid with every fault of it."""
    return Cities(city_folder(settings.city))
