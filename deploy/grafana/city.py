"""The dashboard of the city: what is open and late, how long things take, by which door reports come, and the three rates."""

from deploy.grafana.panel import Board, Panel, Query, Row, quantile

WINDOWS = ("1d", "1h", "6h", "7d", "30d")
NO_RATE_YET = "At the beginning of a month nothing has been assessed."

NOW = Row("现在", "Now", (
    Panel("未结案件", "Open cases", "尚未办结、未撤回、未驳回的案件。", "Cases that the city still owes somebody.", "open-and-overdue",
          (Query("sum(grade:cases_open:max)"),), kind="stat", width=4),
    Panel("超期未结", "Overdue", "未结案件中已错过当前办结时限的。", "Of these, whose present deadline was missed.", "open-and-overdue",
          (Query("sum(grade:cases_overdue:max)"),), kind="stat", width=4, limits=(1, 20)),
    Panel("超期率", "Overdue share", "超期未结 ÷ 未结。", "Overdue, divided by open.", "open-and-overdue",
          (Query("sum(grade:cases_overdue:max) / (sum(grade:cases_open:max) > 0)"),), unit="percentunit", kind="stat", width=4,
          limits=(0.05, 0.15), may_be_empty="Nothing may be open."),
    Panel("未结紧急案件", "Open emergencies", "危及生命、健康或秩序。", "Danger to life, health or order.", "open-and-overdue",
          (Query('grade:cases_open:max{grade="emergency"}'),), kind="stat", width=4),
    Panel("24 小时紧急错过时限", "Emergencies late in 24 h", "过去 24 小时紧急案件错过的时限，含首次响应与办结。",
          "Deadlines that emergencies missed in the last 24 hours, those of the answer included.", "deadlines-and-reminders",
          (Query('grade:cases_missed_deadlines:increase1d{grade="emergency"}'),), kind="stat", width=4, limits=(0.5, 0.5)),
    Panel("24 小时上报", "Reports in 24 h", "过去 24 小时受理的上报。", "Reports accepted in the last 24 hours.", "reports",
          (Query("sum(increase(cases_reports_total[1d]))"),), kind="stat", width=4),
))  # fmt: skip

STANDING = Row("未结与超期", "Open and overdue", (
    Panel("未结（按等级）", "Open by grade", "未结案件数。", "How many cases are open.", "open-and-overdue",
          (Query("grade:cases_open:max", "{{grade}}"),)),
    Panel("超期（按等级）", "Overdue by grade", "超期未结案件数。", "How many open cases are overdue.", "open-and-overdue",
          (Query("grade:cases_overdue:max", "{{grade}}"),)),
    Panel("未结（按状态）", "Open by status", "案件卡在哪一步。", "Where cases stand.", "open-and-overdue",
          (Query('status:cases_in_status:max{status!~"closed|merged|rejected|withdrawn"}', "{{status}}"),)),
))  # fmt: skip

LENGTHS = Row("时长", "How long it takes", (
    Panel("首次响应时长（按等级）", "Response by grade", "从上报到具名经办人首次接单，p50 与 p90。",
          "From the report to the first acceptance by a named handler, p50 and p90.", "times",
          (Query(quantile(0.5, "cases_response_seconds", "grade"), "{{grade}} p50"),
           Query(quantile(0.9, "cases_response_seconds", "grade"), "{{grade}} p90")), unit="s", width=12),
    Panel("办结时长（按等级）", "Resolution by grade", "从上报到办结，结案时计入，p50 与 p90。",
          "From the report to the completion, counted at closing, p50 and p90.", "times",
          (Query(quantile(0.5, "cases_resolution_seconds", "grade"), "{{grade}} p50"),
           Query(quantile(0.9, "cases_resolution_seconds", "grade"), "{{grade}} p90")), unit="s", width=12),
    Panel("响应时长（按部门）", "Response by department", "首次响应时长，p50 与 p90。",
          "The time to the first acceptance, p50 and p90.", "times",
          (Query(quantile(0.5, "cases_response_seconds", "department") + " >= 0", "{{department}} p50"),
           Query(quantile(0.9, "cases_response_seconds", "department") + " >= 0", "{{department}} p90")), unit="s", kind="bars",
          width=12),
    Panel("办结时长（按部门）", "Resolution by department", "办结时长，p50 与 p90。", "The time to the completion, p50 and p90.",
          "times",
          (Query(quantile(0.5, "cases_resolution_seconds", "department") + " >= 0", "{{department}} p50"),
           Query(quantile(0.9, "cases_resolution_seconds", "department") + " >= 0", "{{department}} p90")), unit="s", kind="bars",
          width=12),
    Panel("环节时长 p50", "Stages, p50", "核实、受理、派遣、处置、核查各环节的中位时长。", "Half of each stage take no longer.",
          "stages",
          (Query(quantile(0.5, "cases_stage_seconds", "stage"), "{{stage}}"),), unit="s", width=12),
    Panel("环节时长 p90", "Stages, p90", "各环节九成不超过的时长。", "Nine tenths of each stage take no longer.", "stages",
          (Query(quantile(0.9, "cases_stage_seconds", "stage"), "{{stage}}"),), unit="s", width=12),
))  # fmt: skip

COMING = Row("来与催", "What comes in, and what is late", (
    Panel("上报（按渠道）", "Reports by channel", "每小时受理的上报。", "Reports accepted in an hour.", "reports",
          (Query("sum by (channel) (increase(cases_reports_total[1h]))", "{{channel}}"),)),
    Panel("错过的时限", "Missed deadlines", "每小时错过的时限：响应、办结、派遣、核查。",
          "Deadlines missed in an hour: to answer, to resolve, and of the stages dispatch and check.", "deadlines-and-reminders",
          (Query("sum by (which) (increase(cases_missed_deadlines_total[1h]))", "{{which}}"),)),
    Panel("催办与督办", "Reminders and supervision", "每小时发出的提醒，按已用时限的比例。",
          "Reminders sent in an hour, by the share of the limit that was used up.", "deadlines-and-reminders",
          (Query("sum by (share) (increase(cases_reminders_total[1h]))", "{{share}}"),)),
))  # fmt: skip

RATES = Row("三率", "The three rates", (
    Panel("本月三率", "The rates of this month", "响应率、解决率、满意率，另加按时办结率。分母为零则无值。",
          "Response, resolution and satisfaction, and finished in time; no value without a denominator.", "the-three-rates",
          (Query("rate:cases_rate:ratio", "{{rate}}"),), unit="percentunit", width=16, may_be_empty=NO_RATE_YET),
    Panel("分子与分母", "Numerators and denominators", "本月至今，全市。", "This month so far, the whole city.", "the-three-rates",
          (Query("sum by (rate) (department_rate:cases_rate_numerator:max)", "分子 numerator"),
           Query("sum by (rate) (department_rate:cases_rate_denominator:max)", "分母 denominator")), kind="table"),
))  # fmt: skip

CITY = Board("gridcase-city", "全市", "City", (NOW, STANDING, LENGTHS, COMING, RATES), windows=WINDOWS)
