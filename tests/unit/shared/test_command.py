"""What happens to the words of a command before they enter the log."""

from datetime import UTC, datetime

import pytest

from shared.command import FREE_TEXTS, without_personal_data
from shared.events import EVENT_TYPES, AssignmentDeclined, CaseRated, NoteAdded

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_contact_data_in_what_staff_and_residents_write_stays_out_of_the_log():
    note = NoteAdded(id="n", case_id="c", at=NOON, by="operator-1", text="请打 13800001234 找住户")
    assert without_personal_data(note, "zh").text == "请打 [电话] 找住户"
    declined = AssignmentDeclined(id="d", case_id="c", on=3, at=NOON, by="worker-1", reason="mail me at worker@example.org")
    assert without_personal_data(declined, "en").reason == "mail me at [mail]"
    rating = CaseRated(id="r", case_id="c", at=NOON, by="resident", solved=True, score=5, comment="510101199001011234", closing=1)
    assert without_personal_data(rating, "zh").comment == "[身份证]"


def test_a_text_without_contact_data_stays_as_it_is():
    note = NoteAdded(id="n", case_id="c", at=NOON, by="operator-1", text="room 1203, 3 lamps")
    assert without_personal_data(note, "en") == note


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_long_text_of_an_event_is_masked(kind):
    long = {
        name for name, field in EVENT_TYPES[kind].model_fields.items() if any(getattr(m, "max_length", 0) > 1000 for m in field.metadata)
    }
    assert long <= set(FREE_TEXTS)
