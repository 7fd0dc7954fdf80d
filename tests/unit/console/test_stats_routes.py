"""The figures over HTTP: what may be asked, what is wrong with what was asked, and the two forms of an answer."""

import csv
from io import StringIO
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.console.stats.answers import ByAnswer, KnownDimension, SeriesAnswer, StatsAnswer
from services.console.stats.copy import Copy
from services.console.stats.definitions import DEFINITIONS, Definition
from services.console.stats.routes import stats
from shared.access import Caller, Reach, Role, Row
from shared.asked import admission_of
from shared.gate import Admission
from shared.problems import install
from tests.unit.console.histories import HOUR, MONDAY, folded
from tests.unit.console.stats_town import PLACES, table_of
from tests.unit.console.test_stats_copy import Rows

WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed")
FOLDS = folded([(id, kind, choice, 1) for id, choice in (("a", 0), ("b", 1), ("c", 2)) for kind in WHOLE[: 6 - choice]])


MANAGER = Caller("manager-01", frozenset({Role.MANAGER}), signed_in=True)
FIGURES = Row({Role.MANAGER: Reach.ALL, Role.UNIT: Reach.UNIT})


def served(loaded: bool = True, caller: Caller = MANAGER) -> FastAPI:
    api = FastAPI()
    api.dependency_overrides[admission_of] = lambda: Admission(caller, FIGURES, "GET /api/stats")
    install(api)
    api.include_router(stats)
    api.state.process = SimpleNamespace(city=PLACES, now=lambda: MONDAY + 30 * HOUR)
    api.state.stats = Copy(Rows([]), table_of(FOLDS), as_of=MONDAY if loaded else None)
    return api


async def ask(path: str, api: FastAPI | None = None, lang: str = "en", **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api or served()), base_url="http://console") as client:
        return await client.get(path, headers={"Accept-Language": lang, **more})


async def test_the_figures_of_all_cases():
    answer = StatsAnswer.model_validate((await ask("/api/stats")).json())
    assert (answer.figures.reported, answer.figures.closed, answer.figures.open) == (3, 1, 2)
    assert answer.about.as_of == MONDAY


@pytest.mark.parametrize(
    ("query", "reported"),
    [
        ("grade=emergency", 1),
        ("grade=emergency&grade=urgent", 2),
        ("category=lamp&department=fire", 0),
        ("street=s1", 2),
        ("community=c2", 1),
        ("status=closed&channel=phone", 1),
        ("after=2026-03-02", 3),
        ("after=2026-03-03", 1),  # it was the next day in the city already
        ("before=2026-03-02", 0),
        ("after=2026-03-02T11:00:00Z", 2),
        ("after=2026-03-02T19:00:00%2B08:00&before=2026-03-02T17:00:00Z", 1),
        ("when=closed&after=2026-03-02", 1),
    ],
)
async def test_filters_and_periods_combine(query: str, reported: int):
    assert (await ask(f"/api/stats?{query}")).json()["figures"]["reported"] == reported


@pytest.mark.parametrize("query", ["", "?department=works", "?department=fire"])
async def test_a_unit_sees_its_own_figures_whatever_it_asks_for(query: str):
    unit = Caller("works-01", frozenset({Role.UNIT}), unit="works", signed_in=True)
    own = (await ask("/api/stats?department=works")).json()["figures"]
    assert (await ask(f"/api/stats{query}", served(caller=unit))).json()["figures"] == own
    shown = (await ask(f"/api/stats/by/department{query}", served(caller=unit))).json()["items"]
    assert {item["values"][0]["key"] for item in shown} == {"works"}


async def test_a_unit_that_is_nowhere_sees_no_figures():
    lost = Caller("works-01", frozenset({Role.UNIT}), signed_in=True)
    assert (await ask("/api/stats", served(caller=lost))).status_code == 403


