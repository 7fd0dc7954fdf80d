"""Photos of a case as the console tells them from rows of its timeline."""

from typing import Any

from services.console.photos import photos_of
from shared.photos_links import Links, named

LINKS = Links("https://photos.example.org", "s" * 32)
NAME = named(bytes(16))
NOW = 1_772_400_000.0


def row(type: str, *media: str, effective: bool = True, true_at: str | None = None) -> dict[str, Any]:
    at = {"at": "2026-03-02T08:00:00+00:00", "true_at": true_at}
    return {"type": type, "effective": effective, "by": "grid-worker-01", "facts": {"media": list(media)}, **at}


def test_results_stand_beside_what_was_before_in_the_order_of_the_log():
    rows = [
        row("case.reported", NAME),
        row("work.completed", NAME),
        row("note.added", "https://example.org/1.jpg"),
        row("case.supplemented"),
    ]
    found = photos_of(rows, LINKS, NOW)
    assert [(one.name, one.step) for one in found.before] == [(NAME, "report"), ("https://example.org/1.jpg", "on_site")]
    assert [(one.name, one.step, one.by) for one in found.after] == [(NAME, "result", "grid-worker-01")]


def test_photos_of_ours_have_links_that_work_for_a_while():
    [one] = photos_of([row("case.reported", NAME)], LINKS, NOW).before
    assert (one.url, one.thumb) == (LINKS.photo(NAME, NOW), LINKS.thumb(NAME, NOW))


def test_what_others_keep_has_the_address_that_they_gave_and_nothing_that_runs():
    rows = [row("work.completed", "https://example.org/1.jpg", "record:101", "javascript:alert(1)")]
    assert [(one.url, one.thumb) for one in photos_of(rows, LINKS, NOW).after] == [
        ("https://example.org/1.jpg",) * 2,
        (None, None),
        (None, None),
    ]


def test_what_had_no_effect_or_was_written_before_there_were_photos_shows_none():
    old = {**row("case.reported"), "facts": {"text": "?"}}
    assert photos_of([old, row("work.completed", NAME, effective=False)], LINKS, NOW).model_dump() == {"before": (), "after": ()}


def test_a_late_entry_shows_when_it_really_was():
    [one] = photos_of([row("work.completed", NAME, true_at="2026-03-02T07:00:00+00:00")], LINKS, NOW).after
    assert one.at.hour == 7
