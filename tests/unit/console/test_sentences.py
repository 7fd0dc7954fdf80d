"""The history of a case is told in plain words, in both languages."""

import re
from datetime import timedelta
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given

from services.console.answers import happenings
from services.console.sentences import RECEIVED, SENTENCES, in_one, sentence
from services.console.views.timeline import timeline
from services.console.words import GRADES, STATUSES, Lang, how_long, who
from shared.case import Status
from shared.events import EVENT_TYPES, Classification, DeadlineMissed
from shared.service import Fold
from shared.terms import Grade
from tests.unit.console.histories import folded, histories
from tests.unit.console.rows import projected
from tests.unit.console.town import TOWN

HAN = re.compile("[\u4e00-\u9fff]")


def told(folds: list[Fold], lang: Lang) -> list[str]:
    return [sentence(row, TOWN, lang) for row in projected(timeline, folds, TOWN).values()]


def test_every_event_status_and_grade_has_words():
    assert SENTENCES.keys() == EVENT_TYPES.keys()
    assert STATUSES.keys() == set(Status)
    assert GRADES.keys() == set(Grade)


def members(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_a_sentence_uses_only_what_its_event_says(kind: str):
    known = {*EVENT_TYPES[kind].model_fields}
    if "classification" in known:
        known |= {*Classification.model_fields}
    words = SENTENCES[kind]
    assert members(words.zh) == members(words.en) <= known


def test_every_deadline_has_a_name():
    assert RECEIVED.keys() == set(get_args(DeadlineMissed.model_fields["which"].annotation))


@given(histories)
def test_every_event_of_any_history_is_told_in_order(folds: list[Fold]):
    rows = projected(timeline, folds, TOWN)
    assert [row["event"] for row in rows.values()] == [fold.event.id for fold in folds]
    assert [row["effective"] for row in rows.values()] == [fold.effective for fold in folds]
    for lang in ("zh", "en"):
        assert all(happening.sentence and happening.who for happening in happenings(rows.values(), TOWN, lang))


def test_names_and_times_are_those_of_the_city():
    triaged = folded([("a", "case.reported", 0, 0), ("a", "case.triaged", 0, 1)])[-1:]
    assert told(triaged, "en") == ["Classified as Street lamp (emergency), for Public works, due 2026-03-02 21:00: because"]
    assert told(triaged, "zh") == ["归类为路灯（突发），由市政负责，期限 2026-03-02 21:00：because"]


def test_an_event_said_twice_says_so():
    first, again = told(folded([("a", "case.reported", 0, 0)]), "en")
    assert again == first + " (said again, without effect)"


def test_ways_to_report_and_to_speak_with_somebody_are_named():
    row = {"effective": True, "facts": {"channel": "phone", "how": "visit", "text": "?"}}
    said = [sentence({**row, "type": kind}, TOWN, lang) for kind in ("case.reported", "resident.contacted") for lang in ("zh", "en")]
    assert said == ["上报（电话）：?", "Reported (telephone): ?", "已联系居民（走访）：?", "Spoke with the resident (visit): ?"]


def test_a_pause_names_the_reason_from_the_list():
    row = {"type": "work.paused", "effective": True, "facts": {}}
    facts = {"reason": "weather", "approved_by": "W-1", "look_again_at": "2026-03-02T08:00:00+00:00"}
    assert "Weather" in sentence({**row, "facts": facts}, TOWN, "en")
    assert "天气原因" in sentence({**row, "facts": facts}, TOWN, "zh")


def test_a_late_entry_is_told_with_its_true_time():
    [fold] = folded([("a", "case.reported", 0, 0)])[:1]
    for true_at, en, zh in (
        (None, "(entered afterwards)", "（补录）"),
        (fold.event.at - timedelta(hours=2), "(entered afterwards, happened 2026-03-02 14:00)", "（补录，实际时间 2026-03-02 14:00）"),
    ):
        late = fold.event.model_copy(update={"late": True, "true_at": true_at})
        [row] = projected(timeline, [Fold(fold.before, late, fold.after, 0, 0)], TOWN).values()
        assert sentence(row, TOWN, "en").endswith(en)
        assert sentence(row, TOWN, "zh").endswith(zh)
        assert [happening.true_at for happening in happenings([row], TOWN, "en")] == [true_at]


def test_a_call_that_nobody_answered_says_nothing_of_the_result():
    row = {"type": "callback.recorded", "effective": True, "facts": {"reached": False, "comment": ""}}
    assert sentence(row, TOWN, "en") == "Called back, but not reached."
    said = {**row, "facts": {"reached": True, "solved": True, "satisfied": False, "comment": "Slow"}}
    assert sentence(said, TOWN, "en") == "Called back and reached: solved, not satisfied. Slow"


def test_the_token_of_a_reporter_stays_out_of_the_timeline():
    [reported, _] = folded([("a", "case.reported", 0, 0)])
    event = reported.event.model_copy(update={"reporter": "secret"})
    [row] = projected(timeline, [Fold(reported.before, event, reported.after, 0, 0)], TOWN).values()
    assert "secret" not in str(row)


@pytest.mark.parametrize(("by", "role"), [("W-1", "unit worker"), ("resident", "resident"), ("8c1f", "staff")])
def test_who_spoke_is_a_role(by: str, role: str):
    assert who(by, TOWN, "en") == role
    assert HAN.search(who(by, TOWN, "zh"))


@pytest.mark.parametrize(("seconds", "en"), [(None, "—"), (0.4, "0 s"), (59, "59 s"), (90, "1.5 min"), (7200, "2 h"), (100_000, "1.2 d")])
def test_lengths_of_time_are_said_in_the_unit_that_fits(seconds: float | None, en: str):
    assert how_long(seconds, "en") == en


def test_what_a_person_gives_as_a_reason_is_told_whole():
    row = {"type": "case.withdrawn", "effective": True, "facts": {"reason": "灯好了 / it is fine"}}
    assert sentence({**row, "by": "resident"}, TOWN, "en") == "Withdrawn: 灯好了 / it is fine"
    assert sentence({**row, "by": "triage"}, TOWN, "en") == "Withdrawn: it is fine"
    assert sentence({**row, "by": "W-1", "late": True}, TOWN, "en") == "Withdrawn: it is fine (entered afterwards)"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("nearest of 3, 20 m away / 3人中最近，距离20米", "3人中最近，距离20米", "nearest of 3, 20 m away"),
        ("同类问题，相距 20 米 / the same type, 20 m away", "同类问题，相距 20 米", "the same type, 20 m away"),
        ("依据“煤气”，模型判断 / by “煤气”, as the model reads it", "依据“煤气”，模型判断", "by “煤气”, as the model reads it"),
        ("两头 / 都坏", "两头 / 都坏", "两头 / 都坏"),
        ("left / right", "left / right", "left / right"),
        ("灯坏 / dark / 黑", "灯坏 / dark / 黑", "灯坏 / dark / 黑"),
    ],
)
def test_a_reason_in_both_languages_is_told_in_the_readers_and_any_other_as_it_is(text: str, zh: str, en: str):
    assert (in_one(text, "zh"), in_one(text, "en")) == (zh, en)
