"""Whatever people do and whenever, dispatch and closure fall silent, and neither says anything without effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.closure import decide as closure
from services.dispatch import decide as dispatch
from shared.case import CLOCKED, Case, Refused, Status, evolve
from shared.city import City
from shared.deadline import corrected
from shared.events import AnyEvent, DeadlineMissed, ReminderSent
from shared.places import Step
from shared.service import World
from tests.unit.closure.acts import ACTS
from tests.unit.dispatch.small_city import CITY, NOON, said, small_city, triaged

REMINDERS = (Step(share=0.5, level=0), Step(share=0.8, level=0))
LADDER = len(CITY.levels) * (2 * CITY.max_offers + 1)  # offers and their ends, and the step up
# Machine facts for one human fact: a ladder; two public deadlines missed and two of stages, two reminders, a correction;
# confirm, close, publish, reject or reopen, and how it stands.
MOST = LADDER + 4 + len(REMINDERS) + 1 + 7
DEMANDS = {code: one.model_copy(update={"result_photo": True, "reporter_word": True}) for code, one in CITY.categories.items()}
CITIES = (
    CITY,
    small_city(levels=CITY.levels[:1], steps=()),
    small_city(objection_hours=0, publish_after_hours=0, max_offers=1),
    small_city(steps=(*REMINDERS, *CITY.steps), categories=DEMANDS, refusals_to_climb=1),
)

ENDS = ("hide", "merge", "reject", "withdraw")  # seldom, or no history would be long
GOES_ON = tuple(act for act in sorted(ACTS) if act not in ENDS)
ON = {status: place for place, status in enumerate(Status)}  # they are listed in the order of a case's life
ACTORS = ("operator-1", "duty-1", "leader-2", "grid-1", "resident-1", "resident-2")
MINUTES = st.sampled_from((0, 0, 0, 0, 1, 1, 9, 10, 45, 120, 180, 600, 1440, 4320, 6000, 30000))


@dataclass(frozen=True)
class Move:
    """Somebody does one of the things that they may do, after some time; `full` of the staff have no room then."""

    choice: int
    ends: bool
    minutes: int
    full: tuple[str, ...]


MOVES = st.lists(
    st.builds(
        Move,
        choice=st.integers(0, 10_000),
        ends=st.sampled_from((False,) * 24 + (True,)),
        minutes=MINUTES,
        full=st.sampled_from(((), ("drain-1", "drain-2"), ("drain-1", "drain-2", "drain-3", "handy-1", "gas-1", "gas-2"))),
    ),
    max_size=25,
)


def world(city: City, full: tuple[str, ...]) -> World:
    return World(city, {f"{name}/{n}": {"assignee": name} for name in full for n in range(2)})


def moved(case: Case, move: Move, city: City, now: datetime) -> Case:
    """Return the case after what the move's choice falls on among all that may happen now; what brings the case on is likelier."""
    possible: list[Case] = []
    for act in ENDS if move.ends else GOES_ON:
        tries = (tried(case, act, actor, city, now) for actor in (case.assignee or "operator-1", *ACTORS))
        after = next((after for after in tries if after is not case), case)
        weight = 0 if after is case else 6 if ON[after.status] > ON[case.status] else 1
        possible += [after] * weight
    return possible[move.choice % len(possible)] if possible else case


def tried(case: Case, act: str, by: str, city: City, now: datetime) -> Case:
    """Return the case after what the person tried, the same one if it was refused."""
    try:
        worded = ACTS[act](case, said(by, now), city)
    except Refused:
        return case
    for fact in worded if isinstance(worded, list) else [worded]:
        case = evolve(case, fact)
    return case


