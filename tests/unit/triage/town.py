"""A town just large enough for triage: lamps, covers, rubbish, gas and old people."""

from datetime import UTC, datetime, time, timedelta

from shared.calendar import Calendar
from shared.case import Case, evolve
from shared.category import DuplicateRule
from shared.city import Category, City, Condition, Department, Grid, Level, Person, Placeholder, Role, Shift, Words
from shared.events import CaseReported
from shared.terms import Clock, Grade, Limit, Location

NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in the town: the lunch break begins
SQUARE = Location(lat=30.0, lon=120.0)
TOWN_HALL = Location(lat=30.01, lon=120.01)  # the default coordinate
METRE = 1 / 111_195  # degrees of latitude


def north(metres: float, of: Location = SQUARE) -> Location:
    return Location(lat=of.lat + metres * METRE, lon=of.lon)


def words(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)


def hours(amount: float) -> Limit:
    return Limit(amount=amount, clock=Clock.URGENT_HOURS)


def work_days(amount: float) -> Limit:
    return Limit(amount=amount, clock=Clock.WORK_DAYS)


LAMP = Category(
    code="lamp",
    group="roads",
    name=words("路灯异常", "Street light"),
    words=("路灯", "street lamp", "lamp"),
    grade=Grade.NORMAL,
    conditions=(
        Condition(key="out", name=words("单灯熄灭", "single lamp out"), words=("不亮", "is out"), limit=work_days(2)),
        Condition(key="rust", name=words("锈蚀", "rust"), words=("生锈", "rusty"), limit=work_days(5)),
        Condition(
            key="wire",
            name=words("电线裸露", "exposed wire"),
            words=("漏电", "bare wire"),
            limit=hours(2),
            grade=Grade.URGENT,
        ),
    ),
    department="lighting",
    skills=frozenset({"electric"}),
    check_after=True,
    duplicate=DuplicateRule(radius_m=50, window_hours=168, automatic=True),
    outcome=words("路灯已修复", "The lamp works again"),
)
COVER = Category(
    code="cover",
    group="roads",
    name=words("井盖异常", "Manhole cover"),
    words=("井盖", "manhole cover"),
    grade=Grade.URGENT,
    conditions=(
        Condition(key="missing", name=words("缺失", "missing"), words=("没了", "gone"), limit=hours(2)),
        Condition(key="damaged", name=words("破损", "damaged"), words=("破了", "broken"), limit=hours(4)),
    ),
    department="drainage",
    skills=frozenset({"any"}),
    duplicate=DuplicateRule(radius_m=50, window_hours=168, automatic=False),
    outcome=words("井盖已复位", "The cover is back in place"),
)
GAS_COVER = COVER.model_copy(
    update={
        "code": "gas-cover",
        "name": words("燃气井盖异常", "Gas manhole cover"),
        "words": ("燃气井盖", "gas manhole cover"),
        "department": "gas",
    }
)
GAS = Category(
    code="gas",
    group="safety",
    name=words("燃气泄漏", "Gas leak"),
    words=("燃气", "煤气味", "smell gas", "gas"),
    grade=Grade.EMERGENCY,
    conditions=(Condition(key="leak", name=words("泄漏", "leak"), words=("漏气", "hissing"), limit=hours(1)),),
    department="gas",
    skills=frozenset({"gas"}),
    outcome=words("已排除", "Made safe"),
)
RUBBISH = Category(
    code="rubbish",
    group="cleaning",
    name=words("暴露垃圾", "Exposed rubbish"),
    words=("垃圾", "rubbish"),
    grade=Grade.NORMAL,
    conditions=(Condition(key="any", name=words("垃圾堆放", "rubbish lies about"), limit=hours(4)),),
    department="drainage",
    skills=frozenset({"any"}),
    duplicate=DuplicateRule(radius_m=250, window_hours=24, automatic=True),
    outcome=words("已清理", "Cleared away"),
)
ELDER = Category(
    code="elder",
    group="care",
    name=words("老人多日未见", "Elder not seen"),
    words=("老人没见", "not seen the old"),
    grade=Grade.EMERGENCY,
    conditions=(Condition(key="unseen", name=words("多日未见", "not seen for days"), first_step=hours(0.5), limit=hours(2)),),
    department="care",
    skills=frozenset({"any"}),
    confidential=True,
    outcome=words("已找到", "Found"),
)
OPERATOR = Person(
    id="O-1",
    role=Role.OPERATOR,
    title=words("派遣员一号", "Operator 1"),
    department="care",
    capacity=3,
    home=SQUARE,
    shifts=(Shift(days=frozenset(range(7)), start=time(0), end=time(0)),),
)

TOWN = City(
    name="town",
    title=words("小镇", "Small town"),
    zone="Asia/Shanghai",
    version="town-1",
    calendar=Calendar(zone="Asia/Shanghai"),
    groups={
        "roads": words("道路", "Roads"),
        "safety": words("安全", "Safety"),
        "cleaning": words("环卫", "Cleaning"),
        "care": words("关爱", "Care"),
    },
    categories={one.code: one for one in (LAMP, COVER, GAS_COVER, GAS, RUBBISH, ELDER)},
    departments={key: Department(id=key, name=words(key, key)) for key in ("lighting", "drainage", "gas", "care")},
    areas={},
    grids={
        "g1": Grid(
            id="g1",
            name=words("一网格", "Grid 1"),
            community="c1",
            polygon=(((119.9, 29.9), (120.1, 29.9), (120.1, 30.1), (119.9, 30.1), (119.9, 29.9)),),
        )
    },
    staff={"O-1": OPERATOR},
    levels=(Level(id="community", name=words("社区", "Community")),),
    steps=(),
    placeholders=(Placeholder(location=TOWN_HALL),),
    dispatch_within=dict.fromkeys(Grade, hours(1)),
    respond_within={
        Grade.EMERGENCY: hours(2),
        Grade.URGENT: hours(24),
        Grade.NORMAL: hours(168),
        Grade.SERVICE: hours(360),
    },
    answer_within=dict.fromkeys(Grade, timedelta(minutes=10)),
    pause_reasons={"weather": words("天气原因", "Weather")},
    check_within=hours(1),
)


def report(
    id: str,
    text: str = "路灯不亮",
    at: datetime = NOON,
    location: Location | None = SQUARE,
    category: str | None = None,
) -> CaseReported:
    return CaseReported.of(
        Case(id=id),
        at=at,
        by="resident",
        number=f"N-{id}",
        text=text,
        channel="web",
        location=location,
        category=category,
    )


def reported(
    id: str = "a",
    text: str = "路灯不亮",
    at: datetime = NOON,
    location: Location | None = SQUARE,
    category: str | None = None,
) -> Case:
    return evolve(Case(id=id), report(id, text, at, location, category))
