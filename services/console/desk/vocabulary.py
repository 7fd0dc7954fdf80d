"""The words of the city and of the desk in both languages, and the working time on which its clocks run."""

from datetime import datetime, timedelta
from typing import Any

from services.console.words import CHANNELS, GRADES, ROLES, STATUSES
from shared.category import Category
from shared.city import City, Words
from shared.terms import Clock

QUARTER = timedelta(minutes=15)  # shifts begin on quarter hours
BACK, AHEAD = timedelta(days=30), timedelta(days=60)
Told = dict[str, Any]

DUE: dict[str, Words] = {
    "answer": Words(zh="等待接单", en="answer to the offer"),
    "verify": Words(zh="立案前核实", en="look before filing"),
    "respond": Words(zh="首次响应", en="first response"),
    "dispatch": Words(zh="派遣", en="dispatch"),
    "resolve": Words(zh="办结", en="work done"),
    "check": Words(zh="核查结果", en="check of the result"),
    "look": Words(zh="复看挂账", en="look at the pause again"),
}
CLOCKS: dict[Clock, Words] = {
    Clock.URGENT_HOURS: Words(zh="紧急工时", en="urgent hours"),
    Clock.WORK_HOURS: Words(zh="工作时", en="work hours"),
    Clock.WORK_DAYS: Words(zh="工作日", en="work days"),
    Clock.NATURAL_DAYS: Words(zh="自然日", en="natural days"),
}
WAITS: dict[str, Words] = {
    "place": Words(zh="待分类", en="to be classified"),
    "doubt": Words(zh="分类待确认", en="classification in doubt"),
    "ruling": Words(zh="申诉待裁定", en="appeal to be decided"),
    "reaction": Words(zh="催办待回应", en="reminder unanswered"),
    "check": Words(zh="结果待核查", en="result to be checked"),
    "decision": Words(zh="异议待决定", en="objection to be decided"),
    "look": Words(zh="挂账待复看", en="pause to be looked at"),
    "assign": Words(zh="待人工派单", en="to be assigned by hand"),
}


def quarter(now: datetime) -> datetime:
    """Return the quarter of an hour for which the words are told."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % QUARTER


def vocabulary(city: City, at: datetime) -> Told:
    """Return all words; `at` is the quarter of an hour that tells who is on duty."""
    return {
        "city": both(city.title),
        "zone": city.zone,
        "categories": {code: category_told(category) for code, category in city.categories.items()},
        "groups": {id: both(words) for id, words in city.groups.items()},
        "departments": {id: both(department.name) for id, department in city.departments.items()},
        "grids": {id: {**both(grid.name), "ring": [[lat, lon] for lon, lat in grid.polygon[0]]} for id, grid in city.grids.items()},
        "statuses": named(STATUSES),
        "grades": named(GRADES),
        "channels": named(CHANNELS),
        "roles": named(ROLES),
        "due": named(DUE),
        "clocks": named(CLOCKS),
        "waits": named(WAITS),
        "pause_reasons": named(city.pause_reasons),
        "levels": [both(level.name) for level in city.levels],
        "staff": staff(city, at),
        "work": work(city, at),
        "now": at.timestamp(),
    }


def both(words: Words) -> Told:
    return {"zh": words.zh, "en": words.en}


def named(of: Any) -> dict[str, Told]:
    return {str(key): both(words) for key, words in of.items()}


def category_told(category: Category) -> Told:
    return {
        **both(category.name),
        "group": category.group,
        "grade": category.grade.value,
        "department": category.department,
        "confidential": category.confidential,
        "conditions": {
            one.key: {**both(one.name), "grade": category.grade_of(one.key).value, "limit": one.limit.model_dump(mode="json")}
            for one in category.conditions
        },
    }


def staff(city: City, at: datetime) -> dict[str, Told]:
    """Return all posts, and who of them is on duty."""
    present = {person.id for person in city.people(at)}
    return {
        id: {**both(person.title), "role": person.role.value, "department": person.department, "on_duty": id in present}
        for id, person in city.staff.items()
    }


def work(city: City, at: datetime) -> list[list[int]]:
    """Return the working time of some weeks, in whole seconds since 1970."""
    first, last = city.local(at - BACK).date(), city.local(at + AHEAD).date()
    return [[int(opens.timestamp()), int(closes.timestamp())] for opens, closes in city.calendar.work_between(first, last)]
