"""What the reading calls answer: lists, one request, the id behind a token, and the changes of a time."""

from collections.abc import Sequence
from dataclasses import replace

from services.intake.open311 import updates
from services.intake.open311.asking import NAME, Asked, Reader, read_list
from services.intake.open311.formats import Plain
from services.intake.open311.here import Here
from services.intake.open311.listing import Row, page
from services.intake.open311.media import with_links
from services.intake.open311.services import own_code
from services.intake.open311.showing import extended, request, visible
from services.intake.open311.spaces import TOKENS, Production
from shared.number import BETWEEN, DIGITS
from shared.problems import Fault
from shared.web import Problem, problem


def asked_for(at: Here) -> Asked:
    """Return what the list is asked for. Raises a problem with all that is wrong with it."""
    asked = read_list(at.given, at.now)
    if not isinstance(asked, Asked):
        raise wrong(asked)
    return replace(asked, codes=tuple(own_code(code, at.city) for code in asked.codes))


async def listed(at: Here, asked: Asked) -> list[Plain]:
    rows = [row for row in await page(at.space.find, asked) if visible(row, at.city)]
    return [shown(row, at, asked.extended) for row in await with_links(at, rows)]


def shown(row: Row, at: Here, extensions: bool) -> Plain:
    told = request(row, at.city, at.language)
    return {**told, **extended(row, at.city, at.language)} if extensions else told


async def one(at: Here, written: str) -> Plain:
    """Return a request. Raises a 404 problem for one that is not there, or not for everybody."""
    reader = Reader(at.given, at.now)
    extensions = reader.flag("extensions")
    if reader.faults:
        raise wrong(reader.faults)
    [row] = await with_links(at, [await row_of(at, written)])
    return shown(row, at, extensions)


async def row_of(at: Here, written: str) -> Row:
    """Return the row of a request, whose id may be written in groups. Raises a 404 problem."""
    digits = BETWEEN.sub("", written)
    number = digits if len(digits) == DIGITS and digits.isdigit() else written
    found = await at.space.find({"number": number}, [], 1, None) if NAME.fullmatch(number) else []
    if not found or not visible(found[0], at.city):
        raise problem(404, f"There is no request {written[:64]}.", f"没有编号为 {written[:64]} 的请求。")
    return found[0]


async def request_id_of(at: Here, token: str) -> str | None:
    """Return the id behind a token, or None while there is none. Raises a 404 problem for a token that was never given."""
    known = await at.process.private.get(TOKENS, token) if NAME.fullmatch(token) else None
    if known is None or known["base"] != at.space.base:
        raise problem(404, f"There is no token {token[:64]}.", f"没有令牌 {token[:64]}。")
    return await at.space.number(known["case"])


async def updates_of(at: Here) -> list[Plain]:
    span = updates.read_span(at.given, at.now)
    if isinstance(span, list):
        raise wrong(span)
    return await updates.changes(at.process, at.city, at.language, *span) if isinstance(at.space, Production) else []


def wrong(faults: Sequence[Fault]) -> Problem:
    return problem(422, "Some parameters are not right.", "有参数不正确。", faults)
