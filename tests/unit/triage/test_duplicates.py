"""Reports of the same thing become one case, whoever comes first and whatever happens meanwhile."""

from datetime import datetime, timedelta
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.decide import decide, due, fields, look
from services.triage.duplicates import Place, place_of
from services.triage.joining import TOLD_AGAIN_AFTER
from shared.case import EPOCH, MAX_FOLLOWERS, Case, Status, evolve
from shared.category import DuplicateRule
from shared.city import metres
from shared.events import AnyEvent, CaseAssigned, CaseClosed, CaseMerged, CaseTriaged, CaseWithdrawn
from shared.service import World
from shared.stamps import stamp, unstamped
from shared.terms import Location
from tests.unit.triage.readers import Reader
from tests.unit.triage.town import METRE, NOON, TOWN, TOWN_HALL, north, report, reported

MINUTE = timedelta(minutes=1)


def seen(case: Case, *others: Case, now=NOON) -> list[AnyEvent]:
    """Return what triage says about `case` when it sees the others."""
    return decide(case, World(TOWN, {other.id: fields(other, TOWN) for other in (case, *others)}), now)


def merged(case: Case, *others: Case, now=NOON) -> str | None:
    """Return what triage merges `case` into when it sees the others."""
    return next((fact.into for fact in seen(case, *others, now=now) if isinstance(fact, CaseMerged)), None)


def after(case: Case, *facts: AnyEvent) -> Case:
    for fact in facts:
        case = evolve(case, fact)
    return case


def filed(case: Case, now=NOON) -> Case:
    [fact] = decide(case, World(TOWN), now)
    assert isinstance(fact, CaseTriaged)
    return evolve(case, fact)


def assigned(case: Case) -> Case:
    offer = CaseAssigned.of(case, at=NOON, by="dispatch", assignee="W-1", role="unit_worker", answer_by=NOON + MINUTE, reason="near")
    return evolve(case, offer)


def test_the_later_report_of_the_same_lamp_is_merged_into_the_earlier():
    first, second = reported("a"), reported("b", at=NOON + 3 * MINUTE, location=north(20))
    [fact] = seen(second, first)
    assert isinstance(fact, CaseMerged)
    assert (fact.into, fact.into_reported_at) == ("a", NOON)
    assert fact.reason == "同类问题，相距 20 米，早 3 分钟上报 / same category, 20 m away, reported 3 minutes earlier"


def test_near_and_of_one_type_is_not_enough_to_merge_by_itself():
    first = reported("a", text="路灯不亮，三号楼前面")
    assert merged(reported("b", at=NOON + MINUTE, location=north(20), text="学校门口的路灯闪个不停"), first) is None
    assert merged(reported("b", at=NOON + MINUTE, location=north(20), text="三号楼前面路灯不亮了"), first) == "a"
    assert merged(reported("b", at=NOON + MINUTE, location=north(5), text="学校门口的路灯闪个不停"), first) == "a"


def test_one_address_is_one_place():
    first = reported("a", text="路灯不亮，三号楼前面").model_copy(update={"address": "河沿路1号"})
    second = reported("b", at=NOON + MINUTE, location=north(20), text="路灯闪个不停")
    assert merged(second.model_copy(update={"address": "河沿路１号"}), first) == "a"
    assert merged(second.model_copy(update={"address": "河沿路2号"}), first) is None


def test_the_earlier_is_never_merged_into_the_later():
    first, second = reported("a"), reported("b", at=NOON + MINUTE)
    assert merged(first, second) is None


def test_of_two_reports_at_the_same_moment_the_smaller_id_survives():
    one, other = reported("a"), reported("b")
    assert merged(one, other) is None
    assert merged(other, one) == "a"


def test_a_microsecond_decides_too():
    one, other = reported("b", at=NOON), reported("a", at=NOON + timedelta(microseconds=1))
    assert merged(other, one) == "b"
    assert merged(one, other) is None


def test_of_several_the_earliest_survives():
    cases = [reported(id, at=NOON + n * MINUTE) for n, id in enumerate("cab")]
    assert merged(cases[2], cases[1], cases[0]) == "c"


@pytest.mark.parametrize(
    "other",
    [
        reported("a", text="垃圾"),  # another category
        reported("a", location=north(60)),  # too far
        reported("a", at=NOON - timedelta(hours=169)),  # too long ago
        reported("a", location=None),
        reported("a", location=TOWN_HALL),
    ],
)
def test_what_is_not_the_same_is_left_alone(other: Case):
    assert merged(reported("b", at=NOON), other) is None


