"""Who is let in, at every route, with every role and kind of case: what happens is what stands in the table, and what the page says."""

import re
from functools import lru_cache

import pytest

from deploy.documents import DOCS
from shared.access import Role
from tests.unit.access.matrix import ASKERS, KINDS, TABLE, lines, read

REACHED = {
    "all": {"own", "unit", "grid", "other", "sealed-own"},
    "unit": {"own", "unit", "sealed-own"},
    "grid": {"own", "grid", "sealed-own"},
    "own": {"own", "sealed-own"},
}
WITH_CASE = "{case_id}"


@lru_cache
def page() -> dict[tuple[str, str], dict[str, str]]:
    """Return the table of the documentation: service and action, and the reach of each role."""
    found = {}
    rows = re.findall(r"^\| (\w+) \| `([^`]+)` \| (.*) \|$", (DOCS / "access.md").read_text(encoding="utf-8"), re.MULTILINE)
    for service, action, cells in rows:
        found[service, action] = dict(zip([*Role, "nobody"], [cell.strip() for cell in cells.split("|")], strict=True))
    return found


def promised(service: str, action: str) -> dict[str, str]:
    """Return the line of a route: its own, or that of the longest beginning that stands for it."""
    begun = [line for of, line in page() if of == service and line.endswith("*") and action.startswith(line.removesuffix("*"))]
    return page()[service, action if (service, action) in page() else max(begun, key=len)]


async def test_what_happens_is_what_is_written():
    assert await lines() == TABLE.read_text(encoding="utf-8").splitlines(), (
        "run `python -m tests.unit.access.matrix` and read the difference"
    )


@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: asker.name)
def test_what_happened_is_what_the_page_promises(asker):
    seen = 0
    for service, action, name, outcomes in read(TABLE.read_text(encoding="utf-8")):
        if name != asker.name:
            continue
        role = asker.role or ("resident" if name == "reporter's key" and WITH_CASE in action else "nobody")
        reach = promised(service, action)[role]
        if asker.role is None and name == "nobody":
            reach = promised(service, action)["nobody"]
        seen += 1
        let_in = {
            kind for kind, outcome in zip(KINDS, outcomes * (len(KINDS) if len(outcomes) == 1 else 1), strict=False) if outcome == "in"
        }
        if reach == "open" or promised(service, action)["nobody"] == "open":
            assert set(outcomes) == {"in"}, (service, action)
        elif not reach:
            assert "in" not in outcomes, (service, action)
        elif WITH_CASE in action:
            more = {"sealed"} if name == "supervisor named" and reach == "all" else set()
            assert let_in == REACHED[reach] | more, (service, action)
        else:
            assert outcomes[0] == "in", (service, action)
    assert seen > 60


def test_nobody_is_told_of_a_confidential_case_that_is_not_for_them():
    tried = [
        (action, name, outcomes[KINDS.index("sealed")])
        for _, action, name, outcomes in read(TABLE.read_text(encoding="utf-8"))
        if len(outcomes) == len(KINDS) and name not in ("supervisor named", "reporter's key", "resident")
    ]
    assert {outcome for _, _, outcome in tried} == {"404"}
    assert len(tried) > 100
