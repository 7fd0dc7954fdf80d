"""The three rates equal a recomputation from the log, and late facts correct the months that they are about."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from services.console.rating import Rated, RatesAsked, months_of, rates_answer
from services.console.reader import Reader
from services.console.views.rates import keys, rates, tally
from shared.city import Area, City, Grid, RateRule, RateWeights
from shared.service import Fold
from shared.weights import USUAL_FORMULAS, Count, Formula
from tests.unit.console.histories import HOUR, MONDAY, folded, lives
from tests.unit.console.recount import Place, recounted
from tests.unit.console.rows import projected
from tests.unit.console.town import TOWN, words

DONE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed")
THREE = ("response", "resolution", "satisfaction")
MARCH, APRIL = "2026-03", "2026-04"


def counted(folds: list[Fold], city: City = TOWN) -> dict[Place, dict[str, int]]:
    sums: dict[Place, Counter[str]] = {}
    for row in projected(rates, folds, city).values():
        place = (row["month"], row["grid"], row["department"], row["category"], row["named"])
        sums.setdefault(place, Counter()).update(tally(row))
    return {place: kept for place, found in sums.items() if (kept := {name: n for name, n in found.items() if n})}


def steps(*kinds: str | tuple[str, int, int], case: str = "a") -> list[tuple[str, str, int, int]]:
    """Word each kind with choice 2 an hour after the one before; a tuple says its own choice and hours."""
    return [(case, *((kind, 2, 1) if isinstance(kind, str) else kind)) for kind in kinds]


def totals(folds: list[Fold], month: str = MARCH, city: City = TOWN) -> dict[str, tuple[int, int]]:
    [item] = answered(folds, month, city)
    return {rate.rate: (rate.numerator, rate.denominator) for rate in item.rates if rate.denominator}


def answered(folds: list[Fold], month: str = MARCH, city: City = TOWN, by: Any = "month") -> list[Rated]:
    rows = [row for row in projected(rates, folds, city).values() if row["month"] == month]
    return rates_answer(rows, by, [month], Reader(city, "en")).items


@given(lives)
@settings(max_examples=200)
def test_the_counts_of_any_history_equal_a_recomputation_from_the_log(folds: list[Fold]):
    assert counted(folds) == recounted(folds, TOWN)


@given(lives)
def test_no_count_is_ever_negative(folds: list[Fold]):
    assert all(n > 0 for row in projected(rates, folds, TOWN).values() for n in row["counts"].values())


@given(lives)
def test_numerators_never_exceed_their_denominators(folds: list[Fold]):
    for counts in counted(folds).values():
        for formula in USUAL_FORMULAS:
            part, whole = (sum(counts.get(name, 0) for name in names) for names in (formula.numerator, formula.denominator))
            assert part <= whole


def test_a_note_touches_no_row():
    folds = folded(steps(*DONE, "note.added"))
    assert list(keys(folds[-1], TOWN)) == []


def test_a_resident_who_is_told_in_time_has_been_answered():
    assert totals(folded(steps(*DONE[:2], ("resident.contacted", 2, 1))))["response"] == (1, 1)
    assert totals(folded(steps(*DONE[:2], ("resident.contacted", 2, 2))))["response"] == (0, 1)


def test_an_answer_that_is_neither_given_nor_missed_is_not_assessed_yet():
    assert "response" not in totals(folded(steps(*DONE[:4])))


def test_taking_a_case_on_is_an_answer_only_by_the_formula_that_says_so():
    found = totals(folded(steps(*DONE[:2], ("case.assigned", 2, 0), *DONE[3:])))
    assert (found["response"], found["answer"], found["signing"], found["finishing"]) == ((0, 1), (1, 1), (1, 1), (1, 1))


def test_the_latest_voice_counts_and_the_handlers_own_never():
    heard = folded(steps(*DONE, ("case.rated", 4, 1), ("callback.recorded", 1, 1), ("case.rated", 10, 1)))
    assert totals(heard)["resolution"] == (1, 1)
    assert totals(heard)["satisfaction"] == (0, 1)
    assert totals(heard)["call_back"] == (0, 1)


def test_who_is_not_reached_has_no_voice():
    assert "resolution" not in totals(folded(steps(*DONE, ("callback.recorded", 3, 1))))


def test_a_voice_about_work_that_failed_its_check_counts_no_more():
    assert "resolution" not in totals(folded(steps(*DONE, ("case.rated", 1, 1), "resolution.rejected")))
    assert "resolution" not in totals(folded(steps(*DONE, ("case.rated", 2, 1), "resolution.verified", "resolution.rejected")))


def test_a_voice_in_april_about_work_of_march_changes_march():
    late = folded(steps(*DONE, "case.closed", ("case.rated", 4, 24 * 40)))
    assert late[-1].event.at > MONDAY + timedelta(days=40)
    assert totals(late)["satisfaction"] == (1, 1)
    assert answered(late, APRIL) == []


def test_a_late_entry_corrects_the_past_month():
    missed = folded(steps(*DONE[:2], ("deadline.missed", 3, 24 * 40)))
    assert totals(missed)["response"] == (0, 1)
    corrected = folded(steps(*DONE[:2], ("deadline.missed", 3, 24 * 40), ("resident.contacted", 6, 1)))
    event = corrected[-1].event.model_copy(update={"true_at": MONDAY + 2 * HOUR})
    after = corrected[-1].after.model_copy(update={"contacted_at": event.happened_at})
    assert totals([*corrected[:-1], Fold(corrected[-1].before, event, after, 0, 9)])["response"] == (1, 1)


def test_a_merged_case_stops_counting_and_counts_again_once_it_is_separated():
    early = steps("case.reported", case="a")
    mine = steps("case.reported", "case.triaged", ("resident.contacted", 2, 1), ("case.merged", 3, 1), case="b")
    assert answered(folded([*early, *mine])) == []
    assert totals(folded([*early, *mine, *steps("case.separated", case="b")]))["response"] == (1, 1)


def test_a_reopened_case_counts_once_for_each_round():
    again = (*DONE, ("case.rated", 1, 1), "case.closed", "case.reopened", *DONE[2:], ("case.rated", 4, 1), "case.closed")
    assert totals(folded(steps(*again)))["resolution"] == (1, 2)


def test_what_a_round_counted_stays_when_the_case_is_reopened_and_merged():
    told = ("case.reported", "case.triaged", ("resident.contacted", 2, 1), *DONE[2:], ("case.rated", 3, 1), "case.closed", "case.reopened")
    mine = [*steps("case.reported", case="a"), *steps(*told, ("resident.contacted", 2, 1), case="b")]
    assert totals(folded(mine))["response"] == (2, 2)
    merged = totals(folded([*mine, ("b", "case.merged", 3, 1)]))
    assert (merged["response"], merged["satisfaction"]) == ((1, 1), (1, 1))


def test_an_offer_that_was_taken_in_time_and_entered_later_was_taken_in_time():
    late = folded(steps(*DONE[:3], ("assignment.accepted", 6, 40)))
    assert (late[-1].event.late, late[-1].event.at > late[-1].event.happened_at) == (True, True)
    assert totals(late)["signing"] == (1, 1)


def test_excluded_types_and_anonymous_reporters_are_left_out_when_the_rates_are_read():
    folds = folded([*steps(*DONE, ("case.rated", 4, 1)), *steps(("case.reported", 1, 0), *DONE[1:], ("case.rated", 4, 1), case="b")])
    assert totals(folds)["satisfaction"] == (2, 2)
    assert totals(folds, city=ruled(anonymous=False))["satisfaction"] == (1, 1)
    assert answered(folds, city=ruled(excluded=frozenset({"noise"}))) == []


def ruled(**rule: Any) -> City:
    return TOWN.model_copy(update={"rates": RateRule(**rule)})


def test_nothing_assessed_is_no_value():
    [item] = answered(folded(steps(*DONE, ("case.rated", 4, 1))))
    values = {rate.rate: rate.value for rate in item.rates}
    assert (values["call_back"], values["satisfaction"], values["response"]) == (None, 1.0, 0.0)
    [item] = answered(folded(steps(*DONE)))
    assert item.composite is None


@pytest.mark.parametrize(("since", "composite"), [(date(2026, 3, 1), 0.5), (date(2026, 3, 2), 0.7)])
def test_weights_hold_from_the_first_day_of_a_month_on(since: date, composite: float):
    old = RateWeights(since=date(2020, 1, 1), weights=dict(zip(THREE, (0.3, 0.35, 0.35), strict=True)))
    new = RateWeights(since=since, weights=dict(zip(THREE, (0.5, 0.25, 0.25), strict=True)))
    city = TOWN.model_copy(update={"rate_weights": (old, new)})
    folds = folded(steps(*DONE, ("callback.recorded", 19, 1), ("case.rated", 19, 1)))
    [item] = answered(folds, city=city)
    assert {rate.rate: rate.value for rate in item.rates if rate.rate in THREE} == {"response": 0.0, "resolution": 1.0, "satisfaction": 1.0}
    assert item.composite == composite


def own(since: date = date(2026, 1, 1), **changed: Any) -> Formula:
    """Return a rate of the city's own: voices that are content in any way, among all that were asked anything."""
    told = {"numerator": ("solved", "satisfied"), "denominator": ("asked_solved", "asked_satisfied"), **changed}
    return Formula.model_validate({"id": "content", "name": words("认可率", "Content"), "since": since, **told})


