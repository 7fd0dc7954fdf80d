"""When all is quiet: every service has folded the whole log, has nothing of its own under way, and has looked at what was due by now."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import orjson
from aiokafka import TopicPartition

from deploy.demo.pace import Pace
from deploy.refusal import CannotDo
from shared.clock import monotonic
from shared.stream import Away, KafkaLog

POLL_SECONDS = 0.04
NUDGE_AFTER, NUDGE = 5.0, 61.0  # real seconds of waiting; virtual ones after which services repeat what did not come back
GIVE_UP_AFTER = 240.0


class Quiet:
    """Asks the services and the log how far they are."""

    def __init__(self, urls: Mapping[str, str], log: KafkaLog, client: httpx.AsyncClient, saved_after: float) -> None:
        """`saved_after` is how long, in seconds, a service may take to save what it has folded."""
        self.urls, self.log, self.client, self.saved_after = urls, log, client, saved_after
        self.seen: dict[int, int] = {}

    async def wait(self, pace: Pace) -> bool:
        """Wait until all is quiet and saved; return whether the log has grown since last time. Raises CannotDo if that does not come."""
        began = nudged = monotonic()
        while (ends := await self.ends()) is None or not await self.reached(ends, pace.now):
            if monotonic() - began > GIVE_UP_AFTER:
                raise CannotDo(f"The services did not fall silent within {GIVE_UP_AFTER:.0f} s: {await self.told()}")
            if monotonic() - nudged > NUDGE_AFTER:
                pace.nudge(NUDGE)
                nudged = monotonic()
            await asyncio.sleep(POLL_SECONDS)
        grown = ends != self.seen
        if grown:
            await asyncio.sleep(self.saved_after)
        self.seen = ends
        return grown

    async def ends(self) -> dict[int, int] | None:
        try:
            return await self.log.ends(range(self.log.partitions))
        except Away:
            return None

    async def reached(self, ends: Mapping[int, int], now: datetime) -> bool:
        """Whether every service is up to these ends and has looked around at `now`."""
        for told in await asyncio.gather(*map(self.progress, self.urls.values())):
            if told is None or not told["caught"] or told["in_flight"] or told["swept"] is None:
                return False
            if datetime.fromisoformat(told["swept"]) < now or {int(p): next for p, next in told["next"].items()} != ends:
                return False
        return True

    async def progress(self, url: str) -> Any:
        try:
            answer = await self.client.get(f"{url}/health/progress", timeout=5)
            return answer.json() if answer.status_code == httpx.codes.OK else None
        except (httpx.TransportError, ValueError):
            return None

    async def told(self) -> str:
        """Return how far everybody is, for an error message."""
        progress = {name: await self.progress(url) for name, url in self.urls.items()}
        return f"the log ends at {await self.ends()}, {orjson.dumps(progress).decode()}"

    async def reported(self, begins: Mapping[int, int]) -> set[str]:
        """Return the ids of all cases that somebody reported, read from the log itself from `begins` on."""
        ends = await self.log.ends(range(self.log.partitions))
        spans = [{TopicPartition(self.log.topic, p): at for p, at in offsets.items()} for offsets in (begins, ends)]
        found = set()
        async for record in self.log.read(*spans):
            fact = orjson.loads(record.value)
            if fact["type"] == "case.reported" and not fact.get("follows"):
                found.add(fact["case_id"])
        return found
