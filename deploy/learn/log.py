"""From our own log to judged messages: the folded cases, with what they were when they were closed.

The text is the report's. The code is the last one that a person gave it, or the one that nobody corrected until the case was closed;
condition and grade likewise. A message is no report if a person rejected it for saying nothing to act on, by the words of the reason,
before anything had classified it, and it came by chat: a later rejection, or that of a form, says that a report was unfounded and not that
it was none.

Left out: what is not closed, what was merged, withdrawn or rejected otherwise, texts that stand there already, and what is confidential or
was so at any time: from such texts nothing is ever learned.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from deploy.learn.text_rows import Row
from services.triage.model.assess import NO_REPORT
from shared.case import Case, Status, evolve, unknown
from shared.city import City
from shared.events import OWNERS, AnyEvent, CaseReclassified, CaseRejected, CaseTriaged, VerificationRequested, decode
from shared.stamps import stamp

SERVICES = frozenset(OWNERS.values())
CHAT = "chat"
NOTHING_SAID = re.compile(
    r"(不是|不属于?|并非|非|没有|无)(具体|有效|任何)?(诉求|问题|报告|上报|反映|事项)|闲聊|问候|咨询|广告|测试|误发"
    r"|\b(not?|isn't) (a |an )?(report|complaint|request)\b|\bnothing to\b|\b(greeting|small talk|question|advert\w*|spam|test|joke)\b",
    re.IGNORECASE,
)


@dataclass
class Cases:
    """Cases while they are folded, and what the case of the end does not tell any more."""

    folded: dict[str, Case] = field(default_factory=dict)
    confidential: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)  # rejected by a person, unclassified, as saying nothing
    unread: int = 0  # messages that are no events

    def take(self, message: bytes | None) -> None:
        """Fold one message of the log; in the log are also some that no service could read."""
        try:
            event = decode(message or b"")
        except ValidationError:
            self.unread += 1
        else:
            self.fold(event)

    def fold(self, event: AnyEvent) -> None:
        before = self.folded.get(event.case_id) or unknown(event.case_id)
        after = self.folded[event.case_id] = evolve(before, event)
        if after is before:
            return
        match event:
            case CaseTriaged() | CaseReclassified() | VerificationRequested() if event.classification.confidential:
                self.confidential.add(event.case_id)
            case CaseRejected() if nothing_said(before, event):
                self.empty.add(event.case_id)


def nothing_said(case: Case, event: CaseRejected) -> bool:
    """Whether a person decided that a message was none for the city to read at all."""
    unclassified = case.classification is None and case.verifier is None
    return event.by not in SERVICES and unclassified and case.channel == CHAT and NOTHING_SAID.search(event.reason) is not None


def rows_of(cases: Cases, city: City) -> list[Row]:
    """Return what can be learned from the cases."""
    public = (case for case in cases.folded.values() if case.id not in cases.confidential and not secret(case, city))
    return [row for case in public if (row := row_of(case, case.id in cases.empty))]


def once(rows: Iterable[Row]) -> list[Row]:
    """Return the rows in order of time, each text once, as it was judged first."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.text)):
        found.setdefault(row.text.strip(), row)
    return list(found.values())


def row_of(case: Case, empty: bool) -> Row | None:
    at, what = stamp(case.reported_at), case.classification
    if not case.text.strip():
        return None
    if case.status is Status.REJECTED and empty:
        return Row(text=case.text, code=NO_REPORT, right=frozenset({NO_REPORT}), condition="", grade=None, at=at)
    if case.status is not Status.CLOSED or what is None:
        return None
    return Row(text=case.text, code=what.category, right=frozenset({what.category}), condition=what.condition, grade=what.grade, at=at)


def secret(case: Case, city: City) -> bool:
    """Whether the city keeps what the case is, or what its reporter called it, to itself by today's rules."""
    codes = (case.wish, case.classification.category if case.classification else None)
    return any(code in city.categories and city.categories[code].confidential for code in codes if code)
