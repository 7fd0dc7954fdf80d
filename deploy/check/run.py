"""The whole check, in order: find the copies, wait for silence, read the log, then hold everything else against it."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from pymongo.errors import PyMongoError

from deploy.check import copies as rows
from deploy.check import views
from deploy.check.clients import Told, check_clients, read_clients
from deploy.check.copies import Client, Copy
from deploy.check.findings import Findings
from deploy.check.history import History, begin
from deploy.check.log import Log, reading
from deploy.check.whole import check_whole
from deploy.refusal import CannotDo

Progress = Callable[[str, int, int], None]  # what is read, how much more of it was, how much there is
PATIENCE = 60.0  # seconds, at least, for services to fall silent


@dataclass(frozen=True)
class Result:
    """What was read and what is wrong; nothing is if `violations` is empty."""

    events: int
    cases: int
    copies: list[str]
    violations: list[str]
    notes: list[str] = field(default_factory=list)


def quietly(what: str, more: int, of: int) -> None:
    """Show no progress."""


def run_check(
    kafka: str,
    mongo: str,
    database: str = "gridcase",
    topic: str = "case-events",
    reports: Path | None = None,
    wait: float = 0.0,
    now: datetime | None = None,
    bound: timedelta = timedelta(hours=1),
    progress: Progress = quietly,
) -> Result:
    """Read the log and every database, and say what breaks the invariants.

    `reports` is a file of answers to clients; `wait` the seconds for which all must have stood still; with `now` a deadline that
    passed more than `bound` ago must have been stated. Raises CannotDo if something cannot be read. Not inside a running event loop:
    use a thread there.
    """
    told = read_clients(reports) if reports else Told()
    client = rows.connect(mongo)
    try:
        return asyncio.run(checked(client, kafka, database, topic, told, wait, now, bound, progress))
    except PyMongoError as error:
        raise CannotDo(f"MongoDB cannot be read: {error!r}") from error
    finally:
        client.close()


async def checked(
    client: Client,
    kafka: str,
    database: str,
    topic: str,
    told: Told,
    wait: float,
    now: datetime | None,
    bound: timedelta,
    progress: Progress,
) -> Result:
    findings = Findings()
    copies = rows.find_copies(client, database)
    async with reading(kafka, topic) as log:
        silent = await fallen_silent(log, client, copies, wait)
        if not silent:
            findings.add(10, f"the log did not stand still for {wait:g} s within {patience(wait):.0f} s")
        history = await fold_log(log, client, copies, told, findings, progress)
        check_whole(history, await log.letters(), now, bound)
        check_clients(told, history)
        check_copies(client, copies, history, progress)
        check_ends(await log.ends(), copies, history, wait > 0 and silent)
    return Result(history.events, len(history.cases), [copy.name for copy in copies], findings.violations(), findings.notes)


def patience(wait: float) -> float:
    return max(PATIENCE, 10 * wait)


async def fallen_silent(log: Log, client: Client, copies: list[Copy], wait: float) -> bool:
    """Wait until neither the log nor any copy has moved for `wait` seconds; return whether that came."""
    began = since = monotonic()
    last: object = None
    while wait > 0 and monotonic() - since < wait:
        if monotonic() - began > patience(wait):
            return False
        for copy in copies:
            rows.read_progress(client, copy)
        here = await log.ends(), [copy.progress for copy in copies]
        if here != last:
            last, since = here, monotonic()
        await asyncio.sleep(min(0.25, wait))
    return True


async def fold_log(log: Log, client: Client, copies: list[Copy], told: Told, findings: Findings, progress: Progress) -> History:
    """Read how far everybody is, in the order that lets nothing seem further than it is, then the log up to its end."""
    for copy in copies:
        copy.committed = await log.committed(copy.name)
        rows.read_progress(client, copy)
    begins, ends = await log.begins(), await log.ends()
    wanted = frozenset((p, next - 1) for copy in copies for p, (next, _) in copy.progress.items())
    history = History(findings, begin(findings, begins, ends), log.place_of, wanted, frozenset(told.answers))
    total = sum(ends.values()) - sum(begins.values())
    async for record in log.messages(begins, ends, lambda count: progress("the log", count, total)):
        history.read(record.partition, record.offset, record.key, record.value)
    return history


def check_copies(client: Client, copies: list[Copy], history: History, progress: Progress) -> None:
    """Hold every copy, and the console's views, against the fold."""
    rows.check_completeness(copies, history)
    for copy in copies:
        rows.check_progress(copy, history)

        def found(collection: str, ids: Collection[str], copy: Copy = copy) -> rows.Documents:
            what = f"{copy.name}.{collection}"
            return rows.documents(client, copy, collection, ids, lambda count: progress(what, count, len(ids)))

        check_rows(rows.check_cases, copy, found("cases", history.cases), history)
        if copy.service == "console":
            check_rows(views.check_timeline, copy, found("timeline", history.places()), history)
            check_rows(views.check_totals, copy, found("totals", ()), history)
            check_rows(views.check_times, copy, found("times", ()), history)


def check_rows(check: Callable[[Copy, rows.Documents, History], None], copy: Copy, found: rows.Documents, history: History) -> None:
    """Check the rows of one collection; rows of another make are a violation too."""
    try:
        check(copy, found, history)
    except KeyError as missing:
        history.findings.add(5, f"{copy.name} has rows without the member {missing}: another version of {copy.service} made them")


def check_ends(ends: dict[int, int], copies: list[Copy], history: History, silence: bool) -> None:
    """See whether the log grew meanwhile, and that no row lies beyond it even so."""
    grown = sum(end - history.parts[p].end for p, end in ends.items())
    if grown and silence:
        history.findings.add(10, f"{grown} messages were said while the log was checked, expected silence")
    elif grown:
        history.findings.note(f"The log grew by {grown} messages while it was checked; what is new was left out.")
    for copy in copies:
        for p, offset in copy.ahead.items():
            if offset >= ends[p]:
                history.findings.add(6, f"{copy.name} has a row beyond the end of the log, {ends[p]}", place=(p, offset))
