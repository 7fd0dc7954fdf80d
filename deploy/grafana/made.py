"""A dashboard as Grafana reads it, by Grafana's own typed builders."""

import json
from collections.abc import Callable

from grafana_foundation_sdk.builders import bargauge, common, dashboard, stat, table, timeseries
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BarGaugeDisplayMode, BigValueColorMode, LegendDisplayMode, LegendPlacement, VizOrientation
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    Threshold,
    VariableOption,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from deploy.grafana.panel import Board, Choice, Panel, Query

SOURCE = DataSourceRef(type_val="prometheus", uid="gridcase-prometheus")
TAG = "gridcase"
HEIGHTS = {"stat": 4, "lines": 8, "bars": 9, "table": 9}
ALL = "$__all"
COLORS = {"emergency": "red", "urgent": "orange", "normal": "blue", "service": "green"}  # of lines that are called by a grade

Shown = timeseries.Panel | stat.Panel | bargauge.Panel | table.Panel


def as_json(board: Board) -> str:
    """Return the dashboard as it is committed."""
    return json.dumps(built(board).build(), cls=JSONEncoder, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def built(board: Board) -> dashboard.Dashboard:
    made = (
        dashboard.Dashboard(board.title).uid(board.uid).tags([TAG]).time(board.since, "now").refresh("30s").timezone("browser").readonly()
    )
    links = dashboard.DashboardLink("gridcase").type(DashboardLinkType.DASHBOARDS).tags([TAG]).as_dropdown(False)
    made.links([links.keep_time(True)])
    for choice in board.choices:
        made.with_variable(chosen(choice))
    if board.windows:
        made.with_variable(window(board.windows))
    number = 0
    for row in board.rows:
        number += 1
        made.with_row(dashboard.Row(f"{row.zh} {row.en}").id(number))
        for panel in row.panels:
            number += 1
            made.with_panel(shown(panel).id(number))
    return made


def chosen(choice: Choice) -> dashboard.QueryVariable:
    variable = dashboard.QueryVariable(choice.name).label(f"{choice.zh} {choice.en}").datasource(SOURCE)
    variable.query({"qryType": 1, "query": choice.query, "refId": "variable"})
    variable.multi(True).include_all(True).all_value(".*").current(VariableOption(text="All", value=ALL))
    return variable.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.ALPHABETICAL_ASC)


def window(windows: tuple[str, ...]) -> dashboard.IntervalVariable:
    first = VariableOption(selected=True, text=windows[0], value=windows[0])
    options = [first, *(VariableOption(selected=False, text=one, value=one) for one in windows[1:])]
    return dashboard.IntervalVariable("window").label("统计时段 Window").values(",".join(windows)).current(first).options(options)


def shown(panel: Panel) -> Shown:
    """Return the panel with what all kinds have in common."""
    made = KINDS[panel.kind](panel)
    made.title(panel.title).description(panel.description).datasource(SOURCE).unit(panel.unit)
    made.span(panel.width).height(HEIGHTS[panel.kind]).min(0)
    if panel.colored:
        made.thresholds(dashboard.ThresholdsConfig().steps(steps(panel)))
    return made


def steps(panel: Panel) -> list[Threshold]:
    """Return from which value on a panel has which colour; the first one has no lower bound."""
    if panel.wanted is not None:
        return [Threshold(value=None, color="red"), Threshold(value=panel.wanted, color="green")]
    orange, red = panel.limits or (0, 0)
    return [Threshold(value=None, color="green"), Threshold(value=orange, color="orange"), Threshold(value=red, color="red")]


def asked(query: Query, ref: str) -> Dataquery:
    return Dataquery().expr(query.expr).legend_format(query.legend).ref_id(ref).datasource(SOURCE)


def refs(panel: Panel) -> list[tuple[str, Query]]:
    return [(chr(ord("A") + n), query) for n, query in enumerate(panel.queries)]


def as_stat(panel: Panel) -> stat.Panel:
    made = stat.Panel().reduce_options(last()).color_mode(BigValueColorMode.VALUE if panel.colored else BigValueColorMode.NONE)
    for ref, query in refs(panel):
        made.with_target(asked(query, ref).instant())
    return made


def last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"]).fields("").values(False)


def as_lines(panel: Panel) -> timeseries.Panel:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM).show_legend(True)
    made = timeseries.Panel().fill_opacity(8).line_width(1).legend(legend)
    for ref, query in refs(panel):
        made.with_target(asked(query, ref).range())
    if any("{{grade}}" in query.legend for query in panel.queries):
        for grade, color in COLORS.items():
            fixed = DynamicConfigValue(id_val="color", value={"mode": "fixed", "fixedColor": color})
            made.override_by_regexp(f"/^{grade}/", [fixed])
    return made


def as_bars(panel: Panel) -> bargauge.Panel:
    made = bargauge.Panel().orientation(VizOrientation.HORIZONTAL).display_mode(BarGaugeDisplayMode.BASIC).reduce_options(last())
    for ref, query in refs(panel):
        made.with_target(asked(query, ref).instant())
    return made


def as_table(panel: Panel) -> table.Panel:
    """Return a table with one line for each set of labels, and one column for each query."""
    made = table.Panel().with_transformation(DataTransformerConfig(id_val="merge", options={}))
    one = len(panel.queries) == 1  # Grafana numbers the values of several queries only
    names = {"Value" if one else f"Value #{ref}": query.legend for ref, query in refs(panel)}
    tidy = {"excludeByName": {"Time": True, "__name__": True}, "renameByName": names}
    made.with_transformation(DataTransformerConfig(id_val="organize", options=tidy))
    for ref, query in refs(panel):
        made.with_target(asked(query, ref).instant().format(PromQueryFormat.TABLE))
    return made


KINDS: dict[str, Callable[[Panel], Shown]] = {"stat": as_stat, "lines": as_lines, "bars": as_bars, "table": as_table}
