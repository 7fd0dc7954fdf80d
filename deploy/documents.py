"""The parts of the documentation that are made from the code, so that they cannot go stale.

`python -m deploy.documents` writes them; a test fails when they differ from what is committed. In a page, such a part stands between
`<!-- made: NAME -->` and `<!-- end -->`.
"""

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prometheus_client.metrics import MetricWrapperBase

from services.console.stats.definitions import DEFINITIONS
from shared import metrics
from shared.access import Role
from shared.accesstable import ACCESS
from shared.case import ALLOWED, Case, Status, fits
from shared.changes import changed
from shared.events import EVENT_TYPES, OWNERS, Addition, Event
from shared.looks import Look
from shared.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"
MADE = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def sentence(cls: type[Event]) -> str:
    return " ".join((cls.__doc__ or "").split())


def events() -> str:
    """The table of all events."""
    rows = ["| event | said by | moves the case | may happen when the case is | what it says |", "|---|---|---|---|---|"]
    for kind, cls in EVENT_TYPES.items():
        moves = "no, adds to it" if issubclass(cls, Addition) else "yes"
        when = "any status" if len(ALLOWED[kind]) > 10 else ", ".join(sorted(ALLOWED[kind]))
        rows.append(f"| `{kind}` | {OWNERS[kind]} | {moves} | {when} | {sentence(cls)} |")
    return "\n".join(rows)


def members() -> str:
    """What each event holds beyond what all hold."""
    parts = []
    for kind, cls in EVENT_TYPES.items():
        own = [name for name in cls.model_fields if name not in Event.model_fields and name not in ("type", "on")]
        schema = cls.model_json_schema()["properties"]
        parts.append(f"- `{kind}`: " + (", ".join(f"`{name}` ({kind_of(schema[name])})" for name in own) or "nothing more"))
    return "\n".join(parts)


