"""Which open cases somebody in the field has something to do about, and each as their phone keeps it."""

from collections.abc import Iterable
from typing import Any

from services.console.desk.due import next_due
from services.console.phone.answers import Demands, Due, Errand, Kind, Picture, Step
from services.console.photos import PhotoAnswer, photos_of
from services.console.sentences import sentence
from services.console.words import who
from shared.access import Caller, confidential
from shared.case import IN_WORK, Case, Status
from shared.city import Category, City, Person, Role, Words, metres
from shared.demands import category_of, must_be_seen
from shared.number import shown
from shared.photos_links import Links, is_own
from shared.stages import stage_of

ON_MY_WAY = "On my way / 已出发"  # the note that says so: no fact does
MOST_STEPS = 8
SAME = (
    "id",
    "status",
    "version",
    "grade",
    "address",
    "text",
    "language",
    "reported_at",
    "resolve_by",
    "overdue",
    "insisted",
    "look_again_at",
)
Row = dict[str, Any]


def kind_of(case: Case, person: Person, caller: Caller, city: City) -> Kind | None:
    """Return what the case asks of the person; None if nothing."""
    if case.status in IN_WORK and case.assignee == person.id:
        return "task"
    if case.status in IN_WORK and person.id in case.informed:
        return "told"
    if case.status is Status.REPORTED and case.verifier == person.id and case.verify_by is not None and not case.looked:
        return "look"
    return "check" if to_check(case, person, caller, city) else None


def to_check(case: Case, person: Person, caller: Caller, city: City) -> bool:
    """Whether the result waits for somebody like this person: who looks after the grid, or the head of the unit."""
    stage = stage_of(case, city)
    if stage is None or stage.which != "check" or case.assignee == person.id:
        return False
    grid = case.classification.grid if case.classification else None
    heads = person.role is Role.UNIT_HEAD and case.department == person.department
    return heads or (person.role in (Role.GRID_WORKER, Role.BUILDING_HEAD) and grid in caller.grids)


def errand(case: Case, kind: Kind, person: Person, city: City, rows: list[Row], links: Links, now: float) -> Errand:
    """Return the case as the phone keeps it; `rows` are those of its timeline."""
    what, place = case.classification, case.location if city.located(case.location) else None
    category, due = category_of(case, city) or supposed(case, rows, city), next_due(case, city)
    grid = city.grids.get(what.grid or "") if what else city.grid_at(place)
    return Errand(
        **{name: getattr(case, name) for name in SAME},
        number=shown(case.number),
        kind=kind,
        confidential=confidential(case, city),
        category=category.name if category else None,
        condition=category.condition(what.condition).name if category and what else None,
        grid=grid.name if grid else None,
        department=city.departments[case.department].name if case.department in city.departments else None,
        location=place,
        due=Due(**due._asdict()) if due else None,
        metres=round(metres(place, person.home)) if place else None,
        demands=Demands(
            photo=bool(category and category.result_photo),
            check=case.classification is not None and must_be_seen(case, city),
            word=bool(category and category.reporter_word),
        ),
        outcome=category.outcome if category else None,
        done=case.outcome,
        appealed=case.appealed_at is not None,
        awaits=case.awaits is not None,
        paused=city.pause_reasons.get(case.pause_reason or ""),
        contacted=case.contacted_at is not None,
        on_way=on_way(rows, person.id),
        photos=tuple(pictures(rows, links, now)),
        steps=tuple(steps(rows, city)),
    )


def supposed(case: Case, rows: list[Row], city: City) -> Category | None:
    """Return what a report that is not yet filed seems to be, to whoever is asked to look at it; else what its reporter chose."""
    asked = [row["facts"]["classification"]["category"] for row in rows if row["type"] == "verification.requested"]
    return city.categories.get(asked[-1] if asked else case.wish or "")


def on_way(rows: list[Row], person: str) -> bool:
    """Whether the person has said so since the case was last given to somebody."""
    said = False
    for row in rows:
        if row["effective"] and row["type"] == "case.assigned":
            said = False
        elif row["effective"] and row["type"] == "note.added" and row["by"] == person:
            said = said or row["facts"].get("text") == ON_MY_WAY
    return said


def pictures(rows: list[Row], links: Links, now: float) -> Iterable[Picture]:
    """Yield the photos that we keep; what another system has the phone does not ask for."""
    found = photos_of(rows, links, now)
    yield from (picture(photo, False, links, now) for photo in found.before if is_own(photo.name))
    yield from (picture(photo, True, links, now) for photo in found.after if is_own(photo.name))


def picture(photo: PhotoAnswer, after: bool, links: Links, now: float) -> Picture:
    path, seal = f"/do/intake/photos/{photo.name}", links.sealed(photo.name, now)
    return Picture(name=photo.name, after=after, url=f"{path}?{seal}", thumb=f"{path}/thumb?{seal}")


def steps(rows: list[Row], city: City) -> Iterable[Step]:
    """Yield the last things that happened, the newest first."""
    happened = [row for row in rows if row["effective"]]
    for row in reversed(happened[-MOST_STEPS:]):
        yield Step(
            at=row["true_at"] or row["at"],
            who=Words(zh=who(row["by"], city, "zh"), en=who(row["by"], city, "en")),
            told=Words(zh=sentence(row, city, "zh"), en=sentence(row, city, "en")),
        )
