"""The feed of the desk over HTTP: who sees what, what is on record, and what is not told before it is known."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI

from services.console.desk.answers import ChangesAnswer, RowsAnswer, WordsAnswer
from services.console.desk.feed import Feed
from services.console.desk.routes import desk
from services.console.desk.serving import Desk
from services.console.desk.vocabulary import DUE, WAITS
from services.console.desk.waiting import Waits
from shared.access import Caller
from shared.asked import admission_of
from shared.case import Case, Status
from shared.gate import Admission
from shared.problems import install
from shared.stream import Away
from tests.unit.console.desk_board import CALLERS, CITY, ROW
from tests.unit.console.histories import HOUR, MONDAY, classification
from tests.unit.console.rows import entry
from tests.unit.console.stats_town import PLACES
from tests.unit.console.test_stats_copy import Rows

OPERATOR, NAMED, WORKS = CALLERS[:3]
FILED: dict[str, Any] = {"status": Status.WORKING, "reported_at": MONDAY, "number": "38204719963", "text": "路灯不亮"}
OPEN = Case(id="open", classification=classification(), department="works", **FILED)
FIRE = Case(id="fire", classification=classification(1), department="fire", **FILED)
SEALED = Case(id="sealed", classification=classification(4), department="works", **FILED)
HERE = PLACES.model_copy(update={"confidential_to": CITY.confidential_to})


class Served:
    """The routes on a board with three cases; `looks` are what was recorded."""

    def __init__(self, caller: Caller = OPERATOR, loaded: bool = True) -> None:
        self.api, self.looks, self.away = FastAPI(), list[str](), False
        self.api.dependency_overrides[admission_of] = lambda: Admission(caller, ROW, "GET /desk/rows")
        install(self.api)
        self.api.include_router(desk)
        self.city, self.now = HERE, MONDAY
        log = SimpleNamespace(note_looks=self.note)
        service = SimpleNamespace(name="console")
        self.api.state.process = process = SimpleNamespace(city=self.city, now=lambda: self.now, log=log, service=service)
        feed = Feed(Rows([]), lambda: process.city, process.now, as_of=MONDAY if loaded else None)
        self.desk = self.api.state.desk = Desk(feed, poll_seconds=0.05)
        self.put(OPEN, FIRE, SEALED)

    async def note(self, looks: Sequence[tuple[str, bytes]]) -> None:
        if self.away:
            raise Away("the topic of looks is away")
        self.looks += [case for case, _ in looks]

    def put(self, *cases: Case) -> None:
        self.desk.board.put([entry(case, self.city) for case in cases])
        self.desk.board.publish()

    async def ask(self, path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.api), base_url="http://console") as client:
            return await client.get(path, headers={"Accept-Encoding": "identity", **{k.replace("_", "-"): v for k, v in headers.items()}})

    async def rows(self) -> RowsAnswer:
        answer = await self.ask("/desk/rows")
        assert answer.status_code == 200, answer.text
        return RowsAnswer.model_validate(answer.json())

    async def changes(self, since: str) -> ChangesAnswer:
        answer = await self.ask(f"/desk/changes?since={since}")
        assert answer.status_code == 200, answer.text
        return ChangesAnswer.model_validate(answer.json())


@pytest.mark.parametrize(
    ("caller", "ids"),
    [(OPERATOR, {"open", "fire"}), (NAMED, {"open", "fire", "sealed"}), (WORKS, {"open"}), (CALLERS[5], set()), (CALLERS[6], set())],
)
async def test_everybody_sees_what_they_may(caller: Caller, ids: set[str]):
    here = Served(caller)
    told = await here.rows()
    assert {row.id for row in told.rows} == ids
    assert (await here.changes(told.cursor)).model_dump(include={"changed", "gone", "reset"}) == {"changed": [], "gone": [], "reset": False}


async def test_changes_go_on_where_the_rows_ended():
    here = Served()
    told = await here.rows()
    here.put(OPEN.model_copy(update={"version": 7}))
    here.desk.board.put([], ["fire", "sealed"])
    changes = await here.changes(told.cursor)
    assert ([row.v for row in changes.changed], changes.gone) == ([7], ["fire"])
    assert (await here.changes(changes.cursor)).changed == []


@pytest.mark.parametrize("since", ["x", "elsewhere.3", "0.0"])
async def test_whoever_comes_from_elsewhere_begins_anew(since: str):
    here = Served()
    changes = await here.changes(since)
    assert (changes.reset, changes.changed, changes.gone) == (True, [], [])
    assert not (await here.changes(changes.cursor)).reset


async def test_a_look_at_a_confidential_case_is_on_record_once_for_each_version():
    here = Served(NAMED)
    cursor = (await here.rows()).cursor
    assert here.looks == ["sealed"]
    here.put(SEALED.model_copy(update={"assignee": "W-1"}))
    cursor = (await here.changes(cursor)).cursor
    assert here.looks == ["sealed"]
    here.put(SEALED.model_copy(update={"version": 2}))
    await here.changes(cursor)
    assert here.looks == ["sealed", "sealed"]
    await here.changes(cursor)
    assert here.looks == ["sealed", "sealed"]


async def test_what_cannot_be_recorded_is_not_shown():
    here = Served(NAMED)
    cursor = (await here.rows()).cursor
    here.away = True
    assert (await here.ask("/desk/rows")).status_code == 503
    here.put(SEALED.model_copy(update={"version": 2}))
    for _ in range(2):
        assert (await here.ask(f"/desk/changes?since={cursor}")).status_code == 503
    here.away = False
    assert [row.v for row in (await here.changes(cursor)).changed] == [2]


@pytest.mark.parametrize("path", ["/desk/rows", "/desk/changes?since=x.1", "/desk/words"])
async def test_nothing_is_told_before_all_open_cases_were_read(path: str):
    answer = await Served(loaded=False).ask(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_much_is_packed_where_that_is_understood():
    here = Served()
    here.put(*(OPEN.model_copy(update={"id": f"c{nth}"}) for nth in range(20)))
    plain = (await here.ask("/desk/rows")).json()["rows"]
    answer = await here.ask("/desk/rows", Accept_Encoding="br, gzip;q=0.5")
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert answer.json()["rows"] == plain
    assert "content-encoding" not in (await here.ask("/desk/rows", Accept_Encoding="br, gzip;q=0")).headers


# -- words


async def words(here: Served, **headers: str) -> tuple[WordsAnswer, str]:
    answer = await here.ask("/desk/words", **headers)
    return WordsAnswer.model_validate(answer.json()), answer.headers["etag"]


async def test_the_words_name_all_that_rows_hold():
    told, _ = await words(Served())
    assert set(told.due) == set(DUE)
    assert set(get_args(Waits)) == set(told.waits) == set(WAITS)
    assert set(told.statuses) == set(map(str, Status))
    for row in (await Served(NAMED).rows()).rows:
        assert {row.cat} <= told.categories.keys()
        assert {row.dept} <= told.departments.keys()
        assert {row.ch or "chat"} <= told.channels.keys()
    assert told.grids["g1"].ring[0] == (30.0, 120.0)


async def test_working_time_is_told_for_the_clocks_that_stand_still():
    told, _ = await words(Served())
    hours = sum(end - begin for begin, end in told.work) / 3600
    assert hours == sum(8 for day in range(-30, 60) if HERE.calendar.works((HERE.local(MONDAY + day * 24 * HOUR)).date()))
    assert all(begin < end for begin, end in told.work)
    assert told.work == sorted(told.work)


async def test_words_that_one_has_are_not_sent_again():
    here = Served()
    _, etag = await words(here)
    for known in (etag, f'"x", W/{etag}'):
        answer = await here.ask("/desk/words", If_None_Match=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert (await here.ask("/desk/words", If_None_Match=etag, Accept_Encoding="gzip")).status_code == 200  # other bytes


async def test_other_words_come_with_another_pack_and_with_another_shift():
    here = Served()
    first, etag = await words(here)
    here.now = MONDAY + HOUR / 3
    later, other = await words(here)
    assert other != etag
    assert first.staff["W-1"].on_duty
    here.api.state.process.city = HERE.model_copy(update={"version": "2"})
    assert (await words(here))[1] not in (etag, other)
    assert later.now < here.now.timestamp()
