"""Service request updates: every public change of every request by its time, and what another authority's system says about one."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.intake.actions import Supplement, supplement
from services.intake.faults import faults_of
from services.intake.open311.asking import DEEPEST, MOST, Reader, Span
from services.intake.open311.formats import Plain
from services.intake.open311.listing import LAST, Filter
from services.intake.open311.showing import notes_on, time, visible
from services.intake.views.requests import requests, updates
from shared.asked import when_it_happened
from shared.city import City
from shared.command import Accepted, Command, perform
from shared.events import Said, derived_id
from shared.problems import Fault
from shared.process import Process
from shared.stamps import stamp

Row = Mapping[str, Any]
MOST_STATUS = 100  # characters


def read_span(given: Mapping[str, str], now: datetime) -> tuple[Span, int, int] | list[Fault]:
    """Return the times, page and page size asked for, or everything that is wrong; without dates the last 90 days."""
    reader = Reader(given, now)
    size = reader.count("page_size", MOST, MOST)
    page = reader.count("page", 1, DEEPEST // size)
    span = reader.span("start_date", "end_date", None) or reader.latest()
    return reader.faults or (span, page, size)


async def changes(process: Process, city: City, language: str, span: Span, page: int, size: int) -> list[Plain]:
    """Return the updates of that time, the oldest first; those of cases that are not public are left out."""
    filter: Filter = {"at": {"$gte": f"t/{stamp(span.start)}", "$lte": f"t/{stamp(span.end)}{LAST}"}}
    found = (await process.store.find(updates.name, filter, [("at", 1)], page * size))[(page - 1) * size :]
    keys = {f"{one['partition']}/{one['case']}" for one in found}
    rows = await process.store.rows(requests.name, keys)
    told: list[Plain] = []
    for one in found:
        row = rows.get(f"{one['partition']}/{one['case']}")
        if row is not None and visible(row, city):
            told.append(update(one, row, city, language))
    return told


def update(one: Row, row: Row, city: City, language: str) -> Plain:
    return {
        "update_id": one["update"],
        "service_request_id": row["number"],
        "status": one["status"],
        "updated_datetime": time(one["at"].split("/")[1], city),
        "description": notes_on({**row, **one}, city.categories.get(row["code"]), language),
        "media_url": None,
    }


def read_update(given: Mapping[str, str], now: datetime) -> tuple[Supplement, datetime | None] | list[Fault]:
    """Return what another system says, and when it happened, or all that is wrong with it."""
    reader = Reader(given, now)
    for name in ("update_id", "service_request_id"):
        if not reader.text(name):
            reader.wrong(name, "is needed.", "必填。")
    at, status = reader.moment("updated_datetime"), reader.text("status")[:MOST_STATUS]
    text = ": ".join(part for part in (status, reader.text("description")) if part)
    media = [reader.text("media_url")] if reader.text("media_url") else []
    try:
        body = Supplement.model_validate({"text": text, "media": media})
    except ValidationError as error:
        return [*reader.faults, *(named(fault) for fault in faults_of(error))]
    return reader.faults or (body, at)


def named(fault: Fault) -> Fault:
    """Return the fault under the name that the form has for the field."""
    name = {"text": "description", "body": "description"}.get(fault.field, "media_url" if fault.field.startswith("media") else fault.field)
    return fault.model_copy(update={"field": name})


async def take_in(process: Process, case_id: str, body: Supplement, at: datetime | None, update_id: str, by: str) -> None:
    """Add what another system says to the case, once for each of its updates; where the case stands is for our own staff to say."""
    happened = when_it_happened(process, at, "updated_datetime")
    said = Said(id=derived_id("open311-update", by, update_id), at=happened, by=by, late=at is not None)
    with suppress(Accepted):  # it is in the log, and will be in the case
        await perform(process, case_id, supplement, body, Command(said, None))
