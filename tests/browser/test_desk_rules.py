"""The rules of the desk's page, evaluated where they run: clocks, the order of the list, and who is offered which action."""

from typing import Any

from shared.access import Role
from shared.accesstable import ACCESS
from shared.status import ALLOWED
from tests.browser.city import City
from tests.browser.people import People

STEERING = {Role.OPERATOR, Role.SUPERVISOR, Role.UNIT}


async def evaluated(person: People, module: str, expression: str) -> Any:
    page = await person.visitor("en")
    await page.goto("/")
    return await page.evaluate(f"async () => {{ const it = await import('/static/{module}'); return {expression}; }}")


HOUR = 3600
DAYS = [
    [day * 86400 + opens * HOUR, day * 86400 + closes * HOUR] for day in (0, 1, 4) for opens, closes in ((8, 12), (14, 18))
]  # a weekend between
NINE, NOON, EVENING = 9 * HOUR, 12 * HOUR, 20 * HOUR
TABLE = [
    # what, due at, clock, half and most of it used up at, now, paused, then: seconds left on that clock, kind, whether it runs
    ("it runs straight on", 12 * HOUR, "urgent_hours", 10 * HOUR, 11 * HOUR, NINE, False, 3 * HOUR, "calm", True),
    ("half of it is used up", 12 * HOUR, "urgent_hours", 8 * HOUR, 11 * HOUR, NINE, False, 3 * HOUR, "warm", True),
    ("four fifths are used up", 12 * HOUR, "urgent_hours", 7 * HOUR, 8 * HOUR, NINE, False, 3 * HOUR, "hot", True),
    ("it has passed", 8 * HOUR, "urgent_hours", 6 * HOUR, 7 * HOUR, NINE, False, -HOUR, "over", True),
    ("the break at noon does not count", 15 * HOUR, "work_hours", None, None, NINE, False, 4 * HOUR, "calm", True),
    ("nothing passes during the break", 15 * HOUR, "work_hours", None, None, NOON + HOUR, False, HOUR, "calm", False),
    ("nothing passes at night", 86400 + NINE, "work_hours", None, None, EVENING, False, HOUR, "calm", False),
    ("nothing passes on a weekend", 4 * 86400 + NINE, "work_days", None, None, 2 * 86400 + NOON, False, HOUR, "calm", False),
    ("days are counted in working time", 4 * 86400 + 18 * HOUR, "work_days", None, None, NINE, False, 23 * HOUR, "calm", True),
    ("what passed late counts in working time too", 18 * HOUR, "work_hours", None, None, 86400 + NINE, False, -HOUR, "over", True),
    ("natural days pass at night", 86400 + EVENING, "natural_days", None, None, EVENING, False, 86400, "calm", True),
    ("a paused case stands", 86400, "natural_days", None, None, NINE, True, 86400 - NINE, "stands", True),
]


async def test_each_clock_runs_in_its_own_time(city: City, person: People):
    asked = [({"at": at, "clock": clock, "half": half, "most": most}, now, paused) for _, at, clock, half, most, now, paused, *_ in TABLE]
    page = await person.visitor("en")
    await page.goto("/")
    found = await page.evaluate(
        """async ([asked, spans]) => {
          const { left } = await import("/static/desk-clock.js");
          return asked.map(([due, now, paused]) => left(due, now, spans, paused));
        }""",
        [asked, DAYS],
    )
    told = {row[0]: (one["left"], one["kind"], one["runs"]) for row, one in zip(TABLE, found, strict=True)}
    assert told == {row[0]: row[7:] for row in TABLE}


async def test_times_are_entered_as_the_clocks_of_the_city_show_them(city: City, person: People):
    zones = ["Asia/Shanghai", "America/New_York", "Europe/Berlin"]
    walls = ["2026-03-02T09:30", "2026-03-29T12:00", "2026-11-01T00:30"]
    told = await evaluated(
        person, "desk-clock.js", f"{zones}.flatMap((zone) => {walls}.map((wall) => it.toWall(it.fromWall(wall, zone), zone)))"
    )
    assert told == walls * 3
    assert await evaluated(person, "desk-clock.js", "it.fromWall('2026-03-02T09:30', 'Asia/Shanghai')") == 1772415000


async def test_the_row_that_one_is_at_keeps_its_place_whatever_becomes_of_it(city: City, person: People):
    told = await evaluated(
        person,
        "desk-order.js",
        """(() => {
          const row = (id, at) => ({ id, at: 0, due: { at } });
          const order = new it.Order();
          const ids = () => order.shown(() => true).map((one) => one.id + (one.gone ? "!" : "")).join("");
          order.reset([row("a", 1), row("b", 2), row("c", 3)]);
          order.hold("a");
          const said = [ids()];
          order.change([row("a", 9)], []); said.push(ids());
          order.change([row("d", 0)], []); said.push(ids());
          order.hold("b"); said.push(ids());
          order.change([], ["b"]); said.push(ids());
          order.hold(null); said.push(ids());
          return said;
        })()""",
    )
    assert told == ["abc", "abc", "dabc", "dbca", "db!ca", "dca"]


async def test_no_action_is_offered_that_the_table_of_access_does_not_let_the_role_do(city: City, person: People):
    actions = await evaluated(person, "desk-actions.js", "it.ACTIONS.map((one) => ({ ...one, path: it.pathOf(one) }))")
    wrong = [
        f"{action['path']}: {role}"
        for action in actions
        for role in action["roles"]
        if Role(role) not in ACCESS[action["service"], "POST", f"/cases/{{case_id}}/{action['path']}"].reach
    ]
    assert wrong == []


async def test_everything_is_offered_that_the_table_of_access_lets_these_roles_do(city: City, person: People):
    actions = await evaluated(
        person, "desk-actions.js", "it.ACTIONS.map((one) => ({ roles: one.roles, service: one.service, path: it.pathOf(one) }))"
    )
    offered = {(action["service"], action["path"], role) for action in actions for role in action["roles"]}
    allowed = {
        (service, path.rsplit("/", 1)[1], str(role))
        for (service, method, path), row in ACCESS.items()
        if method == "POST" and path.startswith("/cases/{case_id}/")
        for role in row.reach.keys() & STEERING
    }
    assert allowed - offered == set()


FACTS = {
    "classification": "case.reclassified", "rejection": "case.rejected", "merge": "case.merged", "separation": "case.separated",
    "confirmation": "report.verified", "acceptance": "assignment.accepted", "refusal": "assignment.declined", "start": "work.started",
    "pause": "work.paused", "resume": "work.resumed", "completion": "work.completed", "return": "case.returned", "appeal": "appeal.made",
    "ruling": "appeal.decided", "contact": "resident.contacted", "transfer": "case.transferred", "extension": "deadline.extended",
    "explanation": "delay.explained", "notes": "note.added", "supplements": "case.supplemented", "withdrawal": "case.withdrawn",
    "verification": "resolution.verified", "rework": "resolution.rejected", "publication": "outcome.published",
    "callback": "callback.recorded", "decision": "objection.decided", "remedy": "remedy.decided", "reopening": "case.reopened",
}  # fmt: skip


async def test_actions_are_offered_in_the_statuses_in_which_they_may_happen(city: City, person: People):
    actions = await evaluated(person, "desk-actions.js", "it.ACTIONS.map((one) => ({ at: one.at, path: it.pathOf(one) }))")
    told = {action["path"]: set(action["at"]) for action in actions}
    assert {path: told[path] for path in FACTS} == {path: {str(status) for status in ALLOWED[fact]} for path, fact in FACTS.items()}
