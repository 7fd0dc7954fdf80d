"""What is looked at before somebody is chosen: enough, and never everything."""

from datetime import timedelta

from services.dispatch.candidates import candidates, loads
from services.dispatch.nearby import fields, look
from services.dispatch.roster import away, left
from shared.case import Case, Status
from shared.city import City, Role
from shared.terms import Grade, Location
from tests.unit.dispatch.small_city import ALWAYS, CITY, DAY, GATE, NIGHT, NOON, person, small_city, triaged

CROWD = small_city(
    staff={one.id: one for one in [person(f"p{n:03}", Role.UNIT_WORKER, "drainage", "drainage", east=n) for n in range(150)]}
)


def done(who: str, place: Location = GATE, days_ago: float = 1, id: str = "old") -> Case:
    at = NOON - timedelta(days=days_ago)
    gone = {"id": id, "status": Status.COMPLETED, "assignee": who, "completed_at": at, "location": place}
    return triaged("cover").model_copy(update=gone)


def asks(case: Case, city: City = CITY, name: str = "desk") -> tuple[str, ...]:
    return next((tuple(query[name]) for query in look([case], city, NOON) if name in query), ())


def test_a_small_team_is_looked_at_as_one_desk():
    assert asks(triaged("cover")) == ("drainage", "parks")
    assert asks(triaged("cover"), name="assignee") == ()


def test_of_a_large_team_only_the_nearest_are_looked_at():
    assert asks(triaged("cover"), CROWD) == ()
    assert asks(triaged("cover"), CROWD, "assignee") == tuple(f"p{n:03}" for n in range(8))


def test_an_office_with_room_for_everything_is_not_counted():
    office = small_city(staff={"o": person("o", Role.UNIT_WORKER, "drainage", "drainage", capacity=1000)})
    assert look([triaged("puddle")], office, NOON) == []
    [only] = candidates(triaged("puddle"), office, loads({}), NOON)
    assert only.person.id == "o"
    assert only.reason == "nearest of 1 on duty with skill 'drainage', 0 m away / 1名在岗且具备“drainage”技能的人员中距离最近，距离0米"


def test_cases_that_nobody_waits_for_are_not_looked_for():
    assert look([done("drain-1")], CITY, NOON) == []


def test_only_what_goes_before_is_looked_for_among_what_waits():
    assert asks(triaged("cover"), name="waiting") == ("drainage/urgent", "parks/urgent")
    assert asks(triaged("puddle"), name="waiting") == ("drainage/normal", "drainage/urgent", "parks/normal", "parks/urgent")
    assert set(asks(triaged("leak"), name="waiting")) == {"gas/emergency", "street/emergency"}
    assert fields(triaged("cover"), CITY)["waiting"] == "drainage/urgent"


def test_a_case_that_waits_for_a_person_to_decide_stands_in_nobody_s_way():
    assert fields(triaged("cover").model_copy(update={"offered": ("a", "b", "c")}), CITY)["waiting"] is None


def test_whoever_was_the_last_to_handle_something_here_is_preferred():
    rows = {case.id: fields(case, CITY) for case in (done("drain-1", days_ago=9, id="older"), done("drain-2"))}
    assert {row["kept"] for row in rows.values()} & set(asks(triaged("cover"), name="kept"))
    [best] = candidates(triaged("cover"), CITY, loads(rows), NOON)
    assert best.person.id == "drain-2"
    assert "was the last to handle something here" in best.reason
    assert "上次处置过此处" in best.reason
    elsewhere = fields(done("drain-3", Location(lat=30.1, lon=104.0), days_ago=0), CITY)
    assert candidates(triaged("cover"), CITY, loads({**rows, "far": elsewhere}), NOON)[0].person.id == "drain-2"


def test_in_a_rush_and_in_an_emergency_nobody_asks_who_was_there_last():
    rush = [triaged("cover").model_copy(update={"id": f"c{n}"}) for n in range(21)]
    assert not any("kept" in query for query in look(rush, CITY, NOON))
    assert asks(triaged("leak"), name="kept") == ()


def test_in_an_emergency_it_is_asked_where_people_were_lately():
    row = fields(done("gas-1", days_ago=0.01), CITY)
    assert row["seen"] in asks(triaged("leak"), name="seen")
    assert asks(triaged("cover"), name="seen") == ()
    closed = done("gas-1", days_ago=0.01).model_copy(update={"status": Status.CLOSED})
    assert "seen" not in fields(closed, CITY)


def test_a_task_in_work_says_where_it_is_and_what_it_is_done_before():
    case = triaged("cover").model_copy(update={"status": Status.ACCEPTED, "assignee": "drain-1"})
    row = fields(case, CITY)
    assert (row["assignee"], row["desk"], row["lat"], row["turn"][:2]) == ("drain-1", "drainage", GATE.lat, "1/")
    assert row["grade"] == Grade.URGENT
    assert fields(done("drain-1").model_copy(update={"location": None}), CITY) == {}


def test_how_long_a_shift_lasts_and_when_the_next_one_begins():
    day, always = person("a", Role.UNIT_WORKER, "x", shifts=(DAY,)), person("b", Role.UNIT_WORKER, "x", shifts=(ALWAYS,))
    noon, night = CITY.local(NOON), CITY.local(NIGHT)
    assert (left(day, noon), away(day, noon)) == (8 * 3600, 20 * 3600)
    assert (left(day, night), away(day, night)) == (0, 6 * 3600)
    assert left(always, noon) == float("inf")
