"""Who may do what: one line a route, each role with its reach. What does not stand here is refused, and a service with such a route
does not start.

A path that ends in `*` stands for all that begin so. `docs/access.md` shows the same table.
"""

from collections.abc import Mapping
from itertools import chain

from shared.access import Reach, Role, Row

R = Role
ALL, UNIT, GRID, OWN = Reach.ALL, Reach.UNIT, Reach.GRID, Reach.OWN

DESK = {R.OPERATOR: ALL, R.SUPERVISOR: ALL}  # who steers cases
ON_SITE = {R.GRID_WORKER: GRID, R.BUILDING_HEAD: GRID}
HANDLING = dict.fromkeys((R.GRID_WORKER, R.BUILDING_HEAD, R.VOLUNTEER, R.UNIT, R.OPERATOR, R.SUPERVISOR), OWN)  # own tasks
COLLEAGUES = {**ON_SITE, R.VOLUNTEER: OWN, R.UNIT: UNIT, **DESK}
REPORTER = {R.RESIDENT: OWN}
WATCHING = {R.MANAGER: ALL, R.AUDITOR: ALL}
READERS = {**COLLEAGUES, **WATCHING}
PLACES = dict.fromkeys((*DESK, *WATCHING, R.UNIT, R.ADMIN), ALL)  # numbers by place
FIGURES = dict.fromkeys((*COLLEAGUES, *WATCHING, R.ADMIN), ALL)  # numbers without cases

Path = tuple[str, str, str]  # service, method, path template
Table = Mapping[Path, Row]


def rows(service: str, method: str, *lines: tuple[str, Mapping[Role, Reach]]) -> dict[Path, Row]:
    return {(service, method, path): Row(dict(reach)) for path, reach in lines}


def open_rows(service: str, method: str, *paths: str) -> dict[Path, Row]:
    return {(service, method, path): Row(anybody=True) for path in paths}


HEALTH = list(
    chain.from_iterable(
        open_rows(service, "GET", "/health/live", "/health/ready", "/health/progress", "/metrics").items()
        for service in ("console", "intake", "triage", "dispatch", "closure")
    )
)

INTAKE: Table = {
    **open_rows("intake", "POST", "/reports", "/photos", "/open311/*"),
    **open_rows("intake", "GET", "/cases/{case_id}", "/cases/{case_id}/photos", "/photos/*", "/open311/*"),
    **rows(
        "intake",
        "POST",
        ("/photos/{name}/release", DESK),
        ("/photos/{name}/withholding", DESK),
        ("/reports/bulk", {R.OPERATOR: ALL, R.ADMIN: ALL}),
        ("/cases/{case_id}/supplements", {**REPORTER, **COLLEAGUES}),
        ("/cases/{case_id}/withdrawal", {**REPORTER, **DESK}),
    ),
}

TRIAGE: Table = {
    **open_rows("triage", "POST", "/assessments"),
    **rows(
        "triage",
        "POST",
        ("/cases/{case_id}/classification", DESK),
        ("/cases/{case_id}/rejection", {**ON_SITE, R.VOLUNTEER: OWN, **DESK}),  # who looked before filing, and saw nothing
        ("/cases/{case_id}/merge", DESK),
        ("/cases/{case_id}/separation", DESK),
        ("/cases/{case_id}/confirmation", {**ON_SITE, R.VOLUNTEER: OWN, R.UNIT: OWN, **DESK}),
    ),
    **rows(
        "triage",
        "GET",
        ("/cases/{case_id}/duplicates", {**ON_SITE, R.UNIT: UNIT, **DESK}),
        ("/doubts", DESK),
        ("/queue", DESK),
        ("/staff/{person_id}/verifications", {**HANDLING, **DESK}),
    ),
}

