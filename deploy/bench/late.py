"""How late the desk is: from the acknowledgement of a report until the number of open cases on the screen has gone up by it."""

import asyncio
from dataclasses import dataclass
from itertools import islice
from statistics import median, quantiles
from time import time
from typing import Any

import httpx
from playwright.async_api import Page

from deploy.bench.lives import Progress
from deploy.bench.reports import Reports
from deploy.system import System

RATE, SECONDS = 7.0, 20.0  # reports a second, each of about three facts at once, and for how long
AT_ONCE = 8  # reports on their way together
# Notes when the number of open cases has changed on the screen: [Unix milliseconds, number].
WATCH = """() => {
  window.counted = [];
  const count = document.getElementById("count");
  const note = () => window.counted.push([performance.timeOrigin + performance.now(), Number(count.textContent.replace(/\\D/g, ""))]);
  new MutationObserver(() => requestAnimationFrame(note)).observe(count, { childList: true, characterData: true, subtree: true });
  note();
}"""


@dataclass(frozen=True)
class Late:
    """How late the desk is, in milliseconds, at so many reports a second."""

    rate: float
    reports: int
    p50_ms: float
    p99_ms: float

    @property
    def sentence(self) -> str:
        """What a person reads."""
        took = f"after {self.p50_ms:.0f} ms (p99 {self.p99_ms:.0f} ms)"
        return f"desk: {self.reports} reports at {self.rate:g} a second were on the screen {took}."


async def filled(system: System, reports: Reports, cases: int, progress: Progress) -> None:
    """Report so many cases, a few at once."""
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=system.urls["intake"], trust_env=False, timeout=60, limits=limits) as client:
        for _ in range(0, cases, AT_ONCE):
            some = list(islice(reports.bodies(), AT_ONCE))
            await asyncio.gather(*(reported(client, body) for body in some))
            progress(len(some))


async def reported(client: httpx.AsyncClient, body: dict[str, Any]) -> float:
    """Send a report; return when it was acknowledged, in Unix seconds."""
    (await client.post("/reports", json=body)).raise_for_status()
    return time()


async def lateness(tab: Page, system: System, reports: Reports, count: int, progress: Progress) -> Late:
    """Report on time, whether or not earlier ones are on the screen, and compare."""
    async with httpx.AsyncClient(base_url=system.urls["intake"], trust_env=False, timeout=60) as client:
        await tab.evaluate(WATCH)
        _, base = (await tab.evaluate("window.counted"))[-1]
        began, sent = time(), []
        for n, body in enumerate(islice(reports.bodies(), count)):
            await asyncio.sleep(max(0.0, began + n / RATE - time()))
            sent.append(asyncio.create_task(reported(client, body)))
            progress(1)
        acknowledged = sorted(await asyncio.gather(*sent))
        await tab.wait_for_function("(all) => window.counted.at(-1)[1] >= all", arg=base + count)
        shown = await tab.evaluate("window.counted")
    delays = sorted(delay(base + n + 1, at, shown) for n, at in enumerate(acknowledged))
    return Late(RATE, count, median(delays), quantiles(delays, n=100)[98])


def delay(number: int, at: float, shown: list[tuple[float, int]]) -> float:
    """Return the milliseconds from `at` until so many cases were on the screen."""
    return next(moment for moment, counted in shown if counted >= number) - 1000 * at