async def test_each_link_of_an_answer_leads_to_a_definition_in_both_languages():
    links = (await ask("/api/stats")).json()["about"]["definitions"]
    assert set(links) == set(DEFINITIONS)
    for figure, link in links.items():
        english, chinese = [Definition.model_validate((await ask(link, lang=lang)).json()) for lang in ("en", "zh")]
        assert (english.figure, english.unit) == (chinese.figure, chinese.unit) == (figure, chinese.unit)
        assert english.text.isascii()
        assert not chinese.text.isascii()
    assert len((await ask("/api/stats/definitions")).json()) == len(links)
    assert (await ask("/api/stats/definitions/luck")).status_code == 404


async def test_every_figure_of_an_answer_is_defined():
    figures = (await ask("/api/stats")).json()["figures"]
    own = {name for name in figures if name not in ("rates", "times", "stages")}
    nested = {f"{part}.{name}" for part in ("times", "stages") for name in figures[part]}
    rates = {f"rates.{rate['rate']}" for rate in figures["rates"]}
    assert own | nested | rates | {"quantiles", "period", "place", "confidential"} == set(DEFINITIONS)


async def test_a_series_has_a_point_for_each_day_in_the_zone_of_the_city():
    answer = SeriesAnswer.model_validate((await ask("/api/stats/series?every=day")).json())
    assert len(answer.items) == 30
    assert [item.figures.reported for item in answer.items][-2:] == [2, 1]
    assert f"{PLACES.local(answer.items[-1].after):%d %H:%M}" == "03 00:00"
    months = SeriesAnswer.model_validate((await ask("/api/stats/series?every=month&after=2026-01-15&before=2026-03-02")).json())
    assert [f"{PLACES.local(item.after):%m-%d}" for item in months.items] == ["01-15", "02-01", "03-01"]


async def test_one_row_for_each_pair_of_values():
    answer = ByAnswer.model_validate((await ask("/api/stats/by/grade?and=channel&sort=key")).json())
    assert [[value.name for value in item.values] for item in answer.items] == [
        ["emergency", "telephone"],
        ["urgent", "telephone"],
        ["normal", "telephone"],
    ]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (
            "/api/stats?grid=g9&category=x&street=c1&group=y&after=2026-03-02&before=2026-03-01",
            {"grid", "category", "street", "group", "before"},
        ),
        ("/api/stats?grade=odd&colour=red&when=never", {"grade.0", "colour", "when"}),
        ("/api/stats/series?after=2020-01-01", {"after"}),
        ("/api/stats/by/grid?and=grid&department=x", {"and", "department"}),
        ("/api/stats/by/luck?limit=0", {"dimension", "limit"}),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(path: str, fields: set[str]):
    for lang in ("en", "zh"):
        answer = await ask(path, lang=lang)
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == fields


async def test_what_is_not_yet_read_is_asked_for_again_later():
    answer = await ask("/api/stats", served(loaded=False))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_a_table_for_a_spreadsheet_has_the_same_figures():
    told = (await ask("/api/stats/by/category?sort=key")).json()["items"]
    for answer in (
        await ask("/api/stats/by/category?sort=key&format=csv"),
        await ask("/api/stats/by/category?sort=key", Accept="text/csv"),
    ):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
        assert [line["category"] for line in lines] == [item["values"][0]["key"] for item in told]
        assert [int(line["reported"]) for line in lines] == [item["figures"]["reported"] for item in told]
        assert [line["times.response.p50"] for line in lines] == [str(item["figures"]["times"]["response"]["p50"] or "") for item in told]
    assert (await ask("/api/stats?format=csv")).text.count("\n") == 2
    assert (await ask("/api/stats/series?format=csv")).text.count("\n") == 31


async def test_the_dimensions_name_what_may_be_asked_for():
    told = [KnownDimension.model_validate(one) for one in (await ask("/api/stats/dimensions")).json()]
    for one in told:
        for value in one.values:
            assert (await ask(f"/api/stats?{one.dimension}={value.key}")).status_code == 200
    assert {one.dimension: len(one.values) for one in told}["community"] == 2


def test_the_examples_of_the_documentation_are_answers():
    for model in (StatsAnswer, SeriesAnswer, ByAnswer, KnownDimension, Definition):
        extra = model.model_config["json_schema_extra"]
        assert isinstance(extra, dict)
        examples: Any = extra["examples"]
        assert [model.model_validate(example) for example in examples]
