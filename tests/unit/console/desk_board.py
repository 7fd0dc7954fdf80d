"""People who look at the board of the town, and the browser page of one of them."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from services.console.desk.board import Board, Changes, Marks
from services.console.desk.rows import entry_of
from shared.access import Caller, Role, Row, marks_for, may
from shared.accesstable import READERS
from shared.case import OPEN, Case, Status
from shared.city import City
from shared.service import Fold
from tests.unit.console.histories import MONDAY
from tests.unit.console.town import TOWN

R = Role
CITY = TOWN.model_copy(update={"confidential_to": frozenset({"operator-02", "fire-02"})})
ROW = Row(READERS)


def caller(id: str, role: Role, **more: Any) -> Caller:
    return Caller(id, frozenset({role}), signed_in=True, **more)


CALLERS = (
    caller("operator-01", R.OPERATOR),
    caller("operator-02", R.OPERATOR),
    caller("works-01", R.UNIT, unit="works"),
    caller("fire-02", R.UNIT, unit="fire"),
    caller("grid-01", R.GRID_WORKER, grids=frozenset({"g1"})),
    caller("W-1", R.VOLUNTEER),
    caller("admin-01", R.ADMIN),
)


def marks(of: Caller, city: City = CITY) -> Marks:
    return marks_for(of, ROW, city)


def belongs(case: Case) -> bool:
    """Whether it is work for the desk: open, or closed against an objection."""
    return case.status in OPEN or (case.status is Status.CLOSED and case.unsolved)


def fold_in(board: Board, fold: Fold) -> None:
    """Put what a fold made of its case on the board."""
    case = fold.after
    if belongs(case):
        board.put([entry_of(case, CITY, MONDAY)])
    else:
        board.put([], [case.id])


def visible(cases: dict[str, Case], of: Caller) -> dict[str, Any]:
    """Return what somebody should see of the cases."""
    return {id: row(case) for id, case in cases.items() if belongs(case) and may(of, ROW, case, CITY)}


def row(case: Case) -> Any:
    return orjson.loads(entry_of(case, CITY, MONDAY).row)


@dataclass
class Page:
    """What a browser does with rows and changes."""

    of: Caller
    seq: int = 0
    rows: dict[str, Any] = field(default_factory=dict)
    resets: int = 0

    def load(self, board: Board) -> None:
        self.rows = {entry.id: orjson.loads(entry.row) for entry in board.seen_by(marks(self.of))}
        self.seq = board.seq

    def poll(self, board: Board) -> Changes | None:
        """Take in what has changed; read all rows anew if that is too much."""
        found = board.since(self.seq, marks(self.of))
        if found is None:
            self.resets += 1
            self.load(board)
            return None
        self.rows |= {entry.id: orjson.loads(entry.row) for entry in found.changed}
        assert set(found.gone) <= self.rows.keys()  # nobody is told of a case that they did not see
        for id in found.gone:
            del self.rows[id]
        self.seq = board.seq
        return found
