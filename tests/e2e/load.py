"""Residents and staff who report and act over HTTP, whatever happens to the services, and write down every answer they get."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from shared.events import derived_id
from shared.reporters import reporter_of
from tests.deployment import RESIDENT, Deployed
from tests.eventually import eventually
from tests.facts import ADVICE, GAS, LAMP, NOISE

OPERATOR = "operator-02"
AT_ONCE = 10  # lives
AWAY = (502, 503, 504)
PATIENCE = 180.0  # seconds for which somebody tries again
ENDED = ("merged", "rejected", "withdrawn", "closed")
KINDS = (
    (NOISE, "楼上太吵"),
    (LAMP, "路灯不亮"),
    ("06028-E", "Lift music all night"),
    (NOISE, "Music next door"),
    (ADVICE, "怎么办居住证？"),
)


@dataclass(frozen=True)
class Answered:
    """A command, and what was answered; `event_id` is the id of the fact that it becomes."""

    case_id: str
    step: str
    event_id: str | None
    status: int


@dataclass
class Load:
    """All lives, and what came of them so far."""

    here: Deployed
    file: Path
    lives: int
    reports: dict[str, str] = field(default_factory=dict)  # key: case
    commands: list[Answered] = field(default_factory=list)
    done: int = 0
    tried_again: int = 0

    async def run(self) -> None:
        """Let all lives happen, a few at once."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(n: int) -> None:
            async with room:
                await self.live(n)
                self.done += 1

        async with asyncio.TaskGroup() as group:
            for n in range(self.lives):
                group.create_task(one(n))

    async def live(self, n: int) -> None:
        """One report, and whatever people do about it until nothing is left to do."""
        case_id = await self.report(n)
        if n % 25 == 24:
            return  # nobody ever answers: it climbs the ladder
        acted: set[str] = set()
        await eventually(partial(self.go_on, n, case_id, acted), PATIENCE, every=0.25)

    async def report(self, n: int) -> str:
        category, text = (GAS, "闻到煤气味") if n % 20 == 7 else KINDS[n % len(KINDS)]
        spot = {"lat": 30.002 + 0.0011 * (n % 19), "lon": 104.002 + 0.0017 * (n % 21)}
        if category == LAMP:
            spot = {"lat": 30.0103, "lon": 104.0103 + 0.002 * (n % 4)}
        key, body = f"report-{n}", {"text": f"{text} {n}", "category": category, "channel": "phone", "location": spot}
        answer = await self.send("intake", "/reports", key, None, body)
        assert answer.status_code == 201, answer.text
        case_id = self.here.remember(answer)
        assert self.reports.setdefault(key, case_id) == case_id
        self.note({"answered": 201, "case_id": case_id, "key": key})
        return case_id

    async def go_on(self, n: int, case_id: str, acted: set[str]) -> bool:
        """Do the next thing about a case; return whether nothing is left to do."""
        shown = await self.look(case_id)
        status = shown.get("status", "unknown")
        assignee, version = shown.get("assignee"), shown.get("version")
        match status:
            case "assigned" if n % 10 == 3 and "refusal" not in acted:
                acted.add("refusal")
                await self.act(case_id, "dispatch", "refusal", assignee, {"reason": "太远"}, version)
            case "assigned" if n % 10 == 4:
                accept = self.act(case_id, "dispatch", "acceptance", assignee, None, None)
                await asyncio.gather(accept, self.act(case_id, "dispatch-2", "refusal", assignee, {"reason": "太远"}, None))
            case "assigned":
                await self.act(case_id, ("dispatch", "dispatch-2")[n % 2], "acceptance", assignee, None, version)
            case "accepted" if n % 10 == 6:
                await self.act(case_id, "intake", "withdrawal", RESIDENT, {"reason": "好了"}, version)
            case "accepted" if n % 2:
                await self.act(case_id, "dispatch", "start", assignee, None, version)
            case "accepted" | "working":
                done = {"outcome": f"处理完毕 {n}", "media": [f"photo:{n}"]}
                await self.act(case_id, ("dispatch-2", "dispatch")[n % 2], "completion", assignee, done, version)
            case "completed" if n % 11 == 5 and "rating" not in acted:
                acted.add("rating")
                await self.act(case_id, "closure", "rating", RESIDENT, {"solved": False, "score": 1}, None)
            case "completed":
                await self.act(case_id, "closure", "verification", OPERATOR, {"reason": "看过"}, None)
                return True
        return status in ENDED

    async def look(self, case_id: str) -> dict[str, Any]:
        """Return what the console knows of the case; nothing while it cannot be asked."""
        try:
            answer = await self.here.ask("GET", "console", f"/cases/{case_id}", by=self.here.badges.observer, timeout=5)
        except httpx.TransportError:
            return {}
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        return found

    async def act(self, case_id: str, process: str, step: str, by: str | None, body: Mapping[str, Any] | None, version: int | None) -> None:
        assert by is not None
        path, key = f"/cases/{case_id}/{step}", f"{step}-{version}-{len(self.commands)}"
        answer = await self.send(process, path, key, by, body, version)
        digest = hashlib.sha256(encoded(body)).hexdigest()
        actor = reporter_of(case_id) if by == RESIDENT else by
        id = None if step == "rating" else derived_id("key", actor, key, "POST", path, digest)
        self.commands.append(Answered(case_id, step, id, answer.status_code))
        self.note({"command": f"POST {path}", "event_id": id, "answered": answer.status_code})

    async def send(
        self, process: str, path: str, key: str, by: str | None, body: Mapping[str, Any] | None, version: int | None = None
    ) -> httpx.Response:
        """Send until there is an answer that says what happened; the key makes that harmless."""
        typed = {"Content-Type": "application/json"} if body is not None else {}
        matched = {"If-Match": f'"{version}"'} if version is not None else {}
        headers = {**self.here.signed(by, path), "Idempotency-Key": key, **typed, **matched}
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    url = self.here.url(process) + path
                    answer = await self.here.web.post(url, content=encoded(body), headers=headers)
                    if answer.status_code not in AWAY:
                        return answer
                except httpx.TransportError:  # cut off: it may have happened or not
                    pass
                self.tried_again += 1
                await asyncio.sleep(0.25)

    def note(self, line: Mapping[str, Any]) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def encoded(body: Mapping[str, Any] | None) -> bytes:
    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
