"""The day as it is lived: turn after turn people act, all becomes quiet, people look what has changed, and the clock moves on."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.acts import Act, Seen
from deploy.demo.calls import Calls
from deploy.demo.day import Report
from deploy.demo.diary import Diary, Entry
from deploy.demo.lists import SETTLED, Lists
from deploy.demo.pace import Pace
from deploy.demo.people import plan
from deploy.demo.plan import Known
from deploy.demo.quiet import Quiet
from shared.case import ENDS, OPEN, Status
from shared.city import City

REPORTS_WAIT = timedelta(minutes=20)  # when the clock jumps, reports of so long are sent together
IDLE = timedelta(hours=6)  # when nobody means to do anything
ATTEMPTS = 6
WHOLE_LOOK_EACH = 20  # turns
LOOKS_BACK = 2  # looks that see a change, should it have been saved too late for the first one
PAGE, LONG_PAGE = 25, 200  # cases of what changed, and of all that are open


class Life:
    """Residents and staff of one city. `reports` are sent when their time comes."""

    def __init__(self, city: City, reports: Iterable[Report], calls: Calls, quiet: Quiet, pace: Pace, seed: int) -> None:
        self.city, self.calls, self.quiet, self.pace, self.seed = city, calls, quiet, pace, seed
        self.unsent = deque(reports)
        self.diary = Diary()
        self.filed: dict[str, str] = {}  # case of each report, by the report's key
        self.reports: dict[str, Report] = {}  # by case
        self.statuses: dict[str, Status] = {}
        self.given_back: dict[str, str] = {}  # who did, by case
        self.insisted: dict[str, str] = {}  # on whom, by case
        self.again: set[str] = set()  # cases to look at, whether they have changed or not
        self.looked = deque([pace.now] * LOOKS_BACK, maxlen=LOOKS_BACK)
        self.turns = 0
        self.surprises: list[str] = []
        self.stuck: set[str] = set()
        self.taken: frozenset[str] = frozenset()  # posts that somebody who looks at the demo acts for
        self.before_acting: Callable[[], None] = lambda: None

    async def turn(self) -> None:
        """Let people act, wait for silence, let them look, and move the clock on."""
        self.turns += 1
        await self.send()
        await self.act()
        if await self.quiet.wait(self.pace) or self.again or not len(self.diary):
            await self.look()
        await self.pace.to(self.until())

    def until(self) -> datetime:
        """Return until when the clock may move without anybody missing anything."""
        moments = [self.diary.next(), self.unsent[0].at + REPORTS_WAIT if self.unsent else None]
        return max(self.pace.now, min((one for one in moments if one is not None), default=self.pace.now + IDLE))

    @property
    def over(self) -> bool:
        """Whether every report has come to its end and nobody has anything more to say about it."""
        ended = ENDS | {Status.CLOSED}
        return not self.unsent and all(
            (self.statuses.get(case) in ended and not self.diary.waits(case)) or case in self.stuck for case in self.reports
        )

    # -- act

    async def send(self) -> None:
        """Send the reports whose time has come."""
        ready = []
        while self.unsent and self.unsent[0].at <= self.pace.now:
            ready.append(self.unsent.popleft())
        await asyncio.gather(*(self.send_one(report) for report in ready))

    async def send_one(self, report: Report) -> None:
        self.before_acting()
        case_id = await self.calls.report(report)
        self.filed[report.key] = case_id
        self.reports[case_id] = report

    async def act(self) -> None:
        """Do what is due; two people may well do two things to one case at the same moment."""
        lists = Lists(self.calls)
        await asyncio.gather(*(self.act_one(entry, lists) for entry in self.diary.due(self.pace.now)))

    async def act_one(self, entry: Entry, lists: Lists) -> None:
        act = entry.act
        if not act.step:
            self.again.add(act.case_id)
            return
        if act.actor in self.taken:
            return
        self.before_acting()
        if not await lists.show(act):
            if act.step not in SETTLED:
                self.not_done(entry)
            return
        answer = await self.calls.act(act, entry.key)
        if answer.done:
            self.remember(act)
            return
        if not answer.beaten:
            self.surprises.append(f"{act.step} of case {act.case_id} by {act.actor} was answered {answer.status}: {answer.told}")
        self.not_done(entry)

    def remember(self, act: Act) -> None:
        """Note what people will know later, and look again where the fact stands further back than the others look."""
        if act.step in ("refusal", "return"):
            self.given_back[act.case_id] = act.actor
        elif act.step == "assignment" and act.body and act.body.get("insist"):
            self.insisted[act.case_id] = str(act.body["person"])
        if act.happened is not None or act.step == "record":
            self.again.add(act.case_id)

    def not_done(self, entry: Entry) -> None:
        """Somebody was faster: look again, unless a rule keeps saying no."""
        case_id = entry.act.case_id
        if not self.diary.refused(entry):
            return
        self.again.add(case_id)
        self.tried(case_id, entry.planned)

    def tried(self, case_id: str, version: int) -> None:
        """Count a plan that came to nothing; a case about which many did is left to the reader of the summary."""
        self.diary.attempts[case_id, version] += 1
        if self.diary.attempts[case_id, version] >= ATTEMPTS:
            self.stuck.add(case_id)

    # -- look

    async def look(self) -> None:
        """See what has changed since the last look, and make plans."""
        whole = self.turns % WHOLE_LOOK_EACH == 0 or not len(self.diary)
        again, self.again = self.again, set()
        since = self.looked[0]
        self.looked.append(self.pace.now)
        cases = {case.id: case for case in await (self.all_open(since) if whole else self.changed(since))}
        for case_id in sorted(again - cases.keys()):
            if told := await self.calls.look("console", f"/cases/{case_id}"):
                cases[case_id] = Seen.model_validate(told)
        for case in cases.values():
            self.statuses[case.id] = case.status
            if not self.diary.knows(case.id, case.version):
                self.think(case)
            elif case.status in OPEN and not self.diary.waits(case.id) and case.assignee not in self.taken:  # it did not go on as expected
                self.tried(case.id, case.version)
                self.think(case)

    async def changed(self, since: datetime) -> list[Seen]:
        """Return the cases that came into their status at `since` or later."""
        found: list[Seen] = []
        cursor: dict[str, Any] = {}
        while True:
            page = await self.calls.look("console", "/cases", sort="-since", limit=PAGE, **cursor)
            found += map(Seen.model_validate, page["items"])
            if not page["next"] or found[-1].since < since:
                return found
            cursor = {"cursor": page["next"]}

    async def all_open(self, since: datetime) -> list[Seen]:
        """Return every open case, and those that have ended since then."""
        found, cursor = await self.changed(since), dict[str, Any]()
        while True:
            page = await self.calls.look("console", "/cases", open="true", limit=LONG_PAGE, **cursor)
            found += map(Seen.model_validate, page["items"])
            if not page["next"]:
                return found
            cursor = {"cursor": page["next"]}

    def think(self, case: Seen) -> None:
        """Make plans for a case; each version and attempt has its own dice, so that a seed makes the same day."""
        report = self.reports.get(case.id)
        attempt = self.diary.attempts[case.id, case.version]
        dice = Random(f"{self.seed}/{report.key if report else case.number}/{case.version}/{attempt}")
        original = self.filed.get(report.echoes) if report and report.echoes else None
        known = Known(self.city, report, original, attempt, self.given_back.get(case.id), self.insisted.get(case.id))
        if case.id in self.stuck:
            return
        self.diary.plan(case.id, case.version, plan(case, known, self.pace.now, dice), dice)

    def counted(self) -> Counter[Status]:
        """Return how many of the reports stand where."""
        return Counter(self.statuses.get(case, Status.REPORTED) for case in self.reports)
