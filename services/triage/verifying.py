"""Verification before filing (核实): for types that ask for it, somebody near looks whether it is so, before the clock of the case runs.

An emergency is never held up by it, nor what staff have seen themselves; and whoever does not look in time does not hold up the rest.
"""

from datetime import datetime

from shared.case import Case
from shared.city import Category, City, Person, Role
from shared.events import AnyEvent, Classification, VerificationRequested
from shared.terms import Grade

SEEN_BY_STAFF = frozenset({"patrol", "visit", "desk", "system", "import"})  # channels by which what staff have seen comes in


def must_be_verified(case: Case, category: Category, grade: Grade) -> bool:
    """Whether somebody should look before the case is filed."""
    return category.check_before and grade is not Grade.EMERGENCY and case.channel not in SEEN_BY_STAFF and case.triaged_at is None


def verification(case: Case, what: Classification, city: City, now: datetime) -> list[AnyEvent]:
    """Ask the grid worker on duty to look; nobody, if there is none."""
    looker = verifier(what.grid, city, now)
    if looker is None:
        return []
    return [
        VerificationRequested.of(
            case,
            at=now,
            by="triage",
            classification=what,
            verifier=looker.id,
            verify_by=city.calendar.add(max(now, case.last_at), city.verify_within),
            reason=f"this category is verified before filing, {looker.title.en} is near / 该类别须先核实，由{looker.title.zh}前往",
        )
    ]


def verifier(grid: str | None, city: City, now: datetime) -> Person | None:
    """Return the grid worker of the grid who is on duty, of several the one whose id comes first."""
    return next((person for person in city.people(now) if person.role is Role.GRID_WORKER and grid in person.grids), None)


def pending(case: Case) -> bool:
    """Whether somebody was asked to look and has not."""
    return case.verify_by is not None and not case.looked
