"""A synthetic day has the mix and the rhythm of a real one, and the same seed makes the same day."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from deploy.demo.day import DAWN, QUESTION, Report, make_day
from deploy.demo.texts import CHATTER, mix, phrases, sayings
from services.triage.words import candidates, decided
from shared.city import City, metres
from shared.terms import Grade, Location

MIDNIGHT = datetime(2026, 3, 8, 16, tzinfo=UTC)  # in the city
COUNT = 2_000


@pytest.fixture(scope="module")
def day(demo_city: City) -> list[Report]:
    return make_day(demo_city, MIDNIGHT, COUNT, 7)


def test_the_same_seed_makes_the_same_day_and_another_one_another(demo_city: City, day: list[Report]):
    assert make_day(demo_city, MIDNIGHT, COUNT, 7) == day
    assert make_day(demo_city, MIDNIGHT, COUNT, 8) != day


def test_there_are_as_many_reports_as_asked_for_in_order_of_time_each_with_its_key(day: list[Report]):
    assert len(day) == COUNT == len({report.key for report in day})
    assert all(first.at <= second.at for first, second in pairwise(day))
    assert day[0].at >= MIDNIGHT + timedelta(hours=DAWN)
    assert day[-1].at < MIDNIGHT + timedelta(hours=DAWN + 24, minutes=15)


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_a_small_day_has_its_reports_too(demo_city: City, count: int):
    assert len(make_day(demo_city, MIDNIGHT, count, 1)) == count


def test_the_busiest_hour_has_about_a_tenth_of_the_day(day: list[Report]):
    single = [report for report in day if report.echoes is None and report.body["channel"] != "patrol"]
    hours = Counter((report.at - MIDNIGHT) // timedelta(hours=1) % 24 for report in single)
    assert hours.most_common(1)[0][0] == 10
    assert 0.095 < hours[10] / len(single) < 0.115


def test_a_patrol_enters_its_round_within_ten_minutes(day: list[Report]):
    began = MIDNIGHT + timedelta(hours=7, minutes=13)
    burst = [one for one in day if began <= one.at < began + timedelta(minutes=10) and one.body["channel"] == "patrol"]
    assert len(burst) >= COUNT * mix().burst


def test_all_categories_occur_and_both_languages_and_mere_chatter(demo_city: City, day: list[Report]):
    found = Counter(report.category for report in day)
    assert set(found) == {*demo_city.categories, None}
    assert 0.06 < found[QUESTION] / COUNT < 0.2
    assert 0.15 < sum(report.language == "en" for report in day) / COUNT < 0.35


def test_some_reports_are_emergencies(demo_city: City, day: list[Report]):
    urgent = [one for one in day if one.category and demo_city.categories[one.category].grade is Grade.EMERGENCY]
    assert 0.01 < len(urgent) / COUNT < 0.08


def test_echoes_are_near_the_first_report_in_place_and_time(day: list[Report]):
    by_key = {report.key: report for report in day}
    echoes = [one for one in day if one.echoes]
    assert len(echoes) == round(COUNT * mix().echoes)
    for one in echoes:
        first = by_key[one.echoes or ""]
        assert timedelta(0) < one.at - first.at < timedelta(minutes=15)
        assert one.category == first.category
        if one.located:
            assert metres(Location(**one.body["location"]), Location(**first.body["location"])) < 80


def test_places_lie_in_a_grid_or_are_the_point_that_is_no_place(demo_city: City, day: list[Report]):
    points = [Location(**report.body["location"]) for report in day if report.located and not report.echoes]
    placed = [point for point in points if demo_city.located(point)]
    assert 0.05 < 1 - len(placed) / len(points) < 0.16
    assert all(demo_city.grid_at(point) for point in placed)


def test_there_are_several_wordings_in_both_languages_for_every_category(demo_city: City):
    assert set(phrases()) == {*demo_city.categories, CHATTER}
    assert all(len(set(words[language])) >= 4 for words in phrases().values() for language in ("zh", "en"))
    assert all(set(words) == {"zh", "en"} for words in sayings().values())


def test_the_words_name_the_category_nearly_always_and_chatter_names_none(demo_city: City):
    texts = [(code, text.format(place="")) for code, words in phrases().items() for all_of in words.values() for text in all_of]
    found = [(code, decided(candidates(text, demo_city))) for code, text in texts]
    right = [(one.code if one else CHATTER) == code for code, one in found]
    assert 0.95 < sum(right) / len(right) < 1  # what no rule can place is what operators are for
    assert all(one is None for code, one in found if code == CHATTER)
