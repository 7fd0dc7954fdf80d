"""What a process takes from its surroundings once, by its settings: the clock and the city."""

from datetime import UTC

from shared import clock
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.settings import Settings


def now_by(settings: Settings) -> clock.Now:
    """Return the clock that the settings ask for."""
    if settings.clock_file is not None:
        return clock.driven(settings.clock_file)
    if settings.clock_start is not None and settings.clock_since is not None:
        return clock.fast(settings.clock_start.astimezone(UTC), settings.clock_since.astimezone(UTC), settings.clock_speed)
    return clock.real


def city_by(settings: Settings) -> City:
    """Return the city that the settings name. Raises CityInvalid with every fault of its pack."""
    return load_city(city_folder(settings.city))
