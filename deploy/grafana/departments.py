"""The dashboard of the departments: the same figures side by side, for those that the reader chooses."""

from deploy.grafana.city import NO_RATE_YET, WINDOWS
from deploy.grafana.panel import Board, Choice, Panel, Query, Row, quantile

SOME = '{department=~"$department"}'
CHOSEN = Choice("department", "部门", "Department", "department:cases_open:max", "department")


def length(metric: str, share: float) -> Query:
    return Query(quantile(share, metric, "department", some=SOME), f"{{{{department}}}} p{share * 100:.0f}")


def rated(zh: str, en: str, rate: str) -> Panel:
    query = Query(f'department_rate:cases_rate:ratio{{rate="{rate}", department=~"$department"}}', "{{department}}")
    return Panel(f"{zh}（本月）", f"{en}, this month", f"{zh}，按部门。", f"{en} by department.", "the-three-rates", (query,),
                 unit="percentunit", kind="bars", width=6, may_be_empty=NO_RATE_YET)  # fmt: skip


NOW = Row("现在", "Now", (
    Panel("未结", "Open", "各部门未结案件。", "Open cases of each department.", "open-and-overdue",
          (Query(f"sort_desc(department:cases_open:max{SOME} > 0)", "{{department}}"),), kind="bars"),
    Panel("超期未结", "Overdue", "各部门超期未结案件。", "Overdue cases of each department.", "open-and-overdue",
          (Query(f"sort_desc(department:cases_overdue:max{SOME} > 0)", "{{department}}"),), kind="bars", limits=(1, 10),
          may_be_empty="Nothing may be overdue."),
    Panel("超期率", "Overdue share", "超期未结 ÷ 未结。", "Overdue, divided by open.", "open-and-overdue",
          (Query(f"department:cases_overdue:max{SOME} / (department:cases_open:max{SOME} > 0)", "{{department}}"),),
          unit="percentunit", kind="bars", limits=(0.05, 0.15), may_be_empty="Nothing may be open."),
))  # fmt: skip

COURSE = Row("走势", "Over time", (
    Panel("未结", "Open", "未结案件数。", "How many cases are open.", "open-and-overdue",
          (Query(f"department:cases_open:max{SOME}", "{{department}}"),)),
    Panel("超期未结", "Overdue", "超期未结案件数。", "How many open cases are overdue.", "open-and-overdue",
          (Query(f"department:cases_overdue:max{SOME}", "{{department}}"),)),
    Panel("结案", "Closed", "统计时段内结案的次数；重开后再结案再计一次。",
          "Closings within the window; one that was reopened counts again.", "times",
          (Query(f"sum by (department) (increase(cases_resolution_seconds_count{SOME}[$window]))", "{{department}}"),)),
))  # fmt: skip

LENGTHS = Row("时长", "How long it takes", (
    Panel("首次响应 p50", "Response, p50", "从上报到首次接单的中位时长。", "Half of the first acceptances came no later.", "times",
          (length("cases_response_seconds", 0.5),), unit="s", width=6),
    Panel("首次响应 p90", "Response, p90", "九成首次接单不超过的时长。", "Nine tenths of the first acceptances came no later.", "times",
          (length("cases_response_seconds", 0.9),), unit="s", width=6),
    Panel("办结 p50", "Resolution, p50", "从上报到办结的中位时长。", "Half of the cases took no longer.", "times",
          (length("cases_resolution_seconds", 0.5),), unit="s", width=6),
    Panel("办结 p90", "Resolution, p90", "九成案件不超过的时长。", "Nine tenths of the cases took no longer.", "times",
          (length("cases_resolution_seconds", 0.9),), unit="s", width=6),
))  # fmt: skip

RATES = Row("三率", "The three rates", (
    rated("响应率", "Response", "response"),
    rated("解决率", "Resolution", "resolution"),
    rated("满意率", "Satisfaction", "satisfaction"),
    rated("按时办结率", "Finished in time", "finishing"),
    Panel("分子与分母", "Numerators and denominators", "本月至今，各部门。", "This month so far, each department.", "the-three-rates",
          (Query(f"max by (department, rate) (department_rate:cases_rate_numerator:max{SOME})", "分子 numerator"),
           Query(f"max by (department, rate) (department_rate:cases_rate_denominator:max{SOME})", "分母 denominator")),
          kind="table", width=24),
))  # fmt: skip

DEPARTMENTS = Board("gridcase-departments", "部门", "Departments", (NOW, COURSE, LENGTHS, RATES), choices=(CHOSEN,), windows=WINDOWS)
