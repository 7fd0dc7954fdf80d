"""Filing a request: the checks in the order of the contract, then the same desk as for every other report."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import Request

from services.intake.desk import Filing
from services.intake.open311.formats import Plain
from services.intake.open311.forms import KINDS, Sent, reading
from services.intake.open311.here import Here
from services.intake.open311.keys import holder
from services.intake.open311.media import taken
from services.intake.open311.posting import first, read_form
from services.intake.open311.reading import row_of
from services.intake.open311.services import named, worded
from services.intake.open311.spaces import TOKENS, Production, Tests
from services.intake.open311.updates import read_update, take_in
from services.intake.report import ReportBody
from shared.case import Status
from shared.category import Category
from shared.events import derived_id
from shared.photos import must_be_known
from shared.photos_links import is_own
from shared.question import Follow
from shared.standing import NEXT, STATUSES
from shared.web import problem

TOKEN_LETTERS = 24


@asynccontextmanager
async def admitted(here: Here, request: Request) -> AsyncIterator[tuple[Sent, str]]:
    """Give what was sent, and who sent it. Raises a problem: 403 for the key, 400 or 404 for the jurisdiction."""
    async with reading(request, here.process.settings) as sent:
        by = await holder(here.process.private, first(sent.fields, "api_key"), here.now)
        here.must_serve(first(sent.fields, "jurisdiction_id"))
        if sent.odd:
            raise problem(415, f"Send a form ({' or '.join(KINDS)}), not {sent.odd[:100]}.", f"请提交表单（{'、'.join(KINDS)}）。")
        yield sent, by


async def file_request(here: Here, sent: Sent, by: str, idempotency: str | None) -> Plain:
    """Return the receipt. Raises a problem with all that is wrong with the form."""
    category = named(here.city, first(sent.fields, "service_code"))
    body = read_form(sent.fields, category, here.city, here.language, here.now)
    if not isinstance(body, ReportBody):
        raise problem(422, "Some fields are not right.", "有字段不正确。", body)
    await must_be_known(here.process, body.media, "media_url")
    if isinstance(here.space, Tests):  # there whoever posted sees the photo: so only one that comes with the form
        body = body.model_copy(update={"media": tuple(name for name in body.media if not is_own(name))})
    key = derived_id("open311", by, here.space.base, idempotency, await sent.digest()) if idempotency else uuid4().hex
    if sent.files:
        body = body.model_copy(update={"media": (*await taken(here.process, sent.files), *body.media)})
    filing = Filing(body, key, unique=not idempotency)
    token = await token_for(here, filing.case_id) if category.open311 is Follow.BATCH else ""
    number = await here.space.file(filing, by, here.now, here.city)
    return {**receipt(category, number, token), "service_notice": notice(here.language), "account_id": first(sent.fields, "account_id")}


async def token_for(here: Here, case_id: str) -> str:
    """Return the token of a case; it is kept before the case is filed, so that no token is lost."""
    token = f"T-{derived_id('open311-token', here.space.base, case_id)[:TOKEN_LETTERS]}"
    await here.process.private.put(TOKENS, token, {"case": case_id, "base": here.space.base})
    return token


def receipt(category: Category, number: str, token: str) -> dict[str, Plain]:
    match category.open311:
        case Follow.BATCH:
            return {"token": token}
        case Follow.BLACKBOX:
            return {}
        case Follow.REALTIME:
            return {"service_request_id": number}


def notice(language: str) -> str:
    """Return what the reporter is told: that the report is there, and what happens next."""
    separator = "。" if language == "zh" else ". "
    return f"{worded(STATUSES[Status.REPORTED], language)}{separator}{worded(NEXT[Status.REPORTED], language)}"


async def updated_by(here: Here, sent: Sent, by: str) -> Plain:
    """Take in what another system says about a request, and return its id. Raises a problem."""
    given = {name: first(sent.fields, name) for name in sent.fields}
    found = read_update(given, here.now)
    row = await row_of(here, given["service_request_id"]) if given.get("service_request_id") else None
    if isinstance(found, list) or row is None:
        raise problem(422, "Some fields are not right.", "有字段不正确。", found if isinstance(found, list) else ())
    if isinstance(here.space, Production):
        await take_in(here.process, row["case"], *found, given["update_id"], by)
    return {"update_id": given["update_id"], "service_request_id": row["number"]}
