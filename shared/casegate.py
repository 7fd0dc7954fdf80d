"""The second half of the gate, where a line of the table lets a role at some cases only: the case is looked at, and so it is recorded."""

from dataclasses import dataclass, replace

from shared.access import Caller, Role, Row, confidential, may
from shared.accesstable import ACCESS
from shared.case import Case
from shared.command import fresh, newest
from shared.finding import resolved
from shared.looks import record
from shared.problems import Problem
from shared.process import Process
from shared.refusals import gone_elsewhere, not_here, not_there, wrong_key
from shared.reporters import opened_by, reporter_of


@dataclass(frozen=True)
class Asking:
    """A request about one case. `said` is the id of the fact that it would become, if it can be said again."""

    process: Process
    row: Row
    action: str
    case_id: str
    said: str | None = None

    async def at_case(self, caller: Caller, secret: str, key: str | None) -> Caller:
        """Return the caller, who may be more than before: the reporter of the case. Looks at confidential cases are recorded."""
        id = await resolved(self.process, self.case_id)
        case = await newest(self.process, id) or await fresh(self.process, id)
        caller = await self.as_reporter(caller, case, secret, key)
        if not may(caller, self.row, case, self.process.city):
            case = await fresh(self.process, id)  # a refusal must be fresh: it may just have become theirs
            caller = await self.as_reporter(caller, case, secret, key)
        again = self.said in case.ids  # it took effect, and maybe the case went to somebody else by it: only the answer got lost
        allowed = again or may(caller, self.row, case, self.process.city)
        if confidential(case, self.process.city):
            await record(self.process, [case], caller, self.row, self.action, allowed)
        if not allowed:
            raise self.refused(caller, case, key)
        return caller

    async def as_reporter(self, caller: Caller, case: Case, secret: str, key: str | None) -> Caller:
        """Return the caller as somebody who reported the case, or one that was joined to it, if the key or the account says so."""
        opened = opened_by(secret, key, (case.id, *case.followers)) if key else None
        if opened is not None:
            id = caller.id if caller.signed_in else reporter_of(opened)
            return replace(caller, id=id, roles=caller.roles | {Role.RESIDENT}, opens=frozenset({case.id}))
        if caller.signed_in and Role.RESIDENT in caller.roles and case.followers and Role.RESIDENT in self.row.reach:
            rows = await self.process.store.cases(case.followers)
            if any(row.case.reported_by == caller.id for row in rows.values()):
                return replace(caller, opens=frozenset({case.id}))
        return caller

    def refused(self, caller: Caller, case: Case, key: str | None) -> Problem:
        """Return the problem to answer with: staff who may not see the case are told that there is none, but for whom it was offered to."""
        if caller.signed_in and caller.id in case.asked:
            return gone_elsewhere(case)
        seeing = ACCESS["console", "GET", "/cases/{case_id}"]
        if caller.staff and not may(caller, seeing, case, self.process.city):
            return not_there(self.case_id)
        return wrong_key() if key and not caller.signed_in else not_here(self.action, self.row)
