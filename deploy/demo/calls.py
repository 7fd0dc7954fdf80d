"""How people reach the services: few connections, one key for each command however often it must be sent, and a record of every answer."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from deploy.demo.acts import Act
from deploy.demo.day import Report
from deploy.issuer.badges import Badges
from deploy.refusal import CannotDo
from shared.events import derived_id
from shared.reporters import reporter_of

PATIENCE = 240.0  # seconds for which a service may be away
FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0
AT_ONCE = 6  # requests
MEANT = frozenset({"rating"})  # facts whose id is not the key's but follows from what they mean
AWAY = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """What a service said in the end."""

    status: int
    told: Any

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def beaten(self) -> bool:
        """Whether somebody was faster."""
        return self.status in (409, 412)


class Calls:
    """The telephone of all simulated people. `history` is the file of answers that the check reads."""

    def __init__(self, urls: Mapping[str, str], history: Path, badges: Badges) -> None:
        self.badges, self.keys = badges, dict[str, str]()  # a reporter's key by case
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        self.urls, self.client = dict(urls), httpx.AsyncClient(trust_env=False, timeout=30, limits=limits)
        self.history: IO[str] = history.open("a", encoding="utf-8")
        self.room = asyncio.Semaphore(AT_ONCE)
        self.answers: Counter[str] = Counter()
        self.repeated = 0

    async def close(self) -> None:
        await self.client.aclose()
        self.history.close()

    async def report(self, report: Report) -> str:
        """Send a report until it is acknowledged; return the id of its case. Raises CannotDo if it is refused."""
        key = f"report-{report.key}"
        answer = await self.send("POST", "intake", "/reports", key, {}, report.body)
        if not answer.done:
            raise CannotDo(f"Intake refused a report of the day ({answer.status}): {json.dumps(answer.told, ensure_ascii=False)}")
        case_id = str(answer.told["case_id"])
        self.keys[case_id] = str(answer.told["key"])
        self.note({"answered": answer.status, "case_id": case_id, "key": key})
        return case_id

    async def act(self, act: Act, key: str) -> Answer:
        """Do what somebody means to do, and note how it was answered."""
        path = f"/cases/{act.case_id}/{act.step}"
        headers, by = self.signed(act)
        if act.version is not None:
            headers["If-Match"] = f'"{act.version}"'
        params = {"at": act.happened.isoformat()} if act.happened else None
        answer = await self.send("POST", act.service, path, key, headers, act.body, params)
        self.answers[f"{act.step} {answer.status}"] += 1
        line: dict[str, Any] = {"command": f"POST {path}", "key": key, "by": by, "answered": answer.status}
        if act.step not in MEANT:
            digest = hashlib.sha256(encoded(act.body)).hexdigest()
            line["event_id"] = derived_id("key", by, key, "POST", path, digest)
        self.note(line)
        return answer

    def signed(self, act: Act) -> tuple[dict[str, str], str]:
        """Return how somebody says who they are, and the name under which they act: staff by a token, a reporter by the key of the case."""
        if act.actor in self.badges.city.staff:
            return self.badges.bearer(act.actor), act.actor
        return {"Gridcase-Key": self.keys.get(act.case_id, "")}, reporter_of(act.case_id)

    async def look(self, service: str, path: str, **params: Any) -> Any:
        """Read something; return None if it is not there."""
        headers = self.badges.bearer(self.badges.observer)
        answer = await self.send("GET", service, path, None, headers, None, params)
        if answer.status == httpx.codes.NOT_FOUND:
            return None
        if not answer.done:
            raise CannotDo(f"{service} refused to show {path} ({answer.status}): {json.dumps(answer.told, ensure_ascii=False)}")
        return answer.told

    async def send(
        self,
        method: str,
        service: str,
        path: str,
        key: str | None,
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send until there is an answer; what may have happened or not is sent again with the same key. Raises CannotDo."""
        keyed = {"Idempotency-Key": key} if key else {}
        typed = {"Content-Type": "application/json"} if body is not None else {}
        deadline, wait = asyncio.get_running_loop().time() + PATIENCE, FIRST_WAIT
        while asyncio.get_running_loop().time() < deadline:
            answer = await self.once(method, f"{self.urls[service]}{path}", {**headers, **keyed, **typed}, encoded(body), params)
            if answer is not None and answer.status not in AWAY:
                return answer
            self.repeated += 1
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        raise CannotDo(f"{service} did not answer {method} {path} for {PATIENCE:.0f} s; its log says why.")

    async def once(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, params: Mapping[str, Any] | None
    ) -> Answer | None:
        async with self.room:
            try:
                told = await self.client.request(method, url, headers=headers, content=content, params=params)
                return Answer(told.status_code, told.json())
            except (httpx.TransportError, ValueError):  # cut off, or in the middle of an answer
                return None

    def note(self, line: Mapping[str, Any]) -> None:
        """Write down what a client was told, so that it stands even if this program ends."""
        self.history.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.history.flush()


def encoded(body: Mapping[str, Any] | None) -> bytes:
    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
