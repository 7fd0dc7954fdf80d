"""What a service is: pure functions and a list of views, declared in one place. How it runs is the recipe in `fold.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.case import Case
from shared.city import City
from shared.events import AnyEvent

Fields = Mapping[str, Any]  # what a row of `cases` can be found by: strings, numbers, booleans, datetimes, lists of strings, None
Query = Mapping[str, Sequence[Any]]  # field -> values, any of which; all fields must fit. "_id" is the case's id


@dataclass(frozen=True)
class World:
    """What a decision may know beyond its case: the city, and the fields of other cases that `look` asked for (own case included)."""

    city: City
    others: Mapping[str, Fields] = field(default_factory=dict)


@dataclass(frozen=True)
class Fold:
    """One event as it was folded: what the case was and is, and where in the log the event stands."""

    before: Case
    event: AnyEvent
    after: Case
    partition: int
    offset: int

    @property
    def effective(self) -> bool:
        return self.after is not self.before


@dataclass(frozen=True)
class View:
    """A read model: rows that events change, each belonging to one partition (what spans partitions is added up when it is read).

    `keys` names the rows that a fold touches; `change` returns a row's new content, given its old one (None at first) and the key.
    A view with `by_offset` has one row an event, whose key must be the offset: such rows are never read before they are written.
    """

    name: str
    keys: Callable[[Fold, City], Iterable[str]]
    change: Callable[[dict[str, Any] | None, str, Fold, City], dict[str, Any]]
    indexes: tuple[tuple[str, ...], ...] = ()
    by_offset: bool = False


Decide = Callable[[Case, World, datetime], list[AnyEvent]]
Due = Callable[[Case, World, datetime], datetime | None]


def says_nothing(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """The decision of a service that only reads."""
    return []


def never_due(case: Case, world: World, now: datetime) -> datetime | None:
    """The timer of a service that waits for nothing."""
    return None


def looks_nowhere(cases: Sequence[Case], city: City, now: datetime) -> list[Query]:
    """The look of a service whose decisions need no other case."""
    return []


def looks_no_further(cases: Sequence[Case], others: Mapping[str, Fields]) -> list[Query]:
    """The second look of a service that sees all it needs at once."""
    return []


def needs_nothing(city: City) -> None:
    """The preparation of a service that has nothing to read before it can decide."""


def no_fields(case: Case, city: City) -> Fields:
    """The fields of a service that finds cases by their id alone."""
    return {}


@dataclass(frozen=True)
class Service:
    """A service: its name, the version of its views, its decisions, what these must see, and its read models.

    `decide` says what there is to say about a case now; `due` says when to look again if nothing happens (after `now`, or None);
    a case about which nothing is said and for which nothing is due is settled. What was seen may lead on to other cases: `look_on` asks
    for them, until it asks for nothing new. `fields` are saved beside each case; `indexes` index them.
    `prepare` reads what decisions under a pack need (a learned model) before the pack is in force, so that no case waits for it.
    """

    name: str
    views: int
    decide: Decide = says_nothing
    due: Due = never_due
    look: Callable[[Sequence[Case], City, datetime], list[Query]] = looks_nowhere
    look_on: Callable[[Sequence[Case], Mapping[str, Fields]], list[Query]] = looks_no_further
    fields: Callable[[Case, City], Fields] = no_fields
    indexes: tuple[tuple[str, ...], ...] = ()
    projections: tuple[View, ...] = ()
    prepare: Callable[[City], None] = needs_nothing
    keeps_dead: bool = False  # writes the dead letters of what no service can read; one service does
