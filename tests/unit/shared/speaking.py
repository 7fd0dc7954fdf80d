"""All services at once, without a log or a store: what they want to say is said at once, until nobody has anything to say."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module

from shared.case import Case, evolve
from shared.city import City
from shared.events import OWNERS, AnyEvent
from shared.service import Fields, Service, World
from shared.speaking import fits
from tests.unit.shared.histories import History

SPEAKING: tuple[Service, ...] = tuple(import_module(f"services.{name}.app").service for name in sorted({*OWNERS.values()}))
MOVES = 40  # from one `due` to the next; then time jumps
JUMPS = (timedelta(hours=7), timedelta(days=1), timedelta(days=9), timedelta(days=40))


class Troubled(AssertionError):
    """A service broke a promise; the message is its last words."""


def seen(service: Service, case: Case, cases: dict[str, Case], city: City, now: datetime) -> World:
    """Return the world of a decision, with all that `look` asks for."""
    queries = service.look([case], city, now)
    others: dict[str, Fields] = {id: service.fields(other, city) for id, other in cases.items()} if queries else {}
    found: dict[str, Fields] = {}
    while more := {id: row for id, row in others.items() if id not in found and any(fits(query, id, row) for query in queries)}:
        found.update(more)
        queries = service.look_on([case], found)
    return World(city, found)


def say(service: Service, case: Case, history: History, city: City, now: datetime) -> list[AnyEvent]:
    """Let one service say what it wants about one case; each fact must be its own, be new, and have an effect."""
    world = seen(service, case, history.cases, city, now)
    facts = service.decide(case, world, now)
    again = service.decide(case, world, now)
    if facts != again:
        raise Troubled(f"{service.name} says {facts}, and asked again {again}")
    for fact in facts:
        if OWNERS[fact.type] != service.name or fact.by != service.name:
            raise Troubled(f"{service.name} says {fact}, which is not its own")
        if not history.put(fact):
            raise Troubled(f"{service.name} says {fact}, which changes nothing: {history.case(fact.case_id)}")
    return facts


def settle(history: History, city: City, bound: int) -> int:
    """Say all that the services want to say now, until silence; return how many facts. Raises Troubled after `bound`."""
    said = 0
    while True:
        before = said
        for id in sorted(history.cases):
            for service in SPEAKING:
                said += len(say(service, history.case(id), history, city, history.now))
                if said > bound:
                    raise Troubled(f"no end after {said} facts, the last: {[(e.type, e.case_id, e.at) for e in history.log[-8:]]}")
        if said == before:
            return said


def moments(history: History, city: City) -> Iterator[datetime]:
    """Yield when services want to look again; each must lie ahead."""
    for case in history.cases.values():
        for service in SPEAKING:
            due = service.due(case, seen(service, case, history.cases, city, history.now), history.now)
            if due is not None:
                if due <= history.now:
                    raise Troubled(f"{service.name} wants to look at {case.id} at {due}, which is not after {history.now}")
                yield due


def settle_for_ever(history: History, city: City, bound: int) -> int:
    """Settle, again at each time that is due, and after long silences; return how many facts were said."""
    said = settle(history, city, bound)
    for _ in range(MOVES):
        due = min(moments(history, city), default=None)
        if due is None:
            break
        history.now = due
        said += settle(history, city, bound - said)
    for jump in JUMPS:
        history.now += jump
        said += settle(history, city, bound - said)
    return said


def owed(history: History, city: City) -> list[AnyEvent]:
    """Return what somebody would say though nothing has happened."""
    return [
        fact
        for case in history.cases.values()
        for service in SPEAKING
        for fact in service.decide(case, seen(service, case, history.cases, city, history.now), history.now)
    ]


def settled_truly(history: History, city: City) -> None:
    """A case that all call settled is one about which nobody speaks, now or later. Raises Troubled."""
    for case in history.cases.values():
        for service in SPEAKING:
            world = seen(service, case, history.cases, city, history.now)
            if service.decide(case, world, history.now) or service.due(case, world, history.now) is not None:
                continue
            for jump in (timedelta(minutes=1), *JUMPS):
                later = service.decide(case, world, history.now + jump)
                if later:
                    raise Troubled(f"{service.name} called {case.id} settled, but later says {later}")


def unfolded(events: list[AnyEvent]) -> dict[str, Case]:
    """Return the cases that the facts make."""
    cases: dict[str, Case] = {}
    for event in events:
        cases[event.case_id] = evolve(cases.get(event.case_id) or Case(id=event.case_id), event)
    return cases
