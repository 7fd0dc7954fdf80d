"""Every metric of gridcase, in one list; `docs/metrics.md` says which number answers which question.

Times are seconds between the facts of a case. A counter counts what one process saw since it started; exact totals are in the
console's read models.
"""

from collections.abc import Mapping

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each counter and histogram, of no use to us

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LIFE = (
    MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR,
    DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 15 * DAY, 30 * DAY, 90 * DAY,
)  # fmt: skip
MACHINE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OF_A_CASE = ("group", "grade", "department")

REPORTS = Counter("cases_reports_total", "Reports accepted", ("channel",))
EVENTS = Counter("cases_events_total", "Events that took effect when they were folded", ("service", "type"))
IGNORED = Counter("cases_ignored_events_total", "Events that had no effect: duplicates, late retries, lost races", ("service", "type"))
DEAD = Counter("cases_dead_letters_total", "Messages and decisions put aside, by the step that failed", ("service", "step"))
MUTED = Counter("cases_muted_facts_total", "Facts of a service that came back without effect and are not said again", ("service", "type"))
FACTS = Counter("cases_said_facts_total", "Facts that a service said by itself", ("service", "type"))
COMMANDS = Counter("cases_commands_total", "Commands over HTTP, by the status of their answer", ("service", "status"))
RESPONSES = Counter("cases_responses_total", "Answers over HTTP, by method and status", ("service", "method", "status"))
REFUSED = Counter("cases_refused_requests_total", "Callers turned away, by the reason", ("service", "reason"))
MISSED = Counter(
    "cases_missed_deadlines_total", "Deadlines that passed unmet: respond and resolve, or dispatch and check of a stage", ("which", "grade")
)
REMINDERS = Counter("cases_reminders_total", "Reminders and supervision, by the share of the limit that was used up", ("share", "grade"))

PHOTOS = Counter("cases_photos_total", "Photos sent in, by the status of their answer", ("status",))

ASSIGNMENT = Histogram("cases_assignment_seconds", "From the report to the first assignment", OF_A_CASE, buckets=LIFE)
ACCEPTANCE = Histogram("cases_acceptance_seconds", "From the first assignment to the acceptance", OF_A_CASE, buckets=LIFE)
RESPONSE = Histogram("cases_response_seconds", "From the report to the first acceptance by a named handler", OF_A_CASE, buckets=LIFE)
RESOLUTION = Histogram("cases_resolution_seconds", "From the report to the completion, counted at closing", OF_A_CASE, buckets=LIFE)
TIMES = {"assignment": ASSIGNMENT, "acceptance": ACCEPTANCE, "response": RESPONSE, "resolution": RESOLUTION}
STAGE = Histogram("cases_stage_seconds", "One stage of a case: verify, accept, dispatch, handle or check", ("stage", "grade"), buckets=LIFE)

OPEN = Gauge("cases_open", "Open cases, from the read model", ("grade",))
OVERDUE = Gauge("cases_overdue", "Open cases whose present deadline was missed, from the read model", ("grade",))
IN_STATUS = Gauge("cases_in_status", "Cases that have a status, from the read model", ("status",))
DEPARTMENT_OPEN = Gauge("cases_department_open", "Open cases of a department, from the read model", ("department",))
DEPARTMENT_OVERDUE = Gauge("cases_department_overdue", "Overdue cases of a department, from the read model", ("department",))
RATE_NUMERATOR = Gauge("cases_rate_numerator", "What was good of what a rate assessed this month", ("rate", "department"))
RATE_DENOMINATOR = Gauge("cases_rate_denominator", "What a rate assessed this month, from the read model", ("rate", "department"))

READY = Gauge("cases_service_ready", "1 if /health/ready would say so, else 0", ("service",))
BUILD = Gauge("cases_build_info", "1, with the version of gridcase and of the service's views", ("service", "version", "views"))
CITY_FAULTS = Gauge(
    "city_pack_faults", "Faults of a changed pack that was not taken up; 0 when the pack in force is the newest", ("service",)
)
CITY_LOADED = Gauge("city_pack_loaded_timestamp_seconds", "When the pack in force was read (Unix time)", ("service",))
LAG = Gauge("cases_consumer_lag_events", "Events in the log that this process has not folded, of its partitions", ("service",))
PARTITIONS = Gauge("cases_partitions", "Partitions that this process holds", ("service",))
STEP = Histogram("cases_step_seconds", "One step: decode, load, fold, decide, publish", ("service",), buckets=MACHINE)
FLUSH = Histogram("cases_flush_seconds", "One flush: save rows, mark progress, acknowledge", ("service",), buckets=MACHINE)
BOARD_DELAY = Histogram(
    "console_board_delay_seconds", "From folding an event until the desk's board shows its case, in the same process", ("service",),
    buckets=MACHINE,
)  # fmt: skip
REQUEST = Histogram("cases_request_seconds", "One request over HTTP", ("service", "method", "route"), buckets=MACHINE)


def show(gauge: Gauge, values: Mapping[tuple[str, ...], float]) -> None:
    """Let a gauge have these series, by the values of their labels, and no others."""
    shown = {tuple(sample.labels.values()) for family in gauge.collect() for sample in family.samples}
    for labels in shown - values.keys():
        gauge.remove(*labels)
    for labels, value in values.items():
        gauge.labels(*labels).set(value)
