"""The dashboards are what Grafana takes: whole, in both languages, each panel with its definition, its unit and a place of its own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.dashboard import Dashboard

from deploy.grafana.boards import BOARDS, FOLDER, files
from deploy.grafana.made import HEIGHTS, SOURCE
from deploy.grafana.panel import PAGE, Board, Panel
from tests.contract.asked import asked, unknown

ROOT = Path(__file__).parents[2]
FILES: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
UNITS = {value for value in vars(units).values() if isinstance(value, str)}
PANELS = [(board, panel) for board in BOARDS for panel in board.panels]
named = pytest.mark.parametrize("name", FILES)
each_panel = pytest.mark.parametrize(("board", "panel"), PANELS, ids=lambda of: of.en)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.stem))
def test_the_files_are_what_the_lists_of_panels_make(path: Path):
    assert path.read_text(encoding="utf-8") == files()[path], "run `python -m deploy.grafana`"


@named
def test_a_dashboard_is_read_back_as_it_was_written(name: str):
    again = Dashboard.from_json(FILES[name])
    assert (again.uid, again.schema_version, again.editable) == (f"gridcase-{name}", 41, False)
    assert "id" not in FILES[name], "an id of another Grafana"


def test_the_dashboards_are_the_three_and_each_has_its_own_uid():
    assert sorted(FILES) == ["city", "departments", "running"]
    assert len({board["uid"] for board in FILES.values()}) == 3


@named
def test_panels_have_ids_of_their_own_and_ask_the_provisioned_source(name: str):
    panels = FILES[name]["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        for asker in (panel, *panel.get("targets", ())):
            if panel["type"] != "row":
                assert asker["datasource"] == {"type": "prometheus", "uid": SOURCE.uid}
    assert all(variable["datasource"]["uid"] == SOURCE.uid for variable in FILES[name]["templating"]["list"] if variable["type"] == "query")


@named
def test_no_panel_lies_on_another_or_beyond_the_edge(name: str):
    taken: set[tuple[int, int]] = set()
    for panel in FILES[name]["panels"]:
        place = panel["gridPos"]
        cells = {(place.get("x", 0) + dx, place.get("y", 0) + dy) for dx in range(place["w"]) for dy in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells


@each_panel
def test_a_panel_says_in_both_languages_what_it_shows_and_where_it_is_defined(board: Board, panel: Panel):
    for words in (panel.zh, panel.about_zh):
        assert re.search("[\u4e00-\u9fff]", words)
    for words in (panel.en, panel.about_en):
        assert re.fullmatch(r"[\x20-\x7e]{3,}", words)
    headings = re.findall(r"^#+ (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.MULTILINE)
    assert panel.defined in [re.sub(r"[^a-z0-9 -]", "", found.lower()).replace(" ", "-") for found in headings]
    shown = [(one["title"], one["description"]) for one in FILES[board.uid.removeprefix("gridcase-")]["panels"] if one["type"] != "row"]
    assert (panel.title, panel.description) in shown


@each_panel
def test_a_panel_has_a_unit_that_grafana_knows_and_queries_with_names(board: Board, panel: Panel):
    assert panel.unit in UNITS
    assert panel.kind in HEIGHTS
    assert panel.queries
    assert len(panel.queries) == 1 or len({query.legend for query in panel.queries}) == len(panel.queries)


@pytest.mark.parametrize("panel", [panel for _, panel in PANELS if panel.kind == "table"], ids=lambda panel: panel.en)
def test_the_columns_of_a_table_stand_in_the_same_lines(panel: Panel):
    """Grafana merges lines whose labels are the same; the name of the metric is one, unless a query aggregates."""
    by = {re.match(r"\w+ (by \([^)]+\))", query.expr) for query in panel.queries}
    assert len(panel.queries) == 1 or len({found[1] for found in by if found}) == 1
    assert len(panel.queries) == 1 or None not in by


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.en)
def test_the_panels_of_a_row_fill_its_lines(board: Board):
    for row in board.rows:
        filled = 0
        for panel in row.panels:
            filled = (filled + panel.width) % 24
        assert filled == 0, row.en


@each_panel
def test_a_query_uses_only_what_the_reader_can_choose(board: Board, panel: Panel):
    known = {choice.name for choice in board.choices} | ({"window"} if board.windows else set()) | {"__rate_interval"}
    used = {name for query in panel.queries for name in re.findall(r"\$(\w+)", query.expr)}
    assert used <= known


@each_panel
def test_what_every_console_shows_is_not_added_up(board: Board, panel: Panel):
    shown_by_all = r"cases_(open|overdue|in_status|department_open|department_overdue|rate_numerator|rate_denominator)\b"
    for query in panel.queries:
        assert not re.search(rf"(?<![:\w])(sum|count|avg)[^()]*\((?:\s*){shown_by_all}(?!:)", query.expr), query.expr


@each_panel
def test_a_panel_asks_only_for_what_somebody_measures(board: Board, panel: Panel):
    for query in panel.queries:
        assert asked(query.expr)
        assert unknown(query.expr) == set()
