"""What a message is about by the demo city's learned model, and by its words alone."""

from pathlib import Path

import pytest

from services.triage.model.assess import MODEL, Assessment, assess
from services.triage.model.features import meaning, piece_names
from services.triage.model.normalise import normalised
from services.triage.model.prediction import Predictor
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.terms import Grade

CITY = load_city(city_folder("demo"))
WORDS_ONLY = CITY.model_copy(update={"learned": {}})


def said(text: str, city: City = CITY, channel: str = "chat") -> Assessment:
    return assess(text, channel=channel, location_known=False, city=city)


def test_width_case_script_blanks_and_numbers_do_not_matter():
    assert normalised("電動車　ＯＮ FIRE，3號樓 12") == normalised("电动车 on fire,45号楼  7")


def test_the_same_text_has_the_same_pieces_and_meaning():
    assert piece_names("路灯 out") == piece_names("路灯 out")
    assert (meaning(["路灯不亮"]) == meaning(["路灯不亮"])).all()
    assert not meaning([""]).any()


def test_a_misspelt_word_shares_parts_with_the_right_one():
    assert len(set(piece_names("manhole")) & set(piece_names("manhoel"))) >= 4


@pytest.mark.parametrize(
    ("text", "code"),
    [("the lamp in our street is out", "01037"), ("电梯里关了人,门打不开", "01076"), ("厨房煤气味很重,头晕", "Y05-02")],
)
def test_plain_messages_are_understood(text: str, code: str):
    found = said(text)
    assert found.best is not None
    assert found.best.code == code
    assert found.best.reasons
    assert found.report


def test_people_caught_in_a_lift_are_an_emergency():
    assert said("电梯里关了人,门打不开,里面有孩子").grade is Grade.EMERGENCY


def test_a_greeting_in_a_chat_is_no_report():
    assert not said("大家早上好").report


def test_a_form_makes_a_report_likelier():
    assert said("谢谢", channel="app").report_probability > said("谢谢").report_probability


def test_three_types_are_offered_in_order_of_their_probability():
    found = said("有东西在响,睡不着")
    assert found.best is not None
    offered = [found.best, *found.others]
    assert len({guess.code for guess in offered}) == 3
    assert [guess.probability for guess in offered] == sorted((guess.probability for guess in offered), reverse=True)


def test_the_condition_is_one_of_the_types_own():
    found = said("果皮箱被推倒了,垃圾滚了一地")
    assert all(
        guess.condition in {one.key for one in CITY.categories[guess.code].conditions} for guess in (found.best, *found.others) if guess
    )


@pytest.mark.parametrize("text", ["", " ", "?!", "😀", "\u200b", "a", "好" * 5000, "x" * 5000])
def test_any_text_can_be_assessed(text: str):
    assert said(text).model == Predictor.load(CITY.learned[MODEL]).id
    assert not said(text, WORDS_ONLY).model


def test_without_a_model_the_words_decide():
    found = said("路灯不亮", WORDS_ONLY)
    assert found.best is not None
    assert (found.best.code, found.model) == ("01037", "")
    assert not said("blah", WORDS_ONLY).report


def test_a_model_that_cannot_be_read_leaves_it_to_the_words():
    broken = CITY.model_copy(update={"learned": {MODEL: b"PK\x03\x04 broken"}})
    assert said("路灯不亮", broken) == said("路灯不亮", WORDS_ONLY)


def test_what_is_no_model_is_refused():
    with pytest.raises(ValueError, match="no model"):
        Predictor.load(b"nothing of the kind")


def test_the_committed_model_is_small():
    assert (Path(city_folder("demo")) / "models" / MODEL).stat().st_size < 10_000_000