def kind_of(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(kind_of(option) for option in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    return "time" if schema.get("format") == "date-time" else str(schema.get("type", "one of " + str(schema.get("enum"))))


def states() -> str:
    """The state diagram, drawn from ALLOWED and from what each event does to a case in each status."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for kind, cls in EVENT_TYPES.items():
        if issubclass(cls, Addition):
            continue
        for status in sorted(ALLOWED[kind], key=str):
            for target in targets(kind, status):
                if target is not status:
                    arrows.setdefault((status, target), []).append(kind)
    lines = ["```mermaid", "stateDiagram-v2"]
    for (source, goal), kinds in arrows.items():
        begin = "[*]" if source == Status.UNKNOWN else source
        lines.append(f"    {begin} --> {goal}: {', '.join(kinds)}")
    lines += [f"    {end} --> [*]" for end in (Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN)]
    return "\n".join([*lines, "```"])


def targets(kind: str, status: Status) -> set[Status]:
    """The statuses that the sample of this event leads to from `status`, for the same and for another department."""
    sample = Path(__file__).parent.parent / "tests" / "samples" / f"{kind}.v1.json"
    raw = json.loads(sample.read_text(encoding="utf-8"))
    event = EVENT_TYPES[kind].model_validate({**raw, "on": 0, "case_id": "a", "id": "x"})
    what = getattr(event, "classification", None)
    cases = [Case(id="a", status=status, department=department) for department in (what.department if what else "one", "another")]
    allowed = [case for case in cases if fits(case, event) or case.status in ALLOWED[kind]]  # type: ignore[arg-type]
    return {changed(case, event).get("status", case.status) for case in allowed}  # type: ignore[arg-type]


def measures() -> str:
    """The table of all metrics."""
    rows = ["| metric | kind | labels | what it counts or measures |", "|---|---|---|---|"]
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            described = next(iter(metric.describe()))
            name = described.name + ("_total" if described.type == "counter" else "")
            labels = ", ".join(f"`{label}`" for label in metric._labelnames) or "none"
            rows.append(f"| `{name}` | {described.type} | {labels} | {described.documentation} |")
    return "\n".join(rows)


def settings() -> str:
    """The table of all settings."""
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "none" if field.default in (None, "") else f"`{field.default}`"
        rows.append(f"| `GRIDCASE_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def access() -> str:
    """The table of who may do what."""
    rows = ["| service | action | " + " | ".join(Role) + " | nobody |", "|---|---|" + "---|" * (len(Role) + 1)]
    for (service, method, path), row in ACCESS.items():
        cells = [str(row.reach.get(role, "open" if row.anybody else "")) for role in Role]
        rows.append(f"| {service} | `{method} {path}` | " + " | ".join([*cells, "open" if row.anybody else ""]) + " |")
    return "\n".join(rows)


def figures() -> str:
    """What each figure for dashboards is, in both languages, under its own heading."""
    parts = [
        f"### {name}\n\n**{defined.name.en}** / {defined.name.zh} ({defined.unit}). {defined.text.en}\n\n{defined.text.zh}\n"
        for name, defined in DEFINITIONS.items()
    ]
    return "\n".join(parts)


def asyncapi() -> str:
    """The topic as an AsyncAPI 3 document."""
    schemas: dict[str, Any] = {}
    for kind, cls in EVENT_TYPES.items():
        schema = cls.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[kind] = schema
    payloads = {
        kind: {
            "name": kind,
            "summary": sentence(cls),
            "contentType": "application/json",
            "bindings": {"kafka": {"key": {"type": "string", "description": "the case id"}}},
            "payload": {"$ref": f"#/components/schemas/{kind}"},
        }
        for kind, cls in EVENT_TYPES.items()
    }
    channel = {
        "address": "case-events",
        "description": "Every fact about every case, keyed by case id, in order within a case, kept for ever.",
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in payloads},
        "bindings": {"kafka": {"partitions": 12, "topicConfiguration": {"retention.ms": -1, "cleanup.policy": ["delete"]}}},
    }
    operations: dict[str, Any] = {}
    for service in dict.fromkeys(OWNERS.values()):
        said = [{"$ref": f"#/channels/caseEvents/messages/{kind}"} for kind, owner in OWNERS.items() if owner == service]
        operations[f"{service}Says"] = {"action": "send", "channel": {"$ref": "#/channels/caseEvents"}, "messages": said}
    schemas["look"] = Look.model_json_schema(ref_template="#/components/schemas/{model}")
    payloads["look"] = {"name": "look", "contentType": "application/json", "payload": {"$ref": "#/components/schemas/look"}}
    looks = {
        "address": "case-events.looks",
        "description": "Every look at a confidential case and every refused try, keyed by case id, written before it is answered.",
        "messages": {"look": {"$ref": "#/components/messages/look"}},
        "bindings": {"kafka": {"partitions": 1}},
    }
    operations["everyServiceNotesLooks"] = {"action": "send", "channel": {"$ref": "#/channels/looks"}}
    operations["consoleTakesLooksIn"] = {"action": "receive", "channel": {"$ref": "#/channels/looks"}}
    operations["everyServiceFolds"] = {"action": "receive", "channel": {"$ref": "#/channels/caseEvents"}}
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "gridcase case events", "version": "1.0.0", "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "channels": {"caseEvents": channel, "looks": looks},
        "operations": operations,
        "components": {"messages": payloads, "schemas": dict(sorted(schemas.items()))},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def openapi(service: str) -> str:
    """The HTTP interface of a service."""
    api = importlib.import_module(f"services.{service}.app").api
    return json.dumps(api.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


PARTS: dict[str, Callable[[], str]] = {
    "access": access,
    "events": events,
    "members": members,
    "states": states,
    "measures": measures,
    "settings": settings,
    "figures": figures,
}


def made(page: str) -> str:
    """Return the page with its made parts made anew. Raises KeyError for a part that nobody makes."""
    return MADE.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}\n{found[3]}", page)


def documents() -> dict[Path, str]:
    """Return every document with made parts as it should be, by path."""
    pages = {page: made(page.read_text(encoding="utf-8")) for page in sorted(DOCS.glob("*.md"))}
    apis = {DOCS / "openapi" / f"{name}.json": openapi(name) for name in ("console", "intake", "triage", "dispatch", "closure")}
    return {**pages, **apis, DOCS / "asyncapi.json": asyncapi()}


if __name__ == "__main__":
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
