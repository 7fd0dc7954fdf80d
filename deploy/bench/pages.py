"""What pages cost: how soon they show something of use, how much they load, and what an open one holds; a real browser on a real system."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import time

from playwright.async_api import Browser, BrowserContext
from playwright.async_api import Page as Tab

from deploy.bench.late import RATE, SECONDS, Late, filled, lateness
from deploy.bench.machine import Machine
from deploy.bench.reports import Reports
from deploy.bench.run import Show
from deploy.browser import chromium, sign_in
from deploy.local.jars import Say
from deploy.system import System
from shared.city import City

OFFICER = "duty-officer-01"  # sees every case
TIMES, OPEN = 5, 10  # loads of each page, and pages that are open together
SETTLE_SECONDS = 2.0
PATIENCE_MS = 60_000
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True)
class Page:
    """A page, who opens it on how wide a screen, and what is on it once it is of use."""

    name: str
    address: str
    who: str | None
    width: int
    useful: str  # a selector


DESK = Page("desk", "/desk", OFFICER, 1440, "#list [role=option]")
PAGES = (
    Page("report", "/report", None, 390, "textarea"),
    Page("public", "/public", None, 390, "#main li"),
    Page("status", "/", None, 1280, ".figures dd"),
    Page("tasks", "/tasks", "grid-worker-03", 390, "#errands :not(.skeleton)"),
    DESK,
    Page("wall", "/wall", "manager-01", 1440, "#panel-numbers .body :not(.skeleton)"),
)


@dataclass(frozen=True)
class Loaded:
    """One page: medians of what a first visit costs, and what each page that stays open holds here and in the console."""

    name: str
    paint_ms: float
    useful_ms: float
    kilobytes: float
    requests: int
    browser_mb: float
    console_mb: float


@dataclass(frozen=True)
class Paged:
    """All that was measured."""

    pages: list[Loaded] = field(default_factory=list)
    late: Late | None = None

    @property
    def sentences(self) -> Iterable[str]:
        """What a person reads."""
        for one in self.pages:
            yield (
                f"{one.name}: first paint {one.paint_ms:.0f} ms, of use after {one.useful_ms:.0f} ms, {one.kilobytes:.0f} kB in "
                f"{one.requests} requests; open: {one.browser_mb:.1f} MB of script memory, {one.console_mb:.2f} MB in the console."
            )
        if self.late:
            yield self.late.sentence


def measure(folder: Path, city: City, cases: int, show: Show, say: Say) -> Paged:
    """Run a system in `folder` with so many open cases, and open its pages."""
    with System(folder, city=city.name, issuer="page", say=say) as system:
        return asyncio.run(measured(system, Reports(city), cases, show))


async def measured(system: System, reports: Reports, cases: int, show: Show) -> Paged:
    async with chromium() as browser:
        await filled(system, reports, cases, show(f"{cases:,} open cases", cases))
        progress, machine = show("opening each page", len(PAGES)), Machine.of(system)
        pages = []
        for page in PAGES:
            pages.append(await loaded(browser, system, machine, page))
            progress(1)
        count = round(RATE * SECONDS)
        async with visit(browser, system, DESK) as context:
            tab = await opened(context, DESK)
            late = await lateness(tab, system, reports, count, show(f"{RATE:g} reports a second before an open desk", count))
    return Paged(pages, late)


@asynccontextmanager
async def visit(browser: Browser, system: System, page: Page) -> AsyncIterator[BrowserContext]:
    """Give a browser of its own, with nothing kept, to somebody who has signed in."""
    size = {"width": page.width, "height": 900}
    context = await browser.new_context(viewport=size, base_url=system.urls["console"], locale="zh-CN", service_workers="block")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    try:
        if page.who:
            tab = await context.new_page()
            await sign_in(tab, page.who)
            await tab.close()
        yield context
    finally:
        await context.close()


async def opened(context: BrowserContext, page: Page) -> Tab:
    tab = await context.new_page()
    await tab.goto(page.address, wait_until="commit")
    await tab.wait_for_selector(page.useful, state="attached")
    return tab


async def loaded(browser: Browser, system: System, machine: Machine, page: Page) -> Loaded:
    """Visit a page again and again for the first time, then let some stay open."""
    visits = [await first(browser, system, page) for _ in range(TIMES)]
    before = machine.megabytes()["console"]
    async with visit(browser, system, page) as context:
        tabs = [await opened(context, page) for _ in range(OPEN)]
        await asyncio.sleep(SETTLE_SECONDS)
        held = (machine.megabytes()["console"] - before) / OPEN
        heap = await heap_of(tabs[0])
    paints, useful, sizes, requests = zip(*visits, strict=True)
    return Loaded(page.name, median(paints), median(useful), median(sizes), round(median(requests)), heap, held)


async def first(browser: Browser, system: System, page: Page) -> tuple[float, float, float, int]:
    """Return the milliseconds until something is painted and until it is of use, the kilobytes that came, and by how many requests."""
    async with visit(browser, system, page) as context:
        tab = await context.new_page()
        watch = await context.new_cdp_session(tab)
        await watch.send("Network.enable")
        sizes: list[float] = []
        watch.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        began = time()
        await tab.goto(page.address, wait_until="commit")
        await tab.wait_for_selector(page.useful, state="attached")
        useful = 1000 * (time() - began)
        await tab.wait_for_load_state("load")
        await asyncio.sleep(SETTLE_SECONDS / 2)
        painted = await tab.evaluate(PAINTED)
        return painted if painted is not None else useful, useful, sum(sizes) / 1000, len(sizes)


async def heap_of(tab: Tab) -> float:
    """Return how much memory the scripts of a page hold, in megabytes."""
    session = await tab.context.new_cdp_session(tab)
    await session.send("Performance.enable")
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")) / 1e6
