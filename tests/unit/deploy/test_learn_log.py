"""Learning from our own log: which cases become judged messages, and what is never learned from."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.learn.command import city_of, of_file
from deploy.learn.log import Cases, once, rows_of
from deploy.learn.log_source import rows_of_file
from deploy.learn.text import from_log, learn
from deploy.learn.text_rows import Row
from deploy.refusal import CannotDo
from deploy.running import tell
from services.triage.classify import classify
from services.triage.model.assess import NO_REPORT
from shared.case import Case
from shared.events import (
    CaseClosed,
    CaseMerged,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseReported,
    CaseTriaged,
    CaseWithdrawn,
    Change,
    Classification,
    encode,
)
from shared.terms import Grade
from tests.unit.triage.town import NOON, TOWN

QUIET = Console(file=StringIO())


def what(code: str, condition: str | None = None, grade: Grade | None = None) -> Classification:
    category = TOWN.categories[code]
    key = condition or category.conditions[0].key
    return classify(Case(id="any"), category, key, TOWN, reported_at=NOON, filed_at=NOON, grade=grade)


class Told(Cases):
    """Cases to which facts are told one after the other, as the log has them; `closed` tells all that leads to a closing."""

    def say(self, id: str, kind: type[Change], by: str = "O-1", at: datetime = NOON, **fields: Any) -> None:
        event: Any = kind.of(self.folded.get(id, Case(id=id)), at=at, by=by, **fields)
        self.fold(event)

    def report(self, id: str, text: str = "路灯不亮", at: datetime = NOON, channel: str = "web", category: str | None = None) -> None:
        self.say(id, CaseReported, by="intake", at=at, number=f"N-{id}", text=text, channel=channel, category=category)

    def triage(self, id: str, code: str = "lamp") -> None:
        self.say(id, CaseTriaged, by="triage", classification=what(code), reason="words")

    def finish(self, id: str) -> None:
        self.folded[id] = self.folded[id].model_copy(update={"status": "completed", "completed_at": NOON})
        self.say(id, CaseClosed, by="closure", outcome="done")


def learned(cases: Cases) -> list[Row]:
    return once(rows_of(cases, TOWN))


def test_what_was_closed_uncorrected_has_the_code_that_triage_gave_it():
    cases = Told()
    cases.report("a", at=NOON + timedelta(hours=1))
    cases.triage("a")
    cases.finish("a")
    [row] = learned(cases)
    assert (row.text, row.code, row.condition, row.grade) == ("路灯不亮", "lamp", "out", Grade.NORMAL)


def test_the_last_correction_counts_with_its_condition_and_grade():
    cases = Told()
    cases.report("a", text="hissing under the cover")
    cases.triage("a", "cover")
    cases.say("a", CaseReclassified, classification=what("lamp", "wire"), reason="seen")
    cases.say("a", CaseReclassified, classification=what("gas"), reason="it is gas")
    cases.finish("a")
    [row] = learned(cases)
    assert (row.code, row.condition, row.emergency) == ("gas", "leak", True)


def test_open_merged_withdrawn_and_reopened_cases_teach_nothing():
    cases = Told()
    for nth, id in enumerate(("open", "merged", "withdrawn", "reopened", "done")):
        cases.report(id, text=f"the lamp is out, number {nth}", at=NOON + timedelta(minutes=nth))
        cases.triage(id)
    cases.say("merged", CaseMerged, into="open", into_reported_at=NOON, reason="the same")
    cases.say("withdrawn", CaseWithdrawn, reason="by mistake")
    cases.finish("reopened")
    cases.say("reopened", CaseReopened, reason="not solved", respond_by=NOON, resolve_by=NOON)
    cases.finish("done")
    assert [row.text for row in learned(cases)] == ["the lamp is out, number 4"]


def test_from_a_case_that_was_ever_confidential_nothing_is_learned():
    cases = Told()
    for id, first, last in (("now", "lamp", "elder"), ("before", "elder", "lamp")):
        cases.report(id, text=f"not seen {id}")
        cases.triage(id, first)
        cases.say(id, CaseReclassified, classification=what(last), reason="seen")
        cases.finish(id)
    cases.report("chosen", text="something at home", category="elder")
    cases.triage("chosen")
    cases.finish("chosen")
    assert {case.status for case in cases.folded.values()} == {"closed"}
    assert learned(cases) == []


@pytest.mark.parametrize(
    ("reason", "channel", "by", "none"),
    [
        ("内容不是问题反映，感谢您的来信", "chat", "O-1", True),
        ("This is not a report; thank you for writing", "chat", "O-1", True),
        ("Nothing to deal with in this message", "chat", "O-1", True),
        ("This is not a report", "web", "O-1", False),
        ("This is not a report", "chat", "triage", False),
        ("不属于本市管辖", "chat", "O-1", False),
        ("Outside the city: please write to your own", "chat", "O-1", False),
    ],
)
def test_no_report_is_a_chat_that_a_person_rejected_as_saying_nothing(reason: str, channel: str, by: str, none: bool):
    cases = Told()
    cases.report("a", text="你们几点下班", channel=channel)
    cases.say("a", CaseRejected, by=by, reason=reason)
    assert [row.code for row in learned(cases)] == ([NO_REPORT] if none else [])


def test_what_was_rejected_after_it_was_classified_is_an_unfounded_report_not_none():
    cases = Told()
    cases.report("a", channel="chat")
    cases.triage("a")
    cases.say("a", CaseRejected, reason="This is not a report")
    assert cases.folded["a"].status == "rejected"
    assert learned(cases) == []


def test_rows_stand_in_order_of_reporting_and_a_text_counts_once():
    cases = Told()
    for id, text, hours in (("a", "late", 5), ("b", "early", 1), ("c", "late ", 2), ("d", " ", 3)):
        cases.report(id, text=text, at=NOON + timedelta(hours=hours))
        cases.triage(id)
        cases.finish(id)
    assert [row.text for row in learned(cases)] == ["early", "late "]


def test_a_file_of_events_is_read_line_by_line_and_other_lines_are_counted(tmp_path: Path):
    file = tmp_path / "log.ndjson"
    report = CaseReported.of(Case(id="a"), at=NOON, by="intake", number="N", text="你好", channel="chat")
    reject = CaseRejected.of(Case(id="a", version=1, last_at=NOON), at=NOON, by="O-1", reason="问候")
    file.write_bytes(b"\n".join([encode(report), b"", b"{broken", encode(report), encode(reject)]))
    shown = StringIO()
    [row] = rows_of_file(file, TOWN, Console(file=shown))
    assert (row.text, row.code) == ("你好", NO_REPORT)
    assert "1 cases, and 1 messages that are no events" in shown.getvalue()


def test_too_few_cases_are_refused_with_how_many_there_are_and_are_needed():
    rows = [Row(text=f"text {nth}", code="lamp", right=frozenset({"lamp"}), condition="", grade=None, at=str(nth)) for nth in range(30)]
    with pytest.raises(CannotDo, match=r"has 30 closed cases .* 200 are needed"):
        from_log(rows, TOWN, Path("nowhere"), QUIET)


def test_no_text_of_the_corpus_is_compared_on():
    rows = [Row(text=f"text {nth}", code="lamp", right=frozenset({"lamp"}), condition="", grade=None, at=str(nth)) for nth in range(5)]
    with pytest.raises(CannotDo, match="in the city's corpus"):
        learn(rows, TOWN, QUIET, corpus=rows)


def test_the_log_is_learned_for_the_city_of_the_system_that_runs(tmp_path: Path):
    assert city_of("log", tmp_path) == "demo"
    tell(tmp_path, {"GRIDCASE_CITY": "boston"}, {})
    assert (city_of("log", tmp_path), city_of("file.csv", tmp_path)) == ("boston", "demo")


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(CannotDo, match="There is no file"):
        of_file(tmp_path / "none.csv", "demo", QUIET)
    assert CliRunner().invoke(app, ["learn", str(tmp_path / "none.csv")]).exit_code == 1
