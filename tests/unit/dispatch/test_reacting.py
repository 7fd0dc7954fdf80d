"""What handlers owe besides the work: the first contact with the resident, a reaction to a reminder, a photo of the result."""

import pytest

from services.dispatch.actions import complete, contact, explain
from services.dispatch.requests import Completion, Contact, Note
from shared.case import Refused, Status, evolve
from shared.events import Said
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, said, small_city
from tests.unit.dispatch.test_actions import DONE, accepted

CALL = Contact(how="phone", text="we come this afternoon")


def test_the_first_contact_with_the_resident_is_remembered():
    case = evolve(accepted(), contact(accepted(), CALL, said("drain-1", NOON + HOUR), CITY))
    assert case.contacted_at == NOON + HOUR
    again = evolve(case, contact(case, CALL, said("operator-1", NOON + 2 * HOUR), CITY))
    assert again.contacted_at == NOON + HOUR


def test_a_contact_that_was_earlier_than_the_first_known_one_becomes_the_first_when_it_is_entered():
    case = evolve(accepted(), contact(accepted(), CALL, said("drain-1", NOON + HOUR), CITY))
    entry = Said(id="late-call", at=NOON + HOUR / 2, by="drain-1", late=True)
    assert evolve(case, contact(case, CALL, entry, CITY)).contacted_at == NOON + HOUR / 2


def test_a_contact_entered_late_counts_when_it_was():
    case = accepted(at=NOON)
    entry = Said(id="late-call", at=NOON - HOUR, by="drain-1", late=True)
    assert evolve(case, contact(case, CALL, entry, CITY)).contacted_at == NOON - HOUR


def test_only_staff_record_a_contact_and_only_while_the_case_is_open():
    with pytest.raises(Refused, match="no member of staff"):
        contact(accepted(), CALL, said("resident"), CITY)
    with pytest.raises(Refused, match="call back instead"):
        contact(accepted().model_copy(update={"status": Status.CLOSED}), CALL, said("drain-1"), CITY)


def test_only_what_waits_for_a_reaction_is_explained_and_only_by_staff():
    with pytest.raises(Refused, match="No reminder waits"):
        explain(accepted(), Note(text="parts"), said("drain-1"), CITY)
    waiting = accepted().model_copy(update={"awaits": NOON})
    with pytest.raises(Refused, match="no member of staff"):
        explain(waiting, Note(text="parts"), said("resident"), CITY)
    assert evolve(waiting, explain(waiting, Note(text="parts"), said("drain-1"), CITY)).awaits is None


def test_where_a_photo_of_the_result_is_demanded_nothing_is_completed_without_one():
    cover = CITY.categories["cover"].model_copy(update={"result_photo": True})
    city = small_city(categories={**CITY.categories, "cover": cover})
    with pytest.raises(Refused, match="photo of the result"):
        complete(accepted(), Completion(outcome="Replaced."), said("drain-1"), city)
    [fact] = complete(accepted(), DONE, said("drain-1"), city)
    assert evolve(accepted(), fact).photos == 1
