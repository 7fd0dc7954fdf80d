"""What reporters say: "mine is the same as number N". They are believed, but not against place, danger or secrecy."""

from datetime import timedelta
from typing import Any

import pytest

from services.triage import naming
from services.triage.actions import Finding, Joining, merge, separate
from services.triage.answers import Similar, with_named
from services.triage.decide import due
from shared.case import MAX_FOLLOWERS, Case, Status, evolve
from shared.city import Words
from shared.events import CaseRejected, CaseWithdrawn, Said
from tests.unit.triage.readers import Reader
from tests.unit.triage.town import NOON, SQUARE, TOWN, TOWN_HALL, north, report

MINUTE = timedelta(minutes=1)
NUMBERS = {"a": "38204719963", "b": "49310582074", "c": "50421693185"}


def told(id: str, minutes: int, **more: Any) -> Case:
    """Return a case that was reported so many minutes after noon, as it is after its report."""
    said = {"number": NUMBERS.get(id, id), **{name: more.pop(name) for name in ("same_as",) if name in more}}
    event = report(id, at=NOON + minutes * MINUTE, **more)
    return evolve(Case(id=id), event.model_copy(update=said))


def town(*cases: Case) -> Reader:
    """Return a reader that knows these cases; all but the last were filed before."""
    reader = Reader(now=NOON + 30 * MINUTE)
    reader.cases = {case.id: case for case in cases[:-1]}
    reader.talk()
    reader.cases[cases[-1].id] = cases[-1]
    reader.said.clear()
    reader.now += MINUTE
    return reader


def how(id: str) -> Said:
    return Said(id=id, at=NOON + 20 * MINUTE, by="O-1", late=False)


LAMP = {"text": "路灯不亮"}
RUBBISH = {"text": "垃圾没人收", "category": "rubbish"}


def test_a_report_joins_the_case_that_its_reporter_named_whatever_the_category():
    reader = town(told("a", 0, **LAMP), told("b", 5, location=north(120), same_as="a", **RUBBISH))
    reader.talk()
    assert (reader.cases["b"].status, reader.cases["b"].into, reader.cases["a"].followers) == (Status.MERGED, "a", ("b",))
    [merged, _] = reader.said
    assert merged.type == "case.merged"
    assert merged.reason == (
        "上报人称与案件 382 0471 9963 为同一件事，相距 120 米 / the reporter says that it is the same as case 382 0471 9963, 120 m away"
    )


@pytest.mark.parametrize("place", [None, TOWN_HALL])
def test_where_a_place_is_unknown_the_word_is_enough(place: Any):
    reader = town(told("a", 0, **LAMP), told("b", 5, location=place, same_as="a", text="还没修好"))
    reader.talk()
    assert reader.cases["b"].into == "a"
    assert reader.said[0].reason.endswith("the same as case 382 0471 9963")  # type: ignore[union-attr]


def test_a_report_that_nobody_could_file_joins_too():
    reader = town(told("a", 0, text="什么东西"), told("b", 5, text="那个还在", same_as="a"))
    reader.talk()
    assert (reader.cases["a"].status, reader.cases["b"].into) == (Status.REPORTED, "a")


def test_it_joins_what_the_named_case_was_merged_into_meanwhile():
    first, second = told("a", 0, **LAMP), told("b", 5, location=north(400), **LAMP)
    reader = town(first, second, told("c", 9, location=north(100), same_as="b", **RUBBISH))
    assert reader.fold(merge(reader.cases["b"], Joining.to(reader.cases["a"], "the same"), how("by hand"), TOWN))
    reader.talk()
    assert (reader.cases["c"].into, set(reader.cases["a"].followers)) == ("a", {"b", "c"})
    reasons = [fact.reason for fact in reader.said if fact.type == "case.merged"]
    assert reasons == [
        "上报人称与案件 493 1058 2074 为同一件事（已并入 382 0471 9963），相距 100 米"
        " / the reporter says that it is the same as case 493 1058 2074, which was merged into 382 0471 9963, 100 m away"
    ]


def filed(reader: Reader, id: str) -> bool:
    """Whether the report goes its usual way."""
    reader.settle(timedelta(hours=1))
    return reader.cases[id].into is None and reader.cases[id].status is Status.TRIAGED


def test_it_goes_its_usual_way_if_the_places_are_too_far_apart():
    assert not filed(town(told("a", 0, **LAMP), told("b", 5, location=north(299), same_as="a", **RUBBISH)), "b")
    assert filed(town(told("a", 0, **LAMP), told("b", 5, location=north(301), same_as="a", **RUBBISH)), "b")


