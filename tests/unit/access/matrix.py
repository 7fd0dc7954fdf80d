"""Every route of every service, asked by everybody about every kind of case: what happened, as a table.

`python -m tests.unit.access.matrix` writes it to `tests/data/access.tsv`; read the difference before you commit it.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from deploy.system import SERVICES
from shared.access import Role
from shared.case import Case
from shared.reporters import key_of
from tests.unit.access.here import CITY, SECRET, Here, ask, case, served, signed

TABLE = Path(__file__).parents[2] / "data" / "access.tsv"
OWN, OTHERS, SEALED = "own", ("unit", "grid", "other"), ("sealed", "sealed-own")
KINDS = (OWN, *OTHERS, *SEALED)
MARKS = {401: "401", 403: "403", 404: "404"}


@dataclass(frozen=True)
class Asker:
    """Somebody who asks: as what, and where they belong."""

    name: str
    id: str
    role: Role | None = None

    @property
    def headers(self) -> dict[str, str]:
        return signed(self.id, self.role) if self.role else {}

    @property
    def acts_as(self) -> str:
        return f"resident:{self.id}" if self.role is Role.RESIDENT else self.id


ASKERS = (
    Asker("nobody", "nobody"),
    Asker("reporter's key", "nobody"),
    Asker("resident", "resident-01", Role.RESIDENT),
    Asker("grid_worker", "grid-worker-03", Role.GRID_WORKER),
    Asker("building_head", "building-head-03", Role.BUILDING_HEAD),
    Asker("volunteer", "volunteer-01", Role.VOLUNTEER),
    Asker("operator", "operator-01", Role.OPERATOR),
    Asker("unit", "property-worker-02", Role.UNIT),
    Asker("supervisor", "street-leader-01", Role.SUPERVISOR),
    Asker("supervisor named", "duty-officer-01", Role.SUPERVISOR),
    Asker("manager", "manager-01", Role.MANAGER),
    Asker("auditor", "auditor-01", Role.AUDITOR),
    Asker("admin", "admin-01", Role.ADMIN),
)


def cases_for(asker: Asker) -> list[Case]:
    """Return one case of each kind: whose it is, where it is, and whether it is confidential."""
    post = CITY.staff.get(asker.id)
    unit, grid = (post.department if post else "roads"), (min(post.grids) if post and post.grids else "G01")
    mine: dict[str, Any] = {"reported_by" if asker.role is Role.RESIDENT else "assignee": asker.acts_as} if asker.role else {}
    return [
        case("own", **mine),
        case("unit", department=unit, assignee="somebody-else"),
        case("grid", grid=grid, assignee="somebody-else"),
        case("other", assignee="somebody-else"),
        case("sealed", department=unit, grid=grid, sealed=True, assignee="somebody-else"),
        case("sealed-own", sealed=True, **mine),
    ]


def routes(api: FastAPI) -> list[str]:
    """Return what can be asked of the application: method and path."""
    return sorted({line.action for line in api.state.gate.lines.values()}, key=lambda action: action.split()[::-1])


async def outcome(api: FastAPI, here: Here, action: str, asker: Asker, kind: str) -> str:
    """Return what became of a request: `in`, or the status with which the gate refused it."""
    method, template = action.split()
    path = template.replace("{case_id}", kind).replace("{person_id}", asker.id if kind == OWN else "grid-worker-01")
    key = {"Gridcase-Key": key_of(SECRET, kind if kind in (OWN, "sealed-own") else "another")} if asker.name == "reporter's key" else {}
    answer = await ask(api, method, re.sub(r"\{\w+\}|\*", "x", path), {**asker.headers, **key})
    return "in" if answer.extensions["let_in"] else MARKS.get(answer.status_code, f"!{answer.status_code}")


async def lines() -> list[str]:
    """Return the whole table: where it makes no difference which case it is, one outcome stands for all."""
    table = ["\t".join(["service", "route", *(asker.name for asker in ASKERS)])]
    for service in SERVICES:
        for action in routes(served(service)[0]):
            row = [service, action]
            for asker in ASKERS:
                api, here = served(service, *cases_for(asker))
                about = KINDS if "{case_id}" in action else (OWN, "other") if "{person_id}" in action else (OWN,)
                found = [await outcome(api, here, action, asker, kind) for kind in about]
                row.append(" ".join(sorted(set(found)) if len(set(found)) == 1 else found))
            table.append("\t".join(row))
    return table


def read(text: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield service, route, who asks, and what becomes of each kind of case."""
    head, *rest = [line.split("\t") for line in text.splitlines()]
    for service, action, *cells in rest:
        for name, cell in zip(head[2:], cells, strict=True):
            yield service, action, name, cell.split()


if __name__ == "__main__":
    TABLE.write_text("\n".join(asyncio.run(lines())) + "\n", encoding="utf-8")