def test_a_default_coordinate_is_no_place():
    one, other = reported("a", location=TOWN_HALL), reported("b", at=NOON + MINUTE, location=TOWN_HALL)
    assert merged(other, one) is None


def test_a_category_that_needs_a_person_is_not_merged_by_rule():
    assert merged(reported("b", "井盖没了", NOON + MINUTE), reported("a", "井盖没了")) is None


def test_what_nobody_could_classify_is_not_merged():
    assert merged(reported("b", "请来", NOON + MINUTE), reported("a", "请来")) is None


def test_a_rough_category_reaches_further_but_not_as_long():
    first = reported("a", "垃圾", location=north(240))
    assert merged(reported("b", "垃圾", NOON + timedelta(hours=23)), first) == "a"
    assert merged(reported("b", "垃圾", NOON + timedelta(hours=25)), first) is None


def test_a_case_in_work_still_takes_followers():
    assert merged(reported("b", at=NOON + MINUTE), assigned(filed(reported("a")))) == "a"


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CLOSED, Status.REJECTED, Status.WITHDRAWN, Status.MERGED])
def test_a_case_that_is_done_or_over_takes_none(status: Status):
    over = filed(reported("a")).model_copy(update={"status": status})
    assert merged(reported("b", at=NOON + MINUTE), over) is None


def test_a_case_that_is_full_takes_none():
    full = reported("a").model_copy(update={"followers": tuple(map(str, range(MAX_FOLLOWERS)))})
    assert merged(reported("c", at=NOON + MINUTE), full, reported("b")) == "b"


def test_a_case_filed_a_moment_ago_is_merged_when_an_earlier_one_comes_to_light():
    first, second = reported("a"), filed(reported("b", at=NOON + MINUTE), NOON + MINUTE)
    assert merged(second, first, now=NOON + MINUTE + timedelta(seconds=2)) == "a"
    assert merged(second, first, now=NOON + 12 * MINUTE) is None


def test_nobody_who_was_asked_loses_the_case_to_a_merge():
    assert merged(assigned(filed(reported("b", at=NOON + MINUTE))), reported("a")) is None


def test_after_filing_triage_looks_twice_more():
    case = filed(reported())
    first = due(case, World(TOWN), NOON)
    assert first == NOON + timedelta(seconds=2)
    assert due(case, World(TOWN), first) == NOON + timedelta(seconds=10)
    assert due(case, World(TOWN), NOON + timedelta(seconds=10)) is None


def test_what_no_rule_merges_is_settled_at_once():
    assert due(filed(reported(text="井盖没了")), World(TOWN), NOON) is None
    assert due(filed(reported(location=None)), World(TOWN), NOON) is None


# -- telling the survivor


def followed(case: Case, into: Case) -> Case:
    merge = CaseMerged.of(case, at=NOON, by="triage", into=into.id, into_reported_at=into.reported_at, reason="same")
    return evolve(case, merge)


def test_a_merged_case_tells_its_survivor_of_itself_and_of_all_that_follow_it():
    first, second = reported("a"), reported("b", at=NOON + MINUTE)
    second = followed(second.model_copy(update={"followers": ("c", "d")}), first)
    facts = seen(second, first)
    assert [(fact.id, fact.case_id) for fact in facts] == [
        ("b->a/joined/2", "a"),
        ("c->a/joined/2", "a"),
        ("d->a/joined/2", "a"),
    ]
    assert due(second, World(TOWN, {"a": fields(first, TOWN)}), NOON) == NOON + TOLD_AGAIN_AFTER
    told = after(first, *facts)
    assert told.followers == ("b", "c", "d")
    assert seen(second, told) == []
    assert due(second, World(TOWN, {"a": fields(told, TOWN)}), NOON) is None


def test_a_survivor_that_cannot_be_seen_is_told_all_the_same():
    second = followed(reported("b", at=NOON + MINUTE), reported("a"))
    assert [fact.id for fact in decide(second, World(TOWN), NOON)] == ["b->a/joined/2"]


