"""What people may do with a result, and what they are refused."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.closure.actions import publish, rate, reopen, rework, verify
from services.closure.requests import Check, Publication, Rating, Reopening
from shared.case import Case, Refused, Status, evolve
from shared.events import CaseClosed, ResolutionRejected, ResolutionVerified
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, said, triaged

SEEN = Check(reason="looked at it")
GOOD = Rating(solved=True, score=5)
BAD = Rating(solved=False, score=1)
AGAIN = Reopening(reason="It is broken again")
TOLD = Publication(text="A cover was replaced.")
DAY = timedelta(days=1)


def completed(code: str = "cover") -> Case:
    done = {"status": Status.COMPLETED, "assignee": "drain-1", "completed_at": NOON, "outcome": "Replaced."}
    return triaged(code).model_copy(update=done)


def closed(code: str = "cover") -> Case:
    case = completed(code)
    return evolve(case, CaseClosed.of(case, at=NOON, by="closure", outcome=case.outcome))


def test_somebody_other_than_the_handler_confirms_the_result():
    fact = verify(completed(), SEEN, said("grid-1"), CITY)
    assert isinstance(fact, ResolutionVerified)
    assert evolve(completed(), fact).verified


def test_somebody_other_than_the_handler_sends_it_back():
    fact = rework(completed(), SEEN, said("grid-1"), CITY)
    assert isinstance(fact, ResolutionRejected)
    assert evolve(completed(), fact).status is Status.ACCEPTED


@pytest.mark.parametrize("act", [verify, rework])
@pytest.mark.parametrize(("who", "why"), [("drain-1", "other than the handler"), ("resident", "no member of staff")])
def test_a_check_by_the_handler_or_by_nobody_of_the_city_is_refused(act, who, why):
    with pytest.raises(Refused, match=why):
        act(completed(), SEEN, said(who), CITY)


def test_only_a_completed_case_is_checked_and_only_once():
    for act in (verify, rework):
        with pytest.raises(Refused, match="Only a completed case"):
            act(closed(), SEEN, said("grid-1"), CITY)
    confirmed = evolve(completed(), verify(completed(), SEEN, said("grid-1"), CITY))
    with pytest.raises(Refused, match="already"):
        verify(confirmed, SEEN, said("grid-2"), CITY)


@pytest.mark.parametrize("case", [completed(), closed()], ids=["completed", "closed"])
def test_a_resident_rates_a_result_once(case):
    fact = rate(case, BAD, said("resident-7"), CITY)
    assert (fact.solved, fact.score, fact.closing) == (False, 1, case.closings)
    after = evolve(case, fact)
    assert after.unsolved
    with pytest.raises(Refused, match="already"):
        rate(after, GOOD, said("resident-7"), CITY)
    assert rate(after, GOOD, said("resident-8"), CITY).solved


def test_the_same_rating_said_again_is_the_same_fact():
    case = evolve(closed(), rate(closed(), BAD, said("resident-7"), CITY))
    assert rate(case, BAD, said("resident-7"), CITY).id in case.ids


def test_a_rating_said_again_after_it_sent_the_case_back_is_still_the_same_fact():
    case = evolve(completed(), rate(completed(), BAD, said("resident-7"), CITY))
    back = evolve(case, rework(case, SEEN, said("grid-1"), CITY))
    assert rate(back, BAD, said("resident-7"), CITY).id in case.ids
    with pytest.raises(Refused, match="completed or closed"):
        rate(back, GOOD, said("resident-7"), CITY)


def test_after_rework_the_new_result_is_rated_anew():
    case = evolve(completed(), rate(completed(), BAD, said("resident-7"), CITY))
    later = case.model_copy(update={"completed_at": NOON + DAY})
    for words in (GOOD, BAD):
        assert rate(later, words, said("resident-7"), CITY).id not in case.ids


def test_nobody_rates_their_own_work_or_what_is_not_done():
    with pytest.raises(Refused, match="their own work"):
        rate(completed(), GOOD, said("drain-1"), CITY)
    with pytest.raises(Refused, match="completed or closed"):
        rate(triaged(), GOOD, said("resident"), CITY)


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_is_from_one_to_five(score):
    with pytest.raises(ValidationError):
        Rating(solved=True, score=score)


def test_the_longest_names_still_make_an_id():
    assert len(rate(closed(), GOOD, said("r" * 200), CITY).id) <= 200


@pytest.mark.parametrize("who", ["resident", "operator-1", "duty-1"])
def test_the_reporter_or_an_operator_reopens_a_closed_case(who):
    fact = reopen(closed(), AGAIN, said(who, NOON + DAY), CITY)
    assert (fact.respond_by, fact.resolve_by) == (NOON + 2 * DAY, NOON + DAY + 2 * HOUR)
    assert evolve(closed(), fact).status is Status.TRIAGED


def test_reopening_is_refused_with_the_reason():
    with pytest.raises(Refused, match="Only a closed case"):
        reopen(completed(), AGAIN, said("resident"), CITY)
    with pytest.raises(Refused, match="Only the reporter or an operator"):
        reopen(closed(), AGAIN, said("drain-2"), CITY)
    with pytest.raises(Refused, match="for 14 days"):
        reopen(closed(), AGAIN, said("resident", NOON + 14 * DAY), CITY)
    with pytest.raises(Refused, match="as often as is allowed"):
        reopen(closed().model_copy(update={"reopenings": 3}), AGAIN, said("resident"), CITY)


def test_an_operator_words_the_publication():
    fact = publish(closed(), TOLD, said("operator-1"), CITY)
    assert (fact.text, fact.closing, evolve(closed(), fact).published) == ("A cover was replaced.", 1, 1)


def test_publication_is_refused_with_the_reason():
    with pytest.raises(Refused, match="confidential"):
        publish(closed("visit"), TOLD, said("operator-1"), CITY)
    with pytest.raises(Refused, match="closed case"):
        publish(completed(), TOLD, said("operator-1"), CITY)
    with pytest.raises(Refused, match="Only an operator"):
        publish(closed(), TOLD, said("drain-1"), CITY)
    done = evolve(closed(), publish(closed(), TOLD, said("operator-1"), CITY))
    with pytest.raises(Refused, match="already"):
        publish(done, TOLD, said("operator-1"), CITY)
