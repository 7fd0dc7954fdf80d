"""The figures for dashboards equal a plain recount of cases and events, and agree with the totals and the rates."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.console.counting import Counted, quantiles, totals_answer
from services.console.rating import rates_answer
from services.console.reader import Reader
from services.console.stats.answers import ByAnswer, SeriesAnswer, StatsAnswer
from services.console.stats.definitions import RATES
from services.console.stats.dimensions import Dimension
from services.console.stats.periods import Period, edges
from services.console.stats.question import Question
from services.console.stats.telling import by, series, stats
from services.console.views import rates, times, totals
from services.console.views.times import MEASURES, STAGES, bucket, durations, stages
from shared.case import OPEN, Case, Status
from shared.city import RateRule
from shared.service import Fold
from shared.weights import USUAL_FORMULAS
from tests.unit.console.histories import HOUR, MONDAY, folded, lives
from tests.unit.console.recount import recounted
from tests.unit.console.rows import present, projected
from tests.unit.console.stats_town import ALL, PLACES, asking, cases_of, table_of
from tests.unit.console.town import TOWN

FORMULAS = {formula.id: formula for formula in USUAL_FORMULAS}
AREAS = {"g1": ("c1", "s1", "k1"), "g2": ("c2", "s1", "k1")}
RATED: tuple[Dimension, ...] = ("grid", "department", "category")
OWN: tuple[Dimension, ...] = ("category", "group", "grade", "department", "grid", "community", "street", "county", "channel", "status")
WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed")


def labels(case: Case) -> dict[str, str]:
    """Return under which value of each dimension a case counts, by nothing of the table."""
    what = case.classification
    grid = (what.grid or "") if what else ""
    community, street, county = AREAS.get(grid, ("", "", ""))
    filed: dict[str, str] = {"category": what.category, "group": what.group, "grade": str(what.grade)} if what else {}
    areas = {"grid": grid, "community": community, "street": street, "county": county}
    return {
        "category": "",
        "group": "",
        "grade": "",
        **filed,
        **areas,
        "department": case.department or "",
        "channel": case.channel,
        "status": str(case.status),
    }


def counts(cases: Iterable[Case]) -> dict[str, int]:
    cases = list(cases)
    late = sum(case.overdue and case.status in OPEN for case in cases)
    ends = {name: sum(case.status == name for case in cases) for name in ("closed", "merged", "rejected", "withdrawn")}
    return {"reported": len(cases), "open": sum(case.status in OPEN for case in cases), "overdue": late, **ends}


def lengths(folds: Iterable[Fold], ids: set[str]) -> dict[str, dict[str, Any]]:
    """Return count and quantiles of every time that the events of these cases ended."""
    found: dict[str, dict[str, int]] = {what: {} for what in (*MEASURES, *STAGES)}
    for fold in folds:
        for what, seconds, _ in (*durations(fold), *stages(fold)) if fold.event.case_id in ids else ():
            found[what][bucket(seconds)] = found[what].get(bucket(seconds), 0) + 1
    return {what: quantiles(histogram).model_dump() for what, histogram in found.items()}


def known(folds: list[Fold]) -> list[Case]:
    return [case for case in present(folds) if case.status is not Status.UNKNOWN]


def agrees(told: Mapping[str, Any], cases: list[Case], folds: list[Fold]) -> bool:
    """Whether counts and times are those of the cases."""
    same = {name: told[name] for name in counts([])} == counts(cases)
    return same and {**told["times"], **told["stages"]} == lengths(folds, {case.id for case in cases})


@given(lives)
@settings(max_examples=150, deadline=None)
def test_counts_and_times_of_any_history_equal_a_recount(folds: list[Fold]):
    answer = stats(table_of(folds), asking())
    StatsAnswer.model_validate(answer)
    assert agrees(answer["figures"], known(folds), folds)


@given(lives, st.sampled_from(OWN), st.sampled_from(OWN))
@settings(max_examples=150, deadline=None)
def test_each_group_of_any_dimensions_equals_a_recount_of_its_cases(folds: list[Fold], one: Dimension, other: Dimension):
    dimensions = (one,) if one == other else (one, other)
    question = Question({}, ALL, "reported", dimensions)
    answer = by(table_of(folds), asking(question), "reported", 500)
    ByAnswer.model_validate(answer)
    groups: dict[tuple[str | None, ...], list[Case]] = {}
    for case in known(folds):
        secret = case.classification is not None and case.classification.confidential
        if not (secret and question.leaves_out):
            groups.setdefault(tuple(labels(case)[name] or None for name in dimensions), []).append(case)
    found = {tuple(value["key"] for value in item["values"]): item["figures"] for item in answer["items"]}
    assert all(agrees(told, groups.get(keys, []), folds) for keys, told in found.items())
    assert set(groups) <= set(found)
    sizes = [item["figures"]["reported"] for item in answer["items"]]
    assert sizes == sorted(sizes, reverse=True)


@given(lives, st.sampled_from(OWN), st.sampled_from(["lamp", "g1", "works", "urgent", "phone", "s1", "closed", "roads"]))
@settings(max_examples=100, deadline=None)
def test_a_filter_lets_through_what_has_the_value(folds: list[Fold], dimension: Dimension, value: str):
    told = stats(table_of(folds), asking(Question({dimension: [value]}, ALL, "reported")))["figures"]
    assert agrees(told, [case for case in known(folds) if labels(case)[dimension] == value], folds)


@given(lives, st.integers(0, 400), st.integers(1, 400), st.sampled_from(["reported", "closed"]))
@settings(max_examples=100, deadline=None)
def test_a_period_holds_the_cases_whose_moment_lies_in_it(folds: list[Fold], start: int, length: int, when: str):
    period = Period(MONDAY + start * HOUR, MONDAY + (start + length) * HOUR)

    def inside(case: Case) -> bool:
        at = case.reported_at if when == "reported" else case.closed_at if case.status is Status.CLOSED else None
        return at is not None and MONDAY + start * HOUR <= at < MONDAY + (start + length) * HOUR

    told = stats(table_of(folds), asking(Question({}, period, when)))["figures"]
    assert agrees(told, [case for case in known(folds) if inside(case)], folds)


def divided(told: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {rate["rate"]: (rate["numerator"], rate["denominator"]) for rate in told["rates"] if rate["denominator"]}


@given(lives, st.sampled_from(RATED))
@settings(max_examples=150, deadline=None)
def test_the_rates_of_each_month_equal_a_recomputation_from_the_log(folds: list[Fold], dimension: Dimension):
    table, column = table_of(folds), 1 + RATED.index(dimension)
    for month in ("2026-03", "2026-04", "2026-05"):
        sums: dict[str, Counter[str]] = {}
        for place, numbers in recounted(folds, TOWN).items():
            if place[0] == month:
                sums.setdefault(place[column], Counter()).update(numbers)
        expected = {
            key or None: rates
            for key, of in sums.items()
            if (rates := {name: (of[FORMULAS[name].numerator[0]], of[d]) for name in RATES if of[d := FORMULAS[name].denominator[0]]})
        }
        answer = by(table, asking(Question({}, month_of(month), "reported", (dimension,))), "key", 500)
        found = {item["values"][0]["key"]: rates for item in answer["items"] if (rates := divided(item["figures"]))}
        assert found == expected


def month_of(month: str) -> Period:
    at = [MONDAY.replace(year=2026, month=number, day=1, hour=0) - 8 * HOUR for number in (int(month[5:]), int(month[5:]) + 1)]
    return Period(at[0], at[1])


@given(lives)
@settings(deadline=None)
def test_the_figures_agree_with_the_totals_and_the_rates(folds: list[Fold]):
    table, reader = table_of(folds), Reader(PLACES, "en")
    whole = totals_answer(projected(totals.totals, folds, PLACES).values(), projected(times.times, folds, PLACES).values(), reader)
    told = stats(table, asking())["figures"]
    assert {name: told[name] for name in counts([])} == {name: getattr(whole.all, name) for name in counts([])}
    assert told["times"] == {what: getattr(whole.times.all, what).model_dump() for what in MEASURES}
    assert told["stages"] == {what: of.model_dump() for what, of in whole.times.all.stages.items()}
    kinds: tuple[tuple[Dimension, list[Counted]], ...] = (
        ("category", whole.categories),
        ("grade", whole.grades),
        ("department", whole.departments),
        ("grid", whole.grids or []),
    )
    for dimension, rows in kinds:
        items = by(table, asking(Question({}, ALL, "reported", (dimension,))), "key", 500)["items"]
        found = {item["values"][0]["key"]: item["figures"] for item in items if item["figures"]["reported"]}
        assert {row.key: row.reported for row in rows} == {key: of["reported"] for key, of in found.items()}
        assert {row.key: row.overdue for row in rows} == {key: of["overdue"] for key, of in found.items()}
        assert [row.key for row in rows] == list(found)
    month = [row for row in projected(rates.rates, folds, PLACES).values() if row["month"] == "2026-03"]
    for item in rates_answer(month, "month", ["2026-03"], reader).items:
        march = stats(table, asking(Question({}, month_of("2026-03"), "reported")))["figures"]
        assert march["rates"] == [rate.model_dump() for rate in item.rates if rate.rate in RATES]
        assert march["composite"] == item.composite


@given(lives)
@settings(deadline=None)
def test_a_series_is_the_answer_for_each_of_its_spans(folds: list[Fold]):
    table, period = table_of(folds), Period(MONDAY + 2 * HOUR, MONDAY + 2000 * HOUR)
    at = edges("week", period, MONDAY, PLACES)
    answer = series(table, asking(Question({}, period, "reported")), "week", at)
    SeriesAnswer.model_validate(answer)
    for item in answer["items"]:
        span = Period(item["after"], item["before"])
        assert item["figures"] == stats(table, asking(Question({}, span, "reported")))["figures"]
    assert (answer["items"][0]["after"], answer["items"][-1]["before"]) == period


@given(lives, st.integers(0, 90))
@settings(deadline=None)
def test_following_the_cases_gives_the_same_as_reading_them_at_the_end(folds: list[Fold], cut: int):
    table = table_of(folds[:cut])
    table.put(cases_of(folds))
    assert stats(table, asking()) == stats(table_of(folds), asking())
    dimensions = Question({}, ALL, "reported", ("category", "grade"))
    assert by(table, asking(dimensions), "key", 500) == by(table_of(folds), asking(dimensions), "key", 500)


def confidential() -> list[Fold]:
    """A case of every kind: the one with choice 4 is confidential."""
    return folded([(id, kind, choice, 1) for id, choice in (("a", 4), ("b", 1)) for kind in WHOLE[:2]])


def test_confidential_cases_are_left_out_where_type_and_place_are_told_together():
    table = table_of(confidential())
    for filters, dimensions, told in (
        ({}, ("category",), 2),
        ({}, ("grid",), 2),
        ({}, ("category", "county"), 2),
        ({}, ("category", "grid"), 1),
        ({"department": ["works", "fire"]}, ("community",), 1),
        ({"street": ["s1"], "group": ["roads", "safety", "life"]}, ("channel",), 1),
    ):
        question = Question(filters, ALL, "reported", dimensions)  # type: ignore[arg-type]
        answer = by(table, asking(question), "key", 500)
        assert sum(item["figures"]["reported"] for item in answer["items"]) == told
        assert answer["about"]["confidential"] == ("counted" if told == 2 else "left_out")


def test_who_counts_in_the_rates_is_the_citys_rule():
    table = table_of(folded([("a", kind, 0, 1) for kind in WHOLE]))
    assert divided(stats(table, asking())["figures"])["finishing"] == (1, 1)
    without = PLACES.model_copy(update={"rates": RateRule(excluded=frozenset({"lamp"}))})
    assert divided(stats(table, asking(city=without))["figures"]) == {}
    assert stats(table, asking(city=without))["figures"]["reported"] == 1


def test_no_more_groups_are_told_than_asked_for():
    table = table_of(folded([(id, kind, choice, 1) for id, choice in (("a", 0), ("b", 1), ("c", 2)) for kind in WHOLE[:2]]))
    answer = by(table, asking(Question({}, ALL, "reported", ("category",))), "key", 2)
    assert [item["values"][0]["key"] for item in answer["items"]] == ["gas", "lamp"]
    assert answer["omitted"] == 1


def test_nothing_is_told_of_no_cases():
    table = table_of([])
    told = stats(table, asking())["figures"]
    assert (told["reported"], told["composite"], told["times"]["response"]["p50"]) == (0, None, None)
    assert by(table, asking(Question({}, ALL, "reported", ("grid",))), "reported", 10)["items"] == []
