"""What people do with a case, each as a function of the case, of who says it and when, and of the city."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.closure import actions as checks
from services.closure.requests import Callback, Check, Decision, Publication, Rating, Remedy, Reopening
from services.dispatch import actions as handling
from services.dispatch import late, returning, steering
from services.dispatch.requests import Assignment, Completion, Contact, Extension, Handled, Note, Pause, Refusal, Ruling, Transfer
from services.triage import actions as placing
from services.triage.actions import Correction
from shared.case import Case
from shared.city import City
from shared.events import AnyEvent, CaseJoined, CaseMerged, CaseRejected, CaseWithdrawn, Said
from tests.unit.dispatch.small_city import NOON

Act = Callable[[Case, Said, City], AnyEvent | list[AnyEvent]]


def deadline(case: Case) -> datetime:
    return (case.resolve_by or case.last_at) + timedelta(hours=5)


INSIST = Assignment(person="drain-1", reason="yours", force=True, insist=True)


def handled(now: datetime) -> Handled:
    return Handled(started_at=now - timedelta(hours=2), completed_at=now, outcome="done", media=("photo",))


ACTS: dict[str, Act] = {
    "accept": lambda case, how, city: handling.accept(case, None, how, city),
    "decline": lambda case, how, city: handling.decline(case, Refusal(reason="no"), how, city),
    "start": lambda case, how, city: handling.start(case, None, how, city),
    "pause": lambda case, how, city: handling.pause(case, Pause(reason="weather", approved_by="leader-2"), how, city),
    "resume": lambda case, how, city: handling.resume(case, None, how, city),
    "complete": lambda case, how, city: handling.complete(case, Completion(outcome="done", media=("photo",)), how, city),
    "contact": lambda case, how, city: handling.contact(case, Contact(how="phone", text="we come"), how, city),
    "explain": lambda case, how, city: handling.explain(case, Note(text="parts"), how, city),
    "return": lambda case, how, city: returning.give_back(case, Refusal(reason="theirs"), how, city),
    "insist": lambda case, how, city: steering.assign(case, INSIST, how, city),
    "appeal": lambda case, how, city: returning.appeal(case, Refusal(reason="theirs"), how, city),
    "uphold": lambda case, how, city: returning.rule(case, Ruling(upheld=True, department="gas", reason="theirs"), how, city),
    "dismiss": lambda case, how, city: returning.rule(case, Ruling(upheld=False, reason="yours"), how, city),
    "record": lambda case, how, city: late.record(case, handled(how["at"]), how, city),
    "call back": lambda case, how, city: checks.call_back(case, Callback(reached=True, solved=False), how, city),
    "call in vain": lambda case, how, city: checks.call_back(case, Callback(reached=False), how, city),
    "decide": lambda case, how, city: checks.decide_objection(case, Decision(reason="it stays"), how, city),
    "remedy": lambda case, how, city: checks.remedy(case, Remedy(text="anew", handler="gas", remedy_by=how["at"]), how, city),
    "note": lambda case, how, city: handling.note(case, Note(text="hm"), how, city),
    "assign": lambda case, how, city: steering.assign(case, Assignment(person="drain-2", reason="go", force=True), how, city),
    "transfer": lambda case, how, city: steering.transfer(case, Transfer(department="gas", reason="theirs"), how, city),
    "hide": lambda case, how, city: steering.transfer(case, Transfer(department="empty", reason="theirs"), how, city),
    "extend": lambda case, how, city: steering.extend(
        case, Extension(resolve_by=deadline(case), reason="part", approved_by="leader-2"), how, city
    ),
    "verify": lambda case, how, city: checks.verify(case, Check(reason="seen"), how, city),
    "rework": lambda case, how, city: checks.rework(case, Check(reason="bad"), how, city),
    "object": lambda case, how, city: checks.rate(case, Rating(solved=False, score=1, comment=how["id"]), how, city),
    "praise": lambda case, how, city: checks.rate(case, Rating(solved=True, score=5, comment=how["id"]), how, city),
    "reopen": lambda case, how, city: checks.reopen(case, Reopening(reason="again"), how, city),
    "publish": lambda case, how, city: checks.publish(case, Publication(text="done"), how, city),
    "reclassify": lambda case, how, city: placing.reclassify(case, Correction(category="puddle", reason="a puddle"), how, city),
    "worsen": lambda case, how, city: placing.reclassify(case, Correction(category="leak", reason="it smells"), how, city),
    "reject": lambda case, how, city: CaseRejected.of(case, **how, reason="no"),
    "withdraw": lambda case, how, city: CaseWithdrawn.of(case, **how, reason="no"),
    "merge": lambda case, how, city: CaseMerged.of(case, **how, into="a0", into_reported_at=NOON - timedelta(hours=1), reason="same"),
    "join": lambda case, how, city: CaseJoined.of(case, id=f"{how['id']}/joined", at=how["at"], by="triage", follower=how["id"]),
}
