"""A town just large enough for the console to name things."""

from datetime import time, timedelta

from shared.calendar import Calendar
from shared.city import Category, City, Condition, Department, Level, Person, Role, Shift, Words
from shared.terms import Clock, Grade, Limit, Location

ONE_HOUR = Limit(amount=1, clock=Clock.URGENT_HOURS)


def words(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)


def category(code: str, group: str, zh: str, en: str, grade: Grade) -> Category:
    limit = Limit(amount=4, clock=Clock.URGENT_HOURS)
    any_condition = Condition(key="any", name=words("一般", "any"), limit=limit)
    return Category(
        code=code,
        group=group,
        name=words(zh, en),
        words=(en,),
        grade=grade,
        conditions=(any_condition,),
        department="works",
        skills=frozenset({"any"}),
        outcome=words("已处理", "done"),
    )


WORKER = Person(
    id="W-1",
    role=Role.UNIT_WORKER,
    title=words("处置员一号", "Worker 1"),
    department="works",
    capacity=3,
    home=Location(lat=30.0, lon=120.0),
    shifts=(Shift(days=frozenset(range(7)), start=time(0), end=time(23, 59)),),
)

TOWN = City(
    name="town",
    title=words("小镇", "Small town"),
    zone="Asia/Shanghai",
    version="1",
    calendar=Calendar(zone="Asia/Shanghai"),
    groups={"roads": words("道路", "Roads"), "safety": words("安全", "Safety"), "life": words("生活", "Life")},
    categories={
        "lamp": category("lamp", "roads", "路灯", "Street lamp", Grade.NORMAL),
        "gas": category("gas", "safety", "燃气", "Gas", Grade.EMERGENCY),
        "noise": category("noise", "life", "噪音", "Noise", Grade.NORMAL),
    },
    departments={
        "works": Department(id="works", name=words("市政", "Public works")),
        "fire": Department(id="fire", name=words("消防", "Fire brigade")),
    },
    areas={},
    grids={},
    staff={"W-1": WORKER},
    levels=(Level(id="community", name=words("社区", "Community")),),
    steps=(),
    dispatch_within=dict.fromkeys(Grade, ONE_HOUR),
    respond_within=dict.fromkeys(Grade, ONE_HOUR),
    answer_within=dict.fromkeys(Grade, timedelta(minutes=10)),
    pause_reasons={"weather": words("天气原因", "Weather")},
    check_within=ONE_HOUR,
)