def test_a_city_computes_and_weighs_rates_of_its_own_from_a_day_on():
    weights = RateWeights(since=date(2026, 1, 1), weights={"content": 0.75, "signing": 0.25})
    city = TOWN.model_copy(update={"formulas": (own(),), "rate_weights": (weights,)})
    folds = folded(steps(*DONE, ("case.rated", 1, 1)))
    [item] = answered(folds, city=city)
    found = {rate.rate: (rate.name, rate.numerator, rate.denominator) for rate in item.rates}
    assert found["content"] == ("Content", 1, 2)
    assert (found["signing"][1:], item.composite) == ((1, 1), 0.625)
    assert found["satisfaction"] == ("Satisfaction", 0, 1), "the usual ones are told as well"


def test_a_rate_of_the_citys_own_takes_the_place_of_the_usual_one_and_old_months_keep_theirs():
    strict = own(date(2026, 4, 1), id="response", numerator=("contacted",), denominator=("assessed", "offers"))
    city = TOWN.model_copy(update={"formulas": (strict, own(date(2026, 5, 1)))})
    names = [set(city.formulas_on(date(2026, month, 1))) for month in (3, 4, 5)]
    assert ["content" in found for found in names] == [False, False, True]
    denominators = [city.formulas_on(date(2026, month, 1))["response"].denominator for month in (3, 4)]
    assert denominators == [("assessed",), ("assessed", "offers")]