DISPATCH: Table = {
    **rows(
        "dispatch",
        "POST",
        ("/cases/{case_id}/assignment", {R.UNIT: UNIT, **DESK}),
        *((f"/cases/{{case_id}}/{step}", HANDLING) for step in ("acceptance", "refusal", "start", "pause", "completion")),
        *((f"/cases/{{case_id}}/{step}", HANDLING) for step in ("return", "appeal")),
        ("/cases/{case_id}/resume", {**HANDLING, R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/record", COLLEAGUES),
        ("/cases/{case_id}/ruling", {R.SUPERVISOR: ALL}),
        ("/cases/{case_id}/contact", COLLEAGUES),
        ("/cases/{case_id}/explanation", COLLEAGUES),
        ("/cases/{case_id}/notes", COLLEAGUES),
        ("/cases/{case_id}/transfer", {**HANDLING, R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/extension", {**HANDLING, R.UNIT: UNIT, **DESK}),
    ),
    **rows(
        "dispatch",
        "GET",
        ("/cases/{case_id}/candidates", {R.UNIT: UNIT, **DESK}),
        ("/staff/{person_id}/tasks", {**HANDLING, R.UNIT: UNIT, **DESK}),
        ("/queue", {R.UNIT: UNIT, **DESK}),
        ("/supervision", {R.UNIT: UNIT, **DESK, **WATCHING}),
    ),
}

CLOSURE: Table = {
    **rows(
        "closure",
        "POST",
        ("/cases/{case_id}/verification", {**ON_SITE, R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/rework", {**ON_SITE, R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/rating", REPORTER),
        ("/cases/{case_id}/reopening", {**REPORTER, R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/publication", {R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/callback", DESK),
        ("/cases/{case_id}/decision", {R.UNIT: UNIT, **DESK}),
        ("/cases/{case_id}/remedy", {R.UNIT: UNIT, **DESK}),
    ),
    **rows(
        "closure",
        "GET",
        ("/queue", {**ON_SITE, R.UNIT: UNIT, **DESK}),
        ("/callbacks", DESK),
        ("/publications/overdue", {R.UNIT: UNIT, **DESK, **WATCHING}),
    ),
}

CONSOLE: Table = {
    ("console", "GET", "/"): Row(READERS, anybody=True),  # figures for anybody, lists of cases for those who may see them
    ("console", "GET", "/pages/now"): Row(READERS, anybody=True),
    ("console", "GET", "/totals"): Row(PLACES, anybody=True),  # figures by place for those roles alone
    **open_rows("console", "GET", "/expected", "/sign-in", "/sign-in/done", "/sign-out"),
    # pages hold no data but what anybody may know; what they show and do, they ask of the routes below and of the services
    **open_rows("console", "GET", "/static/{name}", "/assets/*", "/pages/city", "/desk", "/tasks", "/report", "/public*", "/wall"),
    **open_rows("console", "GET", "/tasks/worker.js", "/tasks/{lang}.webmanifest"),
    **open_rows("console", "GET", "/do/*"),
    **open_rows("console", "POST", "/do/*"),  # the gate of the service that it is handed on to decides
    **rows(
        "console",
        "GET",
        ("/cases", READERS),
        ("/cases/{case_id}", READERS),
        ("/cases/{case_id}/timeline", READERS),
        ("/desk/rows", READERS),
        ("/desk/changes", READERS),
        ("/desk/words", READERS),
        ("/tasks/mine", {**ON_SITE, R.VOLUNTEER: OWN, R.UNIT: UNIT}),
        ("/rates", FIGURES),
        ("/recurring", {R.UNIT: ALL, **DESK, **WATCHING}),
        ("/looks", {R.AUDITOR: ALL}),
        ("/api/stats*", {R.UNIT: UNIT, **DESK, **WATCHING, R.ADMIN: ALL}),
    ),
}

ACCESS: Table = {**INTAKE, **TRIAGE, **DISPATCH, **CLOSURE, **CONSOLE, **dict(HEALTH)}


def row_of(service: str, method: str, path: str, table: Table = ACCESS) -> Row | None:
    """Return the line of a route, exact or by its beginning; None if there is none."""
    exact = table.get((service, method, path))
    if exact is not None:
        return exact
    begun = [key for key in table if key[:2] == (service, method) and key[2].endswith("*") and path.startswith(key[2].removesuffix("*"))]
    return table[max(begun, key=lambda key: len(key[2]))] if begun else None
