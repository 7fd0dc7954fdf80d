"""The dashboard of those who run it: what fires, the log and its lag, speed, errors, memory and disk."""

from deploy.grafana.panel import Board, Choice, Panel, Query, Row, quantile

SOME = '{service=~"$service"}'
OURS = '{job="gridcase", service=~"$service"}'
DISKS = '{fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"}'
ASKED = '{service=~"$service", route!~"/metrics|/health/.*|/desk/changes"}'  # by people and programs, not by those who watch
RECENT = "$__rate_interval"
CHOSEN = Choice("service", "服务", "Service", "cases_build_info", "service")


def seconds(metric: str, share: float, by: str = "service", some: str = SOME) -> Query:
    return Query(quantile(share, metric, by, RECENT, some), f"{{{{service}}}} p{share * 100:.0f}")


ALARM = Row("告警与就绪", "Alerts and readiness", (
    Panel("正在告警", "Firing", "每条告警的处理办法见 docs/operations.md。", "docs/operations.md says what to do about each.", "alerts",
          (Query('sort_desc(ALERTS{alertstate="firing"})', "firing"),), kind="table", width=12,
          may_be_empty="Nothing fires when all is well."),
    Panel("就绪", "Ready", "1：就绪；0：未就绪。", "1: ready; 0: not.", "running-it",
          (Query(f"min by (service) (cases_service_ready{SOME})", "{{service}}"),), kind="stat", width=12, wanted=1),
))  # fmt: skip

LOG = Row("日志", "The log", (
    Panel("积压", "Lag", "日志中尚未折叠的事件。", "Events in the log that were not folded yet.", "running-it",
          (Query(f"service:cases_consumer_lag_events:sum{SOME}", "{{service}}"),)),
    Panel("折叠的事件", "Events folded", "每秒生效的事件。", "Events a second that took effect.", "running-it",
          (Query(f"sum by (service) (rate(cases_events_total{SOME}[{RECENT}]))", "{{service}}"),), unit="ops"),
    Panel("服务所言", "Facts said", "每秒由服务自行发布的事实。", "Facts a second that services said by themselves.", "running-it",
          (Query(f"sum by (service) (rate(cases_said_facts_total{SOME}[{RECENT}]))", "{{service}}"),), unit="ops"),
    Panel("未生效的事件", "Ignored events", "重复、迟到的重试、未抢先者所占比例。",
          "The share of duplicates, late retries and lost races.", "running-it",
          (Query(f"service:cases_ignored_events:ratio_rate15m{SOME}", "{{service}}"),), unit="percentunit"),
    Panel("死信与停发", "Dead letters and muted facts", "一小时内搁置的消息，以及未生效而停发的事实。",
          "Within an hour: messages put aside, and facts that had no effect and are not said again.", "running-it",
          (Query(f"sum by (service, step) (increase(cases_dead_letters_total{SOME}[1h]))", "{{service}} {{step}}"),
           Query(f"sum by (service) (increase(cases_muted_facts_total{SOME}[1h]))", "{{service}} muted"))),
    Panel("持有的分区", "Partitions", "每个进程持有的分区；合计应等于主题的分区数。",
          "Held by each process; together those of the topic.", "running-it",
          (Query(f"cases_partitions{SOME}", "{{service}} {{instance}}"),)),
))  # fmt: skip

SPEED = Row("快慢", "Speed", (
    Panel("一步", "Step", "解码、载入、折叠、决定、发布，p50 与 p99。", "Decode, load, fold, decide, publish; p50 and p99.",
          "running-it",
          (seconds("cases_step_seconds", 0.5), seconds("cases_step_seconds", 0.99)), unit="s", width=6),
    Panel("一次保存", "Flush", "保存、记进度、确认，p50 与 p99。", "Save, mark progress, acknowledge; p50 and p99.", "running-it",
          (seconds("cases_flush_seconds", 0.5), seconds("cases_flush_seconds", 0.99)), unit="s", width=6),
    Panel("请求", "Requests", "HTTP 请求时长，p50 与 p99。", "Time of a request over HTTP, p50 and p99.", "running-it",
          (seconds("cases_request_seconds", 0.5, some=ASKED), seconds("cases_request_seconds", 0.99, some=ASKED)), unit="s", width=6),
    Panel("派遣台滞后", "Desk behind", "从折叠事件到派遣台显示案件，p50 与 p99。",
          "From folding an event until the desk shows its case, p50 and p99.", "running-it",
          (seconds("console_board_delay_seconds", 0.5), seconds("console_board_delay_seconds", 0.99)), unit="s", width=6),
    Panel("最慢的路径", "Slowest routes", "一小时内 p99 最慢的十条。", "The ten with the slowest p99 within an hour.", "running-it",
          (Query(f"topk(10, {quantile(0.99, 'cases_request_seconds', 'service, method, route', '1h', ASKED)} >= 0)",
                 "{{service}} {{method}} {{route}}"),), unit="s", kind="bars", width=24),
))  # fmt: skip

