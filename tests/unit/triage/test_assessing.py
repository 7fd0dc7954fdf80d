"""From what a text is about to what a case is filed as: category, condition and grade, and when a person must decide."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from services.triage.actions import Correction, reclassify
from services.triage.assessing import assessed, assessed_text, graded, judged
from services.triage.decide import decide, fields
from services.triage.model.assess import Assessment, Guess
from shared.case import Case, evolve
from shared.citypack import city_folder, load_city
from shared.events import CaseTriaged, Said
from shared.service import World
from shared.terms import Grade
from tests.unit.triage.town import NOON, TOWN, reported

CITY = load_city(city_folder("demo"))


def report(text: str, **more: Any) -> Case:
    return reported(text=text).model_copy(update={"location": None, "channel": "chat", **more})


def filed(case: Case) -> CaseTriaged:
    [fact] = decide(case, World(CITY), NOON)
    assert isinstance(fact, CaseTriaged)
    return fact


def found(grade: Grade, danger: float, model: str = "m") -> Assessment:
    guess = Guess("01037", "out", 0.9, ("dark",))
    return Assessment(guess, (), report=True, report_probability=1, grade=grade, emergency_probability=danger, sure=True, model=model)


@pytest.mark.parametrize(
    ("usual", "said", "danger", "filed_as"),
    [
        (Grade.NORMAL, Grade.EMERGENCY, 0.9, Grade.EMERGENCY),
        (Grade.NORMAL, Grade.URGENT, 0.1, Grade.URGENT),
        (Grade.URGENT, Grade.NORMAL, 0.1, Grade.URGENT),
        (Grade.EMERGENCY, Grade.NORMAL, 0.1, Grade.EMERGENCY),
        (Grade.URGENT, Grade.SERVICE, 0.01, Grade.SERVICE),
        (Grade.URGENT, Grade.SERVICE, 0.2, Grade.URGENT),
    ],
)
def test_danger_raises_the_grade_a_mere_question_lowers_it_and_in_doubt_the_higher_counts(
    usual: Grade, said: Grade, danger: float, filed_as: Grade
):
    assert graded(usual, found(said, danger)) is filed_as


def test_words_alone_never_lower_a_grade():
    assert graded(Grade.URGENT, found(Grade.SERVICE, 0.0, model="")) is Grade.URGENT


def test_the_fact_names_the_model_its_probability_the_next_best_and_the_words():
    fact = filed(report("小区门口的路灯坏了，晚上一片漆黑，路灯不亮"))
    assert fact.classification.category == "01037"
    assert fact.model == assessed(report("小区门口的路灯坏了，晚上一片漆黑，路灯不亮"), CITY).model != ""
    assert (fact.probability or 0) > 0.5
    assert 1 <= len(fact.alternatives) <= 2
    assert "路灯" in fact.reason


def test_an_emergency_is_filed_at_once_although_nobody_is_sure_what_it_is_and_a_person_is_asked_to_look():
    case = report("救命 里面有人 全是烟 喘不上气了 快来人")
    said = assessed(case, CITY)
    assert said.grade is Grade.EMERGENCY
    fact = filed(case)
    assert fact.classification.grade is Grade.EMERGENCY
    after = evolve(case, fact)
    assert fact.asks is after.asks is bool(fields(after, CITY)["doubted"])


def test_what_the_reporter_chose_holds_and_danger_in_the_words_raises_its_grade():
    fact = filed(report("路灯杆漏电，孩子刚才摸到被电倒了，还躺在地上", wish="01037"))
    assert (fact.classification.category, fact.classification.grade, fact.asks) == ("01037", Grade.EMERGENCY, True)
    assert fact.reason == "报告人选择；言辞中有危险，提高等级 / chosen by the reporter; graded higher for the danger in the words"


def test_the_condition_that_the_reporter_chose_in_a_form_holds():
    answered = {"wish": "01037", "attributes": {"CONDITION": "rust"}}
    assert filed(report("路灯不亮", **answered)).classification.condition == "rust"
    assert filed(report("路灯不亮", wish="01037", attributes={"CONDITION": "nonsense"})).classification.condition == "out"


def test_chat_noise_waits_for_a_person_and_is_told_apart():
    case = report("大家早上好，今天天气真不错呀，祝各位邻居周末愉快")
    assert not assessed(case, CITY).report
    assert decide(case, World(CITY), NOON) == []
    assert fields(case, CITY)["queued"]


def test_below_the_threshold_an_operator_chooses_from_the_best_three():
    case = report("那个东西又坏了，你们管不管")
    assert judged(case, CITY) is None
    said = assessed(case, CITY)
    assert said.best is not None
    assert len(said.others) == 2


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in October by the clocks of the demo city."""
    return datetime(2026, 10, 12, hour, minute, tzinfo=CITY.calendar.local(NOON).tzinfo).astimezone(UTC)


def noise(text: str, when: datetime, wish: str = "06028-L") -> CaseTriaged:
    case = reported(text=text, at=when, category=wish)
    [fact] = [one for one in decide(case, World(CITY), when) if isinstance(one, CaseTriaged)]
    return fact


@pytest.mark.parametrize(
    ("hour", "minute", "condition", "grade"),
    [
        (12, 0, "noise", Grade.NORMAL),
        (21, 59, "noise", Grade.NORMAL),
        (22, 0, "night", Grade.URGENT),
        (3, 10, "night", Grade.URGENT),
        (5, 59, "night", Grade.URGENT),
        (6, 0, "noise", Grade.NORMAL),
    ],
)
def test_noise_at_night_is_another_condition_than_by_day(hour: int, minute: int, condition: str, grade: Grade):
    fact = noise("楼上一直拖椅子", at(hour, minute))
    assert (fact.classification.condition, fact.classification.grade) == (condition, grade)
    assert (f"{hour:02d}:{minute:02d} 上报，按夜间噪声处理" in fact.reason) is (condition == "night")
    wait = fact.classification.respond_by - at(hour, minute)
    assert wait == timedelta(hours=1 if condition == "night" else 24)


def test_what_the_text_says_holds_whatever_the_hour():
    crew = CITY.categories["08001"]
    assert crew.condition_at("night", time(12)).key == "night"
    site = crew.model_copy(update={"conditions": (*crew.conditions, crew.conditions[0].model_copy(update={"key": "dust"}))})
    assert [site.condition_at(key, time(23)).key for key in ("dust", "noise", None)] == ["dust", "night", "night"]


def test_the_operator_sees_the_condition_of_the_hour_too():
    text = "工地打桩声太吵了，construction noise"
    by_day, by_night = (assessed_text(text, "web", True, at(hour), CITY) for hour in (15, 23))
    conditions = [one.best.condition for one in (by_day, by_night) if one.best and one.best.code == "08001"]
    assert conditions == ["noise", "night"]


def test_a_correction_without_a_condition_takes_that_of_the_hour():
    case = reported(text="工地一直响", at=at(23))
    fact = reclassify(case, Correction(category="08001", reason="seen"), Said(id="x", at=at(23, 5), by="O-1", late=False), CITY)
    assert fact.classification.condition == "night"


def test_a_city_without_a_model_goes_by_its_words():
    said = assessed_text("路灯不亮", "chat", False, NOON, TOWN)
    assert (said.model, said.sure, said.best.code if said.best else "") == ("", True, "lamp")
