"""Which case somebody means: by its id, or by its number where the service finds its cases by number."""

import re

from shared.process import Process
from shared.store import CASES

NUMBER = re.compile(r"[\d\s-]{8,}")


async def resolved(process: Process, id_or_number: str) -> str:
    """Return the case id; a number is looked up where the service finds its cases by number."""
    if NUMBER.fullmatch(id_or_number):
        digits = re.sub(r"\D", "", id_or_number)
        found = await process.store.find(CASES, {"number": digits}, limit=1, projection={"_id": True})
        if found:
            return str(found[0]["_id"])
    return id_or_number