ANSWERS = Row("应答", "Answers", (
    Panel("请求量", "Requests a second", "每秒应答。", "Answers a second.", "running-it",
          (Query(f"sum by (service) (rate(cases_responses_total{SOME}[{RECENT}]))", "{{service}}"),), unit="reqps"),
    Panel("出错 5xx", "Broken, 5xx", "每秒 5xx 应答。", "Answers a second that were 5xx.", "running-it",
          (Query(f'sum by (service, status) (rate(cases_responses_total{{service=~"$service", status=~"5.."}}[{RECENT}]))',
                 "{{service}} {{status}}"),), unit="reqps", may_be_empty="Nothing may have gone wrong."),
    Panel("拒绝 4xx", "Refused, 4xx", "每秒 4xx 应答。", "Answers a second that were 4xx.", "running-it",
          (Query(f'sum by (service, status) (rate(cases_responses_total{{service=~"$service", status=~"4.."}}[{RECENT}]))',
                 "{{service}} {{status}}"),), unit="reqps"),
    Panel("写操作出错的比例", "Share of writes that broke", "五分钟内写操作得到 5xx 的比例。",
          "Of what was sent to be written within 5 minutes.", "running-it",
          (Query(f"service:cases_responses:broken_ratio_rate5m{SOME}", "{{service}}"),), unit="percentunit"),
    Panel("写操作被拒的比例", "Share of writes that were refused", "五分钟内写操作得到 4xx 的比例。",
          "Of what was sent to be written within 5 minutes.", "running-it",
          (Query(f"service:cases_responses:refused_ratio_rate5m{SOME}", "{{service}}"),), unit="percentunit"),
    Panel("被拒的调用者", "Callers turned away", "一小时内，按原因。", "Within an hour, by the reason.", "running-it",
          (Query(f"sum by (service, reason) (increase(cases_refused_requests_total{SOME}[1h]))", "{{service}} {{reason}}"),),
          may_be_empty="Nobody may have been turned away."),
))  # fmt: skip

PROCESSES = Row("进程", "Processes", (
    Panel("内存", "Memory", "各进程常驻内存。", "Resident memory of each process.", "running-it",
          (Query(f"process_resident_memory_bytes{OURS}", "{{service}} {{instance}}"),), unit="bytes"),
    Panel("处理器", "Processor", "各进程占用的核数。", "Cores that each process uses.", "running-it",
          (Query(f"rate(process_cpu_seconds_total{OURS}[{RECENT}])", "{{service}} {{instance}}"),)),
    Panel("打开的文件", "Open files", "占上限的比例。", "Share of the limit.", "running-it",
          (Query(f"process_open_fds{OURS} / process_max_fds{OURS}", "{{service}} {{instance}}"),), unit="percentunit"),
    Panel("一天内的重启", "Restarts in a day", "进程启动时间变化的次数。", "How often the start time of a process changed.",
          "running-it",
          (Query(f"sum by (service) (changes(process_start_time_seconds{OURS}[1d]))", "{{service}}"),), kind="stat", limits=(1, 5)),
    Panel("城市数据的错误", "Faults of the pack", "未采用的新城市数据中的错误。", "Faults of a changed pack that was not taken up.",
          "running-it",
          (Query(f"max by (service) (city_pack_faults{SOME})", "{{service}}"),), kind="stat", limits=(1, 1)),
    Panel("城市数据的年龄", "Age of the pack", "现用城市数据载入至今。", "Since the pack in force was read.", "running-it",
          (Query(f"time() - max by (service) (city_pack_loaded_timestamp_seconds{SOME})", "{{service}}"),), unit="s", kind="stat"),
    Panel("版本", "Versions", "程序版本与读模型版本。", "Of the program, and of the read models.", "running-it",
          (Query(f"count by (service, version, views) (cases_build_info{SOME})", "进程 processes"),), kind="table", width=24),
))  # fmt: skip

MACHINE = Row("机器", "The machine", (
    Panel("磁盘余量", "Disk left", "各磁盘的剩余比例。", "Share of each disk that is left.", "running-it",
          (Query(f"node_filesystem_avail_bytes{DISKS} / node_filesystem_size_bytes{DISKS}", "{{instance}} {{mountpoint}}"),),
          unit="percentunit"),
    Panel("内存余量", "Memory left", "可用内存的比例。", "Share of the memory that is available.", "running-it",
          (Query("node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{instance}}"),), unit="percentunit"),
    Panel("Prometheus 的序列", "Series of Prometheus", "监控自身的规模。", "How much the watching itself takes.", "series-and-memory",
          (Query("prometheus_tsdb_head_series", "{{instance}}"),)),
))  # fmt: skip

RUNNING = Board(
    "gridcase-running", "运行", "Running it", (ALARM, LOG, SPEED, ANSWERS, PROCESSES, MACHINE), since="now-3h", choices=(CHOSEN,)
)