def test_a_survivor_is_told_of_no_more_than_it_can_take():
    full = reported("a").model_copy(update={"followers": tuple(map(str, range(MAX_FOLLOWERS - 1)))})
    second = followed(reported("b", at=NOON + MINUTE).model_copy(update={"followers": ("c",)}), full)
    assert [fact.id for fact in seen(second, full)] == ["b->a/joined/2"]
    full = full.model_copy(update={"followers": (*full.followers, "b")})
    assert seen(second, full) == []
    assert due(second, World(TOWN, {"a": fields(full, TOWN)}), NOON) is None


def test_followers_hear_of_a_survivor_that_was_merged_further():
    reader = Reader()
    for event in (report("c", at=NOON + 2 * MINUTE, location=north(80)), report("b", at=NOON + MINUTE, location=north(40))):
        reader.fold(event)
    reader.settle()
    assert reader.cases["c"].into == "b"
    reader.now = NOON + 2 * MINUTE
    first = report("a")
    reader.fold(first)
    second = reader.cases["b"]
    reader.fold(CaseMerged.of(second, at=reader.now, by="operator-1", into="a", into_reported_at=first.at, reason="same"))
    reader.settle()
    assert set(reader.cases["a"].followers) == {"b", "c"}


def test_a_withdrawn_survivor_that_gains_a_follower_goes_on():
    reader = Reader()
    reader.fold(report("a"))
    reader.fold(report("b", at=NOON + MINUTE))
    reader.speak(["b"])
    first = reader.cases["a"]
    reader.fold(CaseWithdrawn.of(first, at=NOON, by="resident", reason="solved"))
    reader.settle()
    assert reader.cases["a"].status is Status.TRIAGED
    assert reader.cases["a"].followers == ("b",)


def test_a_closed_survivor_is_told_and_stays_closed():
    reader = Reader()
    reader.fold(report("a"))
    reader.fold(report("b", at=NOON + MINUTE))
    reader.speak(["b"])
    reader.cases["a"] = reader.cases["a"].model_copy(update={"status": Status.COMPLETED})
    reader.fold(CaseClosed.of(reader.cases["a"], at=NOON, by="closure", outcome="done"))
    reader.settle()
    assert reader.cases["a"].status is Status.CLOSED
    assert reader.cases["a"].followers == ("b",)


# -- finding the neighbours


def test_a_look_asks_once_for_all_neighbourhoods_and_once_for_all_survivors():
    first = reported("a")
    gone = followed(reported("b", at=NOON + MINUTE), first)
    cells, survivors = look([first, gone, reported("c", text="井盖"), reported("d", location=None)], TOWN, NOON)
    assert set(cells) == {"cell"}
    assert 1 <= len(cells["cell"]) <= 4
    assert survivors == {"_id": ("a",)}


def test_a_look_asks_nothing_for_what_can_never_be_merged():
    assert look([reported(text="井盖没了"), reported(location=TOWN_HALL), assigned(filed(reported()))], TOWN, NOON) == []


def test_only_open_cases_stand_in_a_cell():
    assert fields(reported(), TOWN)["cell"]
    assert fields(filed(reported()).model_copy(update={"status": Status.CLOSED}), TOWN)["cell"] is None


shares = st.floats(-1, 1)
times = st.timedeltas(timedelta(0), timedelta(days=80_000)).map(lambda age: EPOCH + age)


@given(
    lat=st.floats(-89, 89),
    lon=st.floats(-179, 179),
    north=shares,
    east=shares,
    radius=st.sampled_from([5, 20, 25, 50, 100, 250, 1000]),
)
def test_whatever_is_near_enough_stands_in_a_cell_that_is_asked_for(lat, lon, north, east, radius):
    rule = DuplicateRule(radius_m=radius, window_hours=24, automatic=True)
    here = Location(lat=lat, lon=lon)
    sideways = east * radius * METRE / cos(radians(lat))
    there = Location(lat=lat + north * radius * METRE, lon=lon + sideways)
    asked = Place(reported("b"), here, "x", rule).around
    assert len(asked) <= 6  # two rows may be cut differently
    if metres(here, there) <= radius:
        assert Place(reported("a"), there, "x", rule).cell in asked


@given(times, times)
def test_stamps_sort_like_times_and_lose_nothing(one: datetime, other: datetime):
    assert unstamped(stamp(one)) == one
    assert (stamp(one) < stamp(other)) == (one < other)


def test_places_know_their_rule():
    place = place_of(reported(), TOWN)
    assert place is not None
    assert (place.code, place.rule.radius_m) == ("lamp", 50)
