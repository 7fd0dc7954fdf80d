"""Duplicates in a history: what closing texts say, what was open then, and that what is learned is what runs."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.evaluate.duplicates import Figures, figures_of, first_later, judge
from deploy.learn.boosting import boosted, margins, pair_weights, trees_of
from deploy.learn.closings import endings, original_of
from deploy.learn.duplicates import fit, strictest
from deploy.learn.past import Past, past_of
from deploy.learn.rates import fit_rates
from deploy.refusal import CannotDo
from deploy.replay.columns import Recorded
from services.triage.likeness.cells import cell_of
from services.triage.likeness.features import chains, numbers, rate
from services.triage.likeness.near import near
from services.triage.likeness.ranking import DEFAULT, Ranking, dump
from shared.city import City, DuplicateRule
from shared.stamps import stamp
from shared.terms import Location
from tests.unit.triage.town import TOWN

ZONE = ZoneInfo("UTC")
BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
HERE = Location(lat=42.3, lon=-71.1)


def record(
    nth: int, *, hours: float = 0, closed: float | None = None, at: Location | None = HERE, outcome: str = "", kind: str = "lamp"
) -> Recorded:
    return Recorded(
        id=f"101001{nth:06d}",
        opened=BEGIN + timedelta(hours=hours),
        target=None,
        closed=None if closed is None else BEGIN + timedelta(hours=closed),
        category=kind,
        group="roads",
        department="lights",
        text=kind,
        address="1 Street",
        location=at,
        source="call",
        outcome=outcome,
        overdue=None,
    )


def a_year(count: int = 1500) -> list[Recorded]:
    """Return cases of which most of those that come soon after another one at its place are called a duplicate of it."""
    dice = random.Random(1)
    made: list[Recorded] = []
    for nth in range(count):
        repeated = nth > 0 and dice.random() < 0.2
        at = made[-1].location if repeated else Location(lat=42.3 + dice.random() / 10, lon=-71.1 + dice.random() / 10)
        outcome = f"Case Closed Duplicate of {made[-1].id[-6:]}" if repeated and dice.random() < 0.9 else "done"
        made.append(record(nth + 1, hours=nth * 2, closed=nth * 2 + 40, at=at, outcome=outcome, kind=dice.choice(("lamp", "sign"))))
    return made


@pytest.mark.parametrize(
    ("outcome", "original"),
    [
        ("Duplicate of Existing Case 101001000001", 0),
        ("Closed date : 2015-05-20 08:29:24.357 duplicate of #000002", 1),
        ("duplicate of 1000001 and 1000002", 0),
        ("重复，见 101001000002", 1),
        ("same as 101001000001", None),
        ("Duplicate of 101001000004, which came later", None),
        ("Duplicate of 999999", None),
        ("Duplicate", None),
    ],
)
def test_the_original_is_the_earliest_earlier_case_that_the_closing_text_names(outcome: str, original: int | None):
    records = [record(1), record(2), record(3, outcome=outcome), record(4)]
    assert original_of(2, records, endings(records)) == original


def test_a_case_is_near_a_later_one_only_while_it_is_open():
    records = [record(1, closed=5), record(2, hours=1), record(3, hours=6)]
    past = past_of(records, None, "UTC", lambda: None, 0, keep=0)
    assert [past.seen[nth].ids for nth in range(3)] == [(), (records[0].id,), (records[1].id,)]


def test_a_history_and_a_look_see_the_same_numbers():
    records = [record(1), record(2, hours=1, kind="sign"), record(3, hours=30, at=Location(lat=42.3005, lon=-71.1))]
    past = past_of(records, None, "UTC", lambda: None, 0, keep=0)
    one = past.wanted[2]
    others = {
        of.id: {
            "near": cell_of(of.at),
            "lat": of.at.lat,
            "lon": of.at.lon,
            "reported": stamp(of.reported_at),
            "followers": (),
            "type": of.code,
            "words": "",
            "address": of.address,
            "source": of.source,
        }
        for of in past.wanted
        if of.at
    }
    looked = near(one, others, TOWN)
    assert looked.ids == past.seen[2].ids
    alike = past.seen[2].same_family & False  # the town does not know the types, so no group is the same
    seen = type(looked)(**{**vars(past.seen[2]), "same_family": alike})
    assert numbers(one, looked, one.reported_at) == pytest.approx(numbers(one, seen, one.reported_at))
    assert chains(one, looked) == chains(one, seen)


def test_a_history_knows_the_families_of_the_city():
    confused = TOWN.categories["lamp"].model_copy(update={"family": frozenset({"gas"})})
    city = TOWN.model_copy(update={"categories": {**TOWN.categories, "lamp": confused}})
    kinds = ("gas", "lamp", "cover", "sign")  # the town does not know signs: their group is what the record says
    records = [record(nth, hours=nth, kind=kind) for nth, kind in enumerate(kinds)]
    seen = past_of(records, city, "UTC", lambda: None, 0, keep=0).seen
    assert [seen[nth].same_family.tolist() for nth in range(4)] == [[], [True], [False, True], [False, True, True]]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), min_size=1, max_size=60))
def test_rates_are_shares_drawn_towards_the_more_general_one(cases: list[tuple[str, str, bool]]):
    keys = [((one, f"{one}/{two}"),) for one, two, _ in cases]
    rates = fit_rates(keys, np.array([float(label) for *_, label in cases]))
    assert all(0 <= value <= 1 for value in rates.values())
    assert rate(rates, ("a", "a/never")) == rates.get("a", rates[""])


def test_the_written_trees_say_what_the_library_says():
    dice = np.random.default_rng(3)
    rows = dice.normal(size=(600, 51))
    models = boosted(rows, (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.5).astype(float), 2, lambda: None)
    ranking = Ranking.load(dump(DEFAULT.model_copy(update={"trees": trees_of(models)})))
    expected = 1 / (1 + np.exp(-margins(models, rows[:50])))
    assert [ranking.repeated(row.tolist()) for row in rows[:50]] == pytest.approx(expected.tolist(), abs=1e-6)


def test_too_few_duplicates_teach_nothing():
    past = past_of([record(nth, hours=nth) for nth in range(60)], None, "UTC", lambda: None, 0)
    with pytest.raises(CannotDo, match="0 of the cases"):
        fit(past, 60, lambda: None)
    assert pair_weights([]) is None


def test_the_surest_threshold_is_the_most_precise_one_with_enough_joins():
    odds, labels = np.tile(np.arange(200.0)[::-1], 2), np.tile(np.concatenate([np.ones(80), np.zeros(120)]), 2)
    chosen = strictest(odds, labels)
    assert chosen.precision == 1
    assert 1 / (1 + np.exp(-120)) <= chosen.probability <= 1 / (1 + np.exp(-150))
    assert strictest(odds[:10], labels[:10]).precision == 0


def test_how_precise_the_threshold_is_is_not_measured_on_the_cases_that_it_was_chosen_by():
    odds, labels = np.tile(np.arange(100.0)[::-1], 2), np.concatenate([np.ones(100), np.tile([1.0, 0.0], 50)])
    assert strictest(odds, labels).precision == 0.5
    assert strictest(odds[:110], labels[:110]).precision == 0  # ten more tell nothing


def figure(figures: Figures, name: str) -> float:
    found = figures[name]
    assert found is not None
    return found


def judged(city: City | None = None) -> tuple[Past, Figures, bytes]:
    past = past_of(a_year(), city, "UTC", lambda: None, 1000, keep=1000)
    learned, _ = fit(past, 1000, lambda: None)
    return past, figures_of(past, 1000, judge(learned, past, 1000, city, lambda: None)), dump(learned)


def test_a_plain_pattern_is_learned_and_judged_on_later_cases_the_same_each_time():
    _, figures, content = judged()
    assert figure(figures, "average_precision") > 0.7
    assert figure(figures, "suggestion_recall") > 0.95
    assert figure(figures, "surest_precision") > 0.7
    assert (figures["automatic_joins"], figures["automatic_precision"], figures["automatic_recall"]) == (0, None, 0)
    assert judged()[2] == content


@pytest.mark.parametrize(("demanded", "allowed", "joins"), [(0.5, True, True), (0.5, False, False), (1.0, True, False)])
def test_joins_without_a_person_are_those_that_the_type_allows_and_the_ranking_has_earned(demanded: float, allowed: bool, joins: bool):
    rule = DuplicateRule(radius_m=50, window_hours=168, automatic=allowed)
    lamp = TOWN.categories["lamp"].model_copy(update={"duplicate": rule})
    figures = judged(TOWN.model_copy(update={"categories": {"lamp": lamp}, "automatic_precision": demanded}))[1]
    assert (figure(figures, "automatic_joins") > 10) is joins
    assert not joins or figure(figures, "automatic_precision") > 0.7


def test_the_later_cases_are_those_from_may_on_or_the_last_third():
    months = [record(nth, hours=nth * 24) for nth in range(181)]
    assert months[first_later(months, ZONE)].opened == datetime(2015, 5, 1, tzinfo=UTC)
    assert first_later(months[40:100], ZONE) == 40