def test_it_goes_its_usual_way_if_the_case_is_not_there_later_or_itself():
    assert filed(town(told("b", 5, same_as="nobody", **RUBBISH)), "b")
    assert filed(town(told("b", 5, same_as="b", **RUBBISH)), "b")
    assert filed(town(told("a", 9, **LAMP), told("b", 5, same_as="a", **RUBBISH)), "b")


def test_it_goes_its_usual_way_if_the_case_has_ended_or_is_full():
    for change in (
        {"status": Status.CLOSED},
        {"status": Status.COMPLETED},
        {"followers": tuple(f"f{n}" for n in range(MAX_FOLLOWERS))},
    ):
        reader = town(told("a", 0, **LAMP), told("b", 5, same_as="a", **RUBBISH))
        reader.cases["a"] = reader.cases["a"].model_copy(update=change)
        reader.speak(["b"])
        assert reader.cases["b"].status is Status.TRIAGED, change
    reader = town(told("a", 0, **LAMP), told("b", 5, same_as="a", **RUBBISH))
    reader.fold(CaseRejected.of(reader.cases["a"], at=reader.now, by="O-1", reason="not ours"))
    assert filed(reader, "b")


def test_what_is_confidential_neither_takes_reports_nor_is_put_behind_others():
    secret = {"text": "老人没见", "category": "elder"}
    assert filed(town(told("a", 0, **secret), told("b", 5, same_as="a", **RUBBISH)), "b")
    assert filed(town(told("a", 0, text="有煤气味", category="gas"), told("b", 5, same_as="a", **secret)), "b")


def test_an_emergency_is_not_put_behind_a_case_that_is_none_not_even_by_a_rule():
    danger = {"text": "路灯不亮，有煤气味，有人昏迷", "category": "lamp"}
    reader = town(told("a", 0, **danger | {"text": "路灯不亮"}), told("b", 5, same_as="a", **danger))
    assert naming.danger(reader.cases["b"], TOWN)
    assert filed(reader, "b")
    assert reader.cases["b"].grade == "emergency"
    named = naming.named(reader.cases["b"], reader.world(reader.cases["b"].model_copy(update={"status": Status.REPORTED})))
    assert named is not None, "an operator sees the suggestion"


def test_an_emergency_joins_an_emergency():
    gas = {"text": "有煤气味", "category": "gas"}
    reader = town(told("a", 0, **gas), told("b", 5, same_as="a", **gas))
    reader.talk()
    assert reader.cases["b"].into == "a"


def test_once_a_person_has_separated_it_the_word_of_the_reporter_counts_no_more():
    reader = town(told("a", 0, **LAMP), told("b", 5, same_as="a", **RUBBISH))
    reader.talk()
    assert reader.fold(separate(reader.cases["b"], Finding(reason="two things"), how("apart"), TOWN))
    assert filed(reader, "b")
    assert reader.cases["a"].followers == ()


def test_a_report_that_waits_for_an_operator_joins_when_the_named_case_is_open_again():
    reader = town(told("a", 0, **LAMP), told("b", 5, text="那个还在", same_as="a"))
    open_again = reader.cases["a"]
    reader.cases["a"] = evolve(open_again, CaseWithdrawn.of(open_again, at=reader.now, by="resident", reason="gone"))
    reader.speak(["b"])
    assert (reader.cases["b"].status, due(reader.cases["b"], reader.world(reader.cases["b"]), reader.now)) == (
        Status.REPORTED,
        reader.now + naming.AGAIN,
    )
    reader.cases["a"] = open_again
    reader.settle(timedelta(minutes=15))
    assert reader.cases["b"].into == "a"


def test_the_operator_s_suggestions_begin_with_what_the_reporter_named():
    reader = town(told("a", 0, **LAMP), told("b", 5, location=north(30), same_as="a", **RUBBISH))
    case = reader.cases["b"]
    world = reader.world(case)
    alike = Similar(id="x", number="1", score=0.4, metres=9, hours=1, category="lamp", reason=Words(zh="近", en="near"))
    [first, second] = with_named(case, naming.named(case, world), world.others, [alike])
    assert (first.id, first.said, first.score, first.metres, first.category) == ("a", True, None, 30, "lamp")
    assert (second, first.hours) == (alike, 0.1)
    [only] = with_named(case, naming.named(case, world), world.others, [alike.model_copy(update={"id": "a"})])
    assert (only.score, only.said) == (0.4, True)
    assert only.reason.en == "the reporter says that it is the same as case 382 0471 9963, 30 m away; near"
    assert with_named(case, None, world.others, [alike]) == [alike]


def test_a_report_that_names_nothing_asks_for_nothing_more():
    plain = told("b", 5, location=SQUARE, **RUBBISH)
    assert naming.asked([plain], {}) == set()
    assert naming.look_again(plain, NOON) is None
