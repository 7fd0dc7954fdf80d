"""Whether a process may be asked: its fold is up to the log, and both engines answer."""

import asyncio

from shared import metrics
from shared.process import Process
from shared.store import StoreError
from shared.stream import Away

TOO_FAR_BEHIND = 10  # batches of a step
PATIENCE = 2.0  # seconds for the store to answer


async def amiss(process: Process) -> dict[str, str]:
    """Return what is wrong, by its part, and let the metric say whether anything is; nothing if the process is ready."""
    found: dict[str, str] = {}
    if not process.assigned_once.is_set():
        found["partitions"] = "none assigned yet"
    if any(not held.caught for held in process.recipe.held.values()):
        found["fold"] = "catching up"
    try:
        lag = await process.lag()
        if lag > TOO_FAR_BEHIND * process.settings.batch_events:
            found["lag"] = f"{lag} events behind"
    except Away as away:
        found["kafka"] = str(away)
    try:
        await asyncio.wait_for(process.store.ping(), PATIENCE)
    except (StoreError, TimeoutError) as error:
        found["mongo"] = repr(error)
    metrics.READY.labels(process.service.name).set(not found)
    return found
