"""What the status page says around its figures; the catalogue has the Chinese."""

from services.console.pages.catalogue import message as _

TEXTS: dict[str, str] = {
    "title": _("Cases now"),
    "as_of": _("As of"),
    "open": _("Open"),
    "overdue": _("Overdue"),
    "closed": _("Closed"),
    "reported": _("Reported"),
    "apart": _("Counted apart"),
    "merged": _("merged"),
    "rejected": _("rejected"),
    "withdrawn": _("withdrawn"),
    "where": _("Where the cases are"),
    "cases": _("Cases"),
    "times": _("How long it takes"),
    "times_note": _(
        "Assignment, response and resolution run from the report, acceptance from the first assignment; "
        "stages run by themselves; day and night, within 5 %."
    ),
    "step": _("Step"),
    "half": _("Half within"),
    "most": _("90 % within"),
    "nearly_all": _("99 % within"),
    "measured": _("Measured"),
    "departments": _("Departments"),
    "department": _("Department"),
    "response": _("Response (half)"),
    "resolution": _("Resolution (half)"),
    "grades": _("Grades"),
    "grade": _("Grade"),
    "late": _("Longest overdue"),
    "newest": _("Newest reports"),
    "number": _("Number"),
    "category": _("Category"),
    "status": _("Status"),
    "grid": _("Grid"),
    "came": _("Reported"),
    "due": _("Due"),
    "no_cases": _("There are no cases yet."),
    "nothing_late": _("Nothing is overdue."),
    "stale": _("The connection is lost; what you see is old."),
    "sign_in": _("Sign in to see cases"),
    "figures": _("Figures as JSON"),
    "api": _("API"),
}
