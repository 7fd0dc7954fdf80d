"""A small day of the demo city and its consequences, lived on a running system whose clock jumps."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from deploy.demo.calls import Calls
from deploy.demo.day import DAWN, Report, make_day
from deploy.demo.life import Life
from deploy.demo.pace import Pace
from deploy.demo.quiet import Quiet
from deploy.issuer.badges import Badges
from deploy.system import System
from deploy.topics import connected
from shared.citypack import city_folder, load_city

CITY = load_city(city_folder("demo"))
REPORTS, SEED = 45, 7
LIVED = timedelta(days=15)  # within the month, of which the rates are told
GAS = {"text": "楼道里有浓烈的煤气味，有人头晕", "channel": "phone", "address": "河沿路1号", "contact": {"phone": "13900000000"}}


@asynccontextmanager
async def living(system: System, pace: Pace, reports: Sequence[Report] = ()) -> AsyncIterator[Life]:
    """Give people to a running system whose clock they move; they report what is given, else what belongs to a small day."""
    calls = Calls(system.urls, system.data / "history.ndjson", Badges(system.mint, CITY))
    try:
        async with connected(system.kafka_settings()) as log:
            quiet = Quiet(system.urls, log, calls.client, 0.5)
            told = reports or make_day(CITY, pace.now - timedelta(hours=DAWN), REPORTS, SEED)
            yield Life(CITY, told, calls, quiet, pace, SEED)
    finally:
        await calls.close()


async def lived(system: System, pace: Pace) -> int:
    """Let a day and its consequences go by; then let an emergency wait for hours, and some ask for what is refused."""
    async with living(system, pace) as life:
        end = life.pace.now + LIVED
        while not life.over and life.pace.now < end:
            await life.turn()
        await life.calls.report(Report("gas", life.pace.now, {**GAS, "language": "zh"}, None))
        for _ in range(8):
            await life.quiet.wait(life.pace)
            await life.pace.to(life.pace.now + timedelta(hours=1))
        await life.quiet.wait(life.pace)
        for service, url in system.urls.items():
            assert (await life.calls.client.post(f"{url}/cases/nobody/notes", json={})).status_code >= 400, service
            assert (await life.calls.client.post(f"{url}/reports", json={"text": ""})).status_code >= 400, service
        return len(life.filed) + 1
