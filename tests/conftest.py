"""What all tests share: how hypothesis draws, and the city that most of them take place in."""

import pytest
from hypothesis import settings

from shared.city import City
from shared.citypack import city_folder, load_city

settings.register_profile("gridcase", deadline=None, derandomize=True, database=None)
settings.register_profile("wild", deadline=None, max_examples=2_000, print_blob=True)  # pytest --hypothesis-profile=wild
settings.load_profile("gridcase")


@pytest.fixture(scope="session")
def demo_city() -> City:
    """The pack that comes with the product; it is frozen."""
    return load_city(city_folder("demo"))
