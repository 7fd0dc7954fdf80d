"""What staff see of a case as it is now: the answer to every command."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from shared.case import Case, Status
from shared.terms import Grade


class CaseView(BaseModel):
    """A case as it is now. Times are UTC; `version` is also the ETag; `facts` counts also what makes no new version, as a note."""

    id: str
    number: str
    status: Status
    version: int
    facts: int | None
    since: datetime
    reported_at: datetime
    category: str | None
    condition: str | None
    grade: Grade | None
    grid: str | None
    department: str | None
    assignee: str | None
    role: str | None
    informed: tuple[str, ...]
    answer_by: datetime | None
    respond_by: datetime | None
    resolve_by: datetime | None
    overdue: bool
    level: int
    into: str | None
    followers: tuple[str, ...]
    pause_reason: str | None
    look_again_at: datetime | None
    outcome: str
    verified: bool
    closings: int
    reopenings: int

    @classmethod
    def of(cls, case: Case) -> Self:
        """Return what there is to see."""
        what = case.classification
        same = {name: getattr(case, name) for name in cls.model_fields if name in Case.model_fields}
        return cls(
            **same,
            facts=len(case.ids),
            category=what.category if what else None,
            condition=what.condition if what else None,
            grade=case.grade,
            grid=what.grid if what else None,
            overdue=case.overdue,
        )

    @classmethod
    def for_reporter(cls, case: Case) -> Self:
        """Return what a reporter sees of it: nobody's id, and no other report."""
        if case.classification is not None and case.classification.confidential:  # as GET /cases/{id} of intake: how it stands, no more
            case = Case(**{name: getattr(case, name) for name in ("id", "number", "status", "version", "since", "reported_at")})
        return cls.of(case).model_copy(update={"facts": None, "assignee": None, "informed": (), "into": None, "followers": ()})