def silence(case: Case, seen: World, now: datetime, log: list[AnyEvent] | None = None) -> tuple[Case, int]:
    """Apply what both services say until they are silent; everything must have an effect."""
    count = 0
    log = [] if log is None else log
    while facts := [*dispatch.decide(case, seen, now), *closure.decide(case, seen, now)]:
        for fact in facts:
            changed = evolve(case, fact)
            assert changed is not case, f"{fact.type} has no effect"
            case, count = changed, count + 1
            log.append(fact)
        assert count <= MOST, f"no silence after {count} facts"
    for service in (dispatch, closure):
        again = service.due(case, seen, now)
        assert again is None or again > now
    return case, count


def until_settled(case: Case, seen: World, now: datetime) -> int:
    """Follow the timers until only waiting is left; return how many facts were said on the way."""
    total = 0
    for _ in range(200):
        moments = [at for service in (dispatch, closure) if (at := service.due(case, seen, now))]
        if not moments:
            return total
        now = max(min(moments), now + timedelta(minutes=10))
        case, count = silence(case, seen, now)
        total += count
    return total


def is_where_its_limit_ends(case: Case, city: City) -> None:
    """A deadline that no person has set is where the limit ends on the clock of the case, whatever happened on the way."""
    ends = corrected(case, city.calendar) if case.status in CLOCKED else None
    assert ends is None or case.resolve_by is None or abs(ends - case.resolve_by) < timedelta(seconds=1)


def kept(log: list[AnyEvent]) -> None:
    """No reminder and no statement is made twice, or at a time that it must not have."""
    reminders = [(fact.share, fact.deadline) for fact in log if isinstance(fact, ReminderSent)]
    stated = [(fact.which, fact.deadline) for fact in log if isinstance(fact, DeadlineMissed)]
    assert len(set(reminders)) == len(reminders)
    assert len(set(stated)) == len(stated)
    assert all(fact.at < fact.deadline for fact in log if isinstance(fact, ReminderSent))
    assert all(fact.at >= fact.deadline for fact in log if isinstance(fact, DeadlineMissed))


@settings(max_examples=120, deadline=None)
@given(moves=MOVES, code=st.sampled_from(sorted(CITY.categories)), placed=st.booleans(), city=st.sampled_from(CITIES))
def test_every_history_settles(moves: list[Move], code: str, placed: bool, city: City) -> None:
    case, now = triaged(code) if placed else triaged(code, location=None), NOON
    log: list[AnyEvent] = []
    case, _ = silence(case, world(city, ()), now, log)
    said_since = 0
    for move in moves:
        before, now = case.last_at, now + timedelta(minutes=move.minutes)
        acted = moved(case, move, city, now)
        said_since = 0 if acted is not case else said_since
        case, count = silence(acted, world(city, move.full), now, log)
        said_since += count
        assert said_since <= MOST
        assert case.last_at >= before
        is_where_its_limit_ends(case, city)
    assert said_since + until_settled(case, world(city, ()), now) <= MOST
    kept(log)


@settings(max_examples=50, deadline=None)
@given(minutes=st.lists(MINUTES, max_size=12), code=st.sampled_from(sorted(CITY.categories)))
def test_a_case_that_nobody_touches_rises_to_the_top_and_stays_there(minutes: list[int], code: str) -> None:
    case, now, levels = triaged(code), NOON, [0]
    for step in minutes:
        now += timedelta(minutes=step)
        case, _ = silence(case, world(CITY, ()), now)
        levels.append(case.level)
    assert levels == sorted(levels)
    assert case.level < len(CITY.levels)


@given(moves=MOVES)
@settings(max_examples=50, deadline=None)
def test_said_in_two_processes_it_is_the_same_fact(moves: list[Move]) -> None:
    case, now = triaged("cover"), NOON
    for move in moves:
        now += timedelta(minutes=move.minutes)
        case = moved(case, move, CITY, now)
        one, other = (dispatch.decide(case, world(CITY, full), now) for full in ((), ("drain-1",)))
        assert [fact.id for fact in one] == [fact.id for fact in other]
        case, _ = silence(case, world(CITY, move.full), now)
