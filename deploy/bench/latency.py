"""How soon: from the start of a POST /reports to the assignment in the log, at a steady rate, while whole lives go on.

Reports leave on time whether or not earlier ones were answered, over connections that stay open. An assignment counts when the bench's
own consumer has it.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

import httpx

from deploy.bench.lives import Progress
from deploy.bench.reports import Reports
from deploy.bench.watch import ENDS, Stalled, Watch, answers, watching
from shared.settings import Settings

ANSWER_SECONDS = 30.0
DRAIN_SECONDS = 60.0


@dataclass
class Latency:
    """Milliseconds, in the order of the reports."""

    intake: list[float] = field(default_factory=list)
    assign: list[float] = field(default_factory=list)


@dataclass
class Clocked:
    """When each report was posted, answered, and its case assigned: seconds on the monotonic clock."""

    posted: dict[str, float] = field(default_factory=dict)  # by case id, known from the answer
    answered: dict[str, float] = field(default_factory=dict)
    assigned: dict[str, float] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def latency(self) -> Latency:
        cases = sorted(self.posted, key=self.posted.__getitem__)
        return Latency(
            [1000 * (self.answered[case] - self.posted[case]) for case in cases],
            [1000 * (self.assigned[case] - self.posted[case]) for case in cases],
        )


def delays(settings: Settings, intake: str, reports: Reports, rate: float, seconds: float, progress: Progress) -> Latency:
    """Post `rate` reports a second for so many seconds, and measure. Raises Stalled if a case is not assigned, or an answer is not 201."""
    return asyncio.run(measured(settings, intake, reports, rate, seconds, progress))


async def measured(settings: Settings, intake: str, reports: Reports, rate: float, seconds: float, progress: Progress) -> Latency:
    clocked, count = Clocked(), round(rate * seconds)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with (
        watching(settings) as watch,
        httpx.AsyncClient(base_url=intake, trust_env=False, timeout=ANSWER_SECONDS, limits=limits) as client,
    ):
        answering = asyncio.create_task(follow(watch, clocked))
        try:
            began = time.monotonic()
            posting = []
            for number, body in enumerate(islice(reports.bodies(), count)):
                await asyncio.sleep(began + number / rate - time.monotonic())
                posting.append(asyncio.create_task(post(client, body, clocked)))
                progress(1)
            await asyncio.gather(*posting)
            await drained(clocked, answering)
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
    return clocked.latency()


async def post(client: httpx.AsyncClient, body: dict[str, object], clocked: Clocked) -> None:
    posted = time.monotonic()
    try:
        answer = await client.post("/reports", json=body)
    except httpx.TransportError as error:
        raise Stalled(f"A report was not answered: {error!r}") from error
    if answer.status_code != httpx.codes.CREATED:
        raise Stalled(f"A report was answered with {answer.status_code}: {answer.text[:500]}")
    case = answer.json()["case_id"]
    clocked.posted[case], clocked.answered[case] = posted, time.monotonic()


async def follow(watch: Watch, clocked: Clocked) -> None:
    """Note the first assignment of each case, and let the staff end its life."""
    async for seen in watch.seen():
        for one in seen:
            if one.event["type"] == "case.assigned":
                clocked.assigned.setdefault(one.event["case_id"], one.at)
            elif one.event["type"] in ENDS:
                clocked.ended.add(one.event["case_id"])
        if said := answers(seen):
            await watch.log.publish(said)


async def drained(clocked: Clocked, answering: asyncio.Task[None]) -> None:
    """Wait until every case has ended. Raises Stalled."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while not clocked.posted.keys() <= clocked.ended:
        if answering.done():
            answering.result()
        if time.monotonic() > deadline:
            raise Stalled(f"{len(clocked.posted.keys() - clocked.ended)} cases have not ended.")
        await asyncio.sleep(0.1)
