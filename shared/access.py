"""Who may do what, as pure rules: a role reaches all cases, those of the caller's unit, of the caller's grids, or the caller's own.

Which role has which reach on which route stands in one table, `shared.accesstable`. Whatever the reach, a confidential case is open
only to those whom it names, and to the posts that the city names in `confidential_to`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.case import Case
from shared.city import City

SEALED = "sealed/"
ANYBODY = "resident"  # who speaks without having signed in
RESERVED = frozenset({ANYBODY, "intake", "triage", "dispatch", "closure", "console"})  # ids that no token may claim


class Role(StrEnum):
    """What a token may say that its bearer is."""

    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    BUILDING_HEAD = "building_head"
    VOLUNTEER = "volunteer"
    OPERATOR = "operator"
    UNIT = "unit"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Reach(StrEnum):
    """Which cases a role reaches. `UNIT` and `GRID` hold what is `OWN` as well."""

    ALL = "all"
    UNIT = "unit"  # the case is with the caller's department
    GRID = "grid"  # the case lies in one of the caller's grids
    OWN = "own"  # the caller has it, had it, is asked to look at it, is told of it, or reported it


@dataclass(frozen=True)
class Row:
    """One line of the table. `anybody` needs no token; who has one is let in as well, and sees what the reach of the roles says."""

    reach: Mapping[Role, Reach] = field(default_factory=dict)
    anybody: bool = False


@dataclass(frozen=True)
class Caller:
    """Who calls: `id` is the actor of every fact. `opens` are the cases whose reporter's key was sent."""

    id: str = ANYBODY
    roles: frozenset[Role] = frozenset()
    unit: str | None = None
    grids: frozenset[str] = frozenset()
    signed_in: bool = False
    opens: frozenset[str] = frozenset()

    @property
    def staff(self) -> bool:
        return bool(self.roles - {Role.RESIDENT})

    def as_which(self, row: Row) -> str:
        """Return the roles by which the row was reached, for the record of looks."""
        return " ".join(sorted(self.roles & row.reach.keys())) or "nobody"


def concerned(case: Case) -> frozenset[str]:
    """Return the ids of those whom the case itself names: who has it, had it, looks at it, is told of it, and who reported it."""
    return frozenset(id for id in (case.assignee, case.verifier, case.handled_by, case.reported_by, *case.informed) if id)


def confidential(case: Case, city: City) -> bool:
    """Whether the case is confidential; before triage, by the category that the reporter chose."""
    if case.classification is not None:
        return case.classification.confidential
    chosen = city.categories.get(case.wish) if case.wish else None
    return chosen is not None and chosen.confidential


def marks_of(case: Case, city: City) -> frozenset[str]:
    """Return by what the case is found and reached; saved beside each case. A confidential one's are sealed, but for whom it names."""
    seal = SEALED if confidential(case, city) else ""
    where = case.classification.grid if case.classification else None
    places = {f"{seal}all", f"{seal}unit:{case.department}", f"{seal}grid:{where}"}
    return frozenset({*places, *(f"by:{id}" for id in concerned(case))})


def marks_for(caller: Caller, row: Row, city: City) -> frozenset[str]:
    """Return what the caller reaches on a row of the table: a case with any of these marks, none at all if no role is let in."""
    reached = {reach for role, reach in row.reach.items() if role in caller.roles}
    if not reached:
        return frozenset()
    marks = {f"by:{caller.id}"} if caller.signed_in else set()
    places = {"all"} if Reach.ALL in reached else set()
    if Reach.UNIT in reached and caller.unit:
        places.add(f"unit:{caller.unit}")
    if Reach.GRID in reached:
        places |= {f"grid:{grid}" for grid in caller.grids}
    sealed = {SEALED + place for place in places} if caller.signed_in and caller.id in city.confidential_to else set()
    return frozenset(marks | places | sealed)


def may(caller: Caller, row: Row, case: Case, city: City) -> bool:
    """Whether a row of the table lets the caller at this case."""
    opened = case.id in caller.opens and Role.RESIDENT in row.reach  # a key opens what reporters may do, whoever holds it
    return opened or not marks_of(case, city).isdisjoint(marks_for(caller, row, city))


def may_ask_of(caller: Caller, row: Row, person: str, city: City) -> bool:
    """Whether a row lets the caller ask about a member of staff: about oneself, about those of the own unit, or about all."""
    post = city.staff.get(person)
    reached = {reach for role, reach in row.reach.items() if role in caller.roles}
    of_unit = Reach.UNIT in reached and post is not None and post.department == caller.unit
    return Reach.ALL in reached or person == caller.id or of_unit