def test_a_count_that_nobody_keeps_is_refused():
    with pytest.raises(ValidationError, match="'assessed'"):
        own(numerator=("__import__('os')",))


@given(lives)
@settings(max_examples=50)
def test_every_count_that_a_formula_may_name_is_kept_by_the_view_and_no_other(folds: list[Fold]):
    assert {name for counts in counted(folds).values() for name in counts} <= set(get_args(Count))


def test_by_month_twelve_months_are_told_by_area_the_present_one():
    assert months_of(RatesAsked(), MONDAY, TOWN)[0::11] == ["2025-04", "2026-03"]
    assert months_of(RatesAsked(by="street", month="2026-01"), MONDAY, TOWN) == ["2026-01"]


def test_rates_are_told_by_the_areas_that_a_grid_lies_in():
    square = (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),)
    ladder = {
        "c1": Area(id="c1", name=words("一社区", "First community"), level=0, parent="s1"),
        "s1": Area(id="s1", name=words("一街道", "First street"), level=1, parent="d1"),
        "d1": Area(id="d1", name=words("一区", "First county"), level=2),
    }
    grid = Grid(id="g1", name=words("一格", "First grid"), community="c1", polygon=square[0:1])
    city = TOWN.model_copy(update={"areas": ladder, "grids": {"g1": grid}})
    kinds = (("case.reported", 2, 0), ("case.triaged", 0, 1), ("resident.contacted", 2, 1))
    elsewhere = (("case.reported", 2, 0), ("case.triaged", 2, 1), ("resident.contacted", 2, 1))
    folds = folded([*steps(*kinds, case="a"), *steps(*elsewhere, case="b")])
    for by, name in (("community", "First community"), ("street", "First street"), ("county", "First county")):
        assert [(item.name, item.rates[0].denominator) for item in answered(folds, city=city, by=by)] == [(name, 1), ("not placed yet", 1)]
    assert [item.name for item in answered(folds, by="category")] == ["Street lamp", "Noise"]
    assert [item.name for item in answered(folds, by="department")] == ["Public works"]
