"""How a person's command becomes a fact, and how the answer comes to be true.

2xx: the fact took effect. 409 and 412: it did not, by a case folded up to an end of the log read after the request came.
202: it is in the log, not yet folded here. 503: unknown, say it again with the same Idempotency-Key.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shared.case import Case, Refused, Status
from shared.city import City
from shared.clock import monotonic
from shared.events import AnyEvent, Event, Said
from shared.masking import mask
from shared.problems import Problem, problem
from shared.process import Process
from shared.stream import Away

Body = TypeVar("Body")
Worded = TypeVar("Worded", bound=Event)
Action = Callable[[Case, Body, Said, City], AnyEvent | Sequence[AnyEvent]]
FREE_TEXTS = ("text", "reason", "outcome", "comment")
RACES = 5  # how often a lost race is run again


class Accepted(Exception):
    """The fact is safely in the log but was not folded here in time."""


@dataclass(frozen=True)
class Command:
    """What a request says about itself: who, when, under which id, and on which version it insists."""

    said: Said
    if_match: int | None


async def perform(process: Process, case_id: str, action: Action[Body], body: Body, command: Command) -> Case:
    """Return the case once the fact took effect. Raises Problem, or Accepted."""
    deadline = monotonic() + process.settings.answer_seconds
    for _ in range(RACES):
        case = await newest(process, case_id)
        events = None if case is None else attempt(process, case, action, body, command)
        if case is None or isinstance(events, Exception):
            case = await fresh(process, case_id)
            events = attempt(process, case, action, body, command)
        if isinstance(events, Exception):
            raise events
        if not events:
            return case
        try:
            partition, offset = (await process.log.publish_once(events))[-1]
        except Away as away:
            raise unsure() from away
        if not await seen(process, partition, offset, deadline):
            raise Accepted
        case = await newest(process, case_id)
        if case is not None and events[-1].id in case.ids:
            return case
    raise unsure()


def attempt(process: Process, case: Case, action: Action[Body], body: Body, command: Command) -> Sequence[AnyEvent] | Problem:
    """Return what to publish, nothing if it took effect before, or why it may not happen."""
    if command.said["id"] in case.ids:
        return ()
    if command.if_match is not None and command.if_match != case.version:
        return problem(412, "The case has changed since you looked.", "您查看之后案件已有变化。", case=case)
    try:
        worded = action(case, body, command.said, process.city)
    except Refused as refused:
        return problem(409, refused.en, refused.zh, case=case)
    events = [without_personal_data(event, case.language) for event in (worded if isinstance(worded, Sequence) else (worded,))]
    if events[-1].id in case.ids:
        return ()
    return events


def without_personal_data(event: Worded, language: str) -> Worded:
    """Return the event with telephone, mail and identity numbers masked in what the person wrote: the log is kept for ever."""
    written = {name: getattr(event, name) for name in FREE_TEXTS if name in type(event).model_fields}
    return event.model_copy(update={name: mask(text, language) for name, text in written.items()})


async def newest(process: Process, case_id: str) -> Case | None:
    """Return the newest that this process knows of the case: its memory, else what was saved."""
    known = process.recipe.known(case_id)
    if known is not None:
        return known
    row = (await process.store.cases([case_id])).get(case_id)
    return row.case if row is not None and row.case.status is not Status.UNKNOWN else None


async def fresh(process: Process, case_id: str) -> Case:
    """Return the case folded up to the log's present end. Raises a 404 or 503 problem."""
    partition = process.log.partition(case_id.encode())
    try:
        end = (await process.log.ends([partition]))[partition]
    except Away as away:
        raise unsure() from away
    if not await seen(process, partition, end - 1, monotonic() + process.settings.fresh_seconds):
        raise unsure()
    case = await newest(process, case_id)
    if case is None:
        raise problem(404, f"There is no case {case_id}.", f"没有编号为 {case_id} 的案件。")
    return case


async def seen(process: Process, partition: int, offset: int, deadline: float) -> bool:
    """Wait until the message at `offset` is folded, here or in what another process saved; False if `deadline` comes first."""
    while True:
        pulse = process.recipe.pulse
        held = process.recipe.held.get(partition)
        if held is not None and held.caught:
            if held.next > offset:
                return True
        elif (await process.store.progress()).get(partition, {"offset": 0})["offset"] > offset:
            return True
        left = deadline - monotonic()
        if left <= 0:
            return False
        try:
            await asyncio.wait_for(pulse.wait(), min(left, 0.25 if held is not None else 0.05))
        except TimeoutError:
            continue


def unsure() -> Problem:
    return problem(
        503,
        "The log cannot be reached or is behind; what you asked may or may not happen. Ask again with the same Idempotency-Key.",
        "日志暂时无法访问或落后，您的请求可能已生效也可能没有。请用相同的 Idempotency-Key 重试。",
        headers={"Retry-After": "2"},
    )
