"""A village just large enough for intake: one kind of damage, one visit that comes again, one default coordinate."""

from datetime import UTC, datetime, time, timedelta

from shared.calendar import Calendar
from shared.case import Case, evolve
from shared.city import Category, City, Condition, Department, Level, Person, Placeholder, Role, Shift, Words
from shared.events import (
    AssignmentAccepted,
    CaseAssigned,
    CaseClosed,
    CaseReported,
    CaseTriaged,
    Classification,
    WorkCompleted,
)
from shared.terms import Clock, Grade, Limit, Location

NOON = datetime(2026, 1, 6, 4, 0, tzinfo=UTC)
HERE = Location(lat=30.01, lon=104.02)
NOWHERE = Location(lat=30.0135, lon=104.0207)
AN_HOUR = Limit(amount=1, clock=Clock.URGENT_HOURS)


def category(code: str, zh: str, en: str, word: str, repeat_days: float | None = None, confidential: bool = False) -> Category:
    return Category(
        code=code,
        group="life",
        name=Words(zh=zh, en=en),
        words=(word,),
        grade=Grade.NORMAL,
        conditions=(Condition(key="any", name=Words(zh="一般", en="any"), limit=AN_HOUR),),
        department="works",
        skills=frozenset({"any"}),
        repeat_days=repeat_days,
        confidential=confidential,
        outcome=Words(zh="已处理", en="Dealt with"),
    )


WORKER = Person(
    id="W-17",
    role=Role.GRID_WORKER,
    title=Words(zh="网格员", en="Grid worker"),
    department="works",
    capacity=3,
    home=HERE,
    shifts=(Shift(days=frozenset(range(7)), start=time(0), end=time(23, 59)),),
)

VILLAGE = City(
    name="village",
    title=Words(zh="村", en="Village"),
    zone="Asia/Shanghai",
    version="1",
    calendar=Calendar(zone="Asia/Shanghai"),
    groups={"life": Words(zh="生活", en="Life")},
    categories={
        "03001": category("03001", "路灯", "Street lamp", "灯不亮"),
        "X10302": category("X10302", "独居老人定期上门", "Scheduled elder visit", "上门", 7, True),
        "X2": category("X2", "消防巡查", "Fire round", "巡查", 30),
    },
    departments={"works": Department(id="works", name=Words(zh="市政所", en="Public works"))},
    areas={},
    grids={},
    staff={WORKER.id: WORKER},
    levels=(Level(id="community", name=Words(zh="社区", en="Community")),),
    steps=(),
    placeholders=(Placeholder(location=NOWHERE),),
    dispatch_within=dict.fromkeys(Grade, AN_HOUR),
    respond_within=dict.fromkeys(Grade, AN_HOUR),
    answer_within=dict.fromkeys(Grade, timedelta(minutes=10)),
    pause_reasons={},
    check_within=AN_HOUR,
)


def reported(id: str = "A", text: str = "灯坏了", wish: str | None = None) -> Case:
    told = CaseReported.of(
        Case(id=id), at=NOON, by="resident", number="20000000000", text=text, channel="web", location=HERE, category=wish
    )
    return evolve(Case(id=id), told)


def triaged(case: Case, code: str = "03001") -> Case:
    what = Classification(
        category=code,
        group="life",
        condition="any",
        grade=Grade.NORMAL,
        department="works",
        grid=None,
        confidential=VILLAGE.categories[code].confidential,
        check=False,
        limit=AN_HOUR,
        respond_by=NOON + timedelta(hours=1),
        resolve_by=NOON + timedelta(hours=2),
        rules="1",
    )
    return evolve(case, CaseTriaged.of(case, at=NOON, by="triage", classification=what, reason="灯"))


def working(case: Case) -> Case:
    offer = CaseAssigned.of(
        case, at=NOON, by="dispatch", assignee="W-17", role="grid_worker", answer_by=NOON + timedelta(hours=1), reason="near"
    )
    case = evolve(case, offer)
    return evolve(case, AssignmentAccepted.of(case, at=NOON, by="W-17"))


def closed(case: Case, at: datetime = NOON) -> Case:
    case = evolve(case, WorkCompleted.of(case, at=at, by="W-17", outcome="王师傅换了灯泡"))
    return evolve(case, CaseClosed.of(case, at=at, by="closure", outcome="王师傅换了灯泡"))
