"""What the tools say about topics, dead letters, copies and the state of a system."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.copies import finding
from deploy.dead import Letter, find, shown, table
from deploy.live import Counts, Line, Status, plain
from deploy.live import table as status_table
from deploy.refusal import CannotDo
from deploy.supervisor import State
from deploy.topics import WrongPartitions, check_partitions
from shared.settings import Settings

HEADERS = {"partition": "3", "offset": "36", "step": "decode", "service": "intake", "reason": "Invalid JSON\n  at line 1", "code": "0.1.0"}
LETTER = Letter(offset=7, at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC), key="路灯".encode(), value=b'{"a":[1]}', headers=HEADERS)


def seen(what: object) -> str:
    """Return what a terminal of 200 columns shows."""
    screen = StringIO()
    Console(width=200, file=screen).print(what)
    return screen.getvalue()


def test_a_topic_with_another_number_of_partitions_is_refused_with_the_way_out():
    check_partitions(Settings(partitions=12), 12)
    with pytest.raises(WrongPartitions, match="GRIDCASE_PARTITIONS=6"):
        check_partitions(Settings(partitions=12), 6)


def test_dead_letters_are_listed_with_where_they_stood_and_why():
    [_, line, *rest] = seen(table([LETTER])).splitlines()
    assert line.split() == ["7", "2026-05-04", "03:02:01", "3/36", "decode", "intake", "路灯", "Invalid", "JSON"]
    assert not "".join(rest).strip()


def test_a_dead_letter_is_shown_whole():
    text = shown(LETTER)
    assert "header reason: Invalid JSON\n  at line 1" in text
    assert text.endswith('{\n  "a": [\n    1\n  ]\n}')


@pytest.mark.parametrize(("value", "text"), [(None, "(empty)"), (b"", "(empty)"), (b"no json", "no json"), (b"\xff{", "\\xff{")])
def test_a_value_that_is_no_json_is_shown_as_it_is(value: bytes | None, text: str):
    assert shown(LETTER.model_copy(update={"value": value})).endswith(f"\n\n{text}")


def test_a_letter_without_key_or_headers_can_be_listed_and_shown():
    bare = Letter(offset=0, at=LETTER.at, key=None, value=None, headers={})
    assert "(none)" in seen(table([bare]))
    assert "key: (none)" in shown(bare)


def test_a_dead_letter_that_is_not_there_is_said_to_be_absent():
    assert find([LETTER], 7) is LETTER
    with pytest.raises(CannotDo, match="no dead letter 8"):
        find([LETTER], 8)


def test_two_equal_copies_have_one_hash_whatever_the_order_of_their_rows():
    one, other = {"a": b"1", "b": b"2"}, {"b": b"2", "a": b"1"}
    assert finding("cases", one, other).same
    assert finding("cases", one, other).hash == finding("cases", other, one).hash


def test_rows_that_differ_or_are_missing_are_named():
    found = finding("totals", {"a": b"1", "b": b"2"}, {"b": b"3", "c": b"4"})
    assert not found.same
    assert str(found) == "  totals: 3 of 3 rows differ: a, b, c"


def test_many_differing_rows_are_not_all_named():
    assert str(finding("totals", {str(n): b"1" for n in range(9)}, {})).endswith("differ: 0, 1, 2, 3, 4, ...")


STATUS = Status(
    [Line("broker", State.RUNNING, 11, 9092, 380_000_000, 1, None), Line("triage", State.GONE, None, 8002, None, 9, None)],
    Counts(reported=1200, open=200, closed=1000),
)


def test_the_status_shows_each_process_and_the_counts():
    text = seen(status_table(STATUS, "Ctrl-C stops everything."))
    assert [line.split() for line in text.splitlines()[2:4]] == [
        ["broker", "running", "11", "9092", "380", "MB", "1"],
        ["triage", "gave", "up", "8002", "9"],
    ]
    assert "1,200 reports, 200 open, 1,000 closed" in text


def test_a_log_gets_the_status_in_one_line():
    assert plain(STATUS) == "1,200 reports, 200 open, 1,000 closed; lag 0; 380 MB; triage gave up"
    assert plain(Status([], None)).startswith("The console does not tell its totals")


def test_resend_wants_an_offset_or_all_of_them():
    for words in (["dead", "resend"], ["dead", "resend", "3", "--all"]):
        assert CliRunner().invoke(app, words).exit_code == 2


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["topics", "--help"], ["rebuild", "--help"], ["dead", "--help"]])
def test_every_command_has_help(words: list[str]):
    assert CliRunner().invoke(app, words).exit_code == 0
