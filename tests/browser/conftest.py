"""One system and one browser for all pages, and people who come and go with each test.

All tests here run in one event loop, for the browser lives in it.
"""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from pytest_asyncio import is_async_test

from deploy.browser import chromium
from tests.browser.city import City, everything, roomy
from tests.browser.people import PATIENCE_MS, People

HERE = Path(__file__).parent
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """Everything, started for real."""
    folder = tmp_path_factory.mktemp("browser")
    async with everything(folder, {"GRIDCASE_CITY": str(roomy(folder / "city"))}) as here:
        yield here


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def person(city: City, browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[People]:
    """Make a page of somebody: `await person("operator", lang="en", width=390, touch=True)`. What any page does wrong fails the test."""
    people = People(city, browser)
    yield people
    try:
        if request.node.stash.get(FAILED, False):
            for file in await people.photograph(tmp_path):
                print(f"It looked like this: {file}")
    finally:
        wrong = await people.leave()
    assert not wrong, "\n".join(wrong)
