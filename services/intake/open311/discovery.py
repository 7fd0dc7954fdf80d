"""The document that tells programs which endpoints there are, and since when what they offer is as it is."""

from datetime import datetime
from hashlib import sha256

import orjson

from services.intake.open311.formats import Plain
from services.intake.open311.services import definition, services, worded
from services.intake.open311.spaces import PRODUCTION, TEST
from shared.city import City
from shared.process import Process

CHANGES = "open311_changes"  # the collection: when each content was first offered
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = ("text/xml", "application/json")


async def discovery(process: Process, city: City, language: str, now: datetime) -> dict[str, Plain]:
    base = process.settings.intake_url.rstrip("/")
    changed = city.local(await changed_at(process, city, base, now)).isoformat(timespec="seconds")
    return {
        "changeset": changed,
        "contact": worded(city.open311.contact, language),
        "key_service": worded(city.open311.key_service, language),
        "endpoints": [
            {"specification": SPECIFICATION, "url": base + path, "changeset": changed, "type": kind, "formats": list(FORMATS)}
            for path, kind in ((PRODUCTION, "production"), (TEST, "test"))
        ],
    }


async def changed_at(process: Process, city: City, base: str, now: datetime) -> datetime:
    """Return when what is offered now was offered for the first time; never later than `now`."""
    content = offered(city, base)
    known = await process.private.get(CHANGES, content)
    if known is None:
        await process.private.put(CHANGES, content, {"at": now.isoformat()})
        return now
    return min(now, datetime.fromisoformat(known["at"]))


def offered(city: City, base: str) -> str:
    """Return a hash of all that programs can read here besides requests, in both languages."""
    told = [[services(city, one), [definition(category, one) for category in city.categories.values()]] for one in ("zh", "en")]
    return sha256(orjson.dumps(told) + city.open311.model_dump_json().encode() + base.encode()).hexdigest()
