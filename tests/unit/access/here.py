"""The real application of a service and its real gate, with cases in memory: whatever is let in is answered 418 before it acts."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc import jwk
from starlette.types import Receive, Scope, Send

from deploy.issuer.keys import new_key, public
from deploy.issuer.minting import Mint
from shared.access import Role
from shared.asked import process_of
from shared.case import Case, Status
from shared.citypack import city_folder, load_city
from shared.events import Classification
from shared.gate import Gate
from shared.looks import Look
from shared.problems import problem
from shared.settings import Settings
from shared.stream import Away
from shared.terms import Clock, Grade, Limit
from shared.tokens import Tokens

CITY = load_city(city_folder("demo"))
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
KEY: jwk.ECKey = new_key()
ISSUER, SECRET = "https://issuer.example.org", "s" * 40
MINT = Mint(KEY, ISSUER)


def case(id: str, *, department: str = "police", grid: str | None = "G15", sealed: bool = False, **more: Any) -> Case:
    """Return a case that somebody works on."""
    what = Classification(
        category="06022",
        group="life",
        condition="any",
        grade=Grade.NORMAL,
        department=department,
        grid=grid,
        limit=Limit(amount=1, clock=Clock.URGENT_HOURS),
        respond_by=NOON,
        resolve_by=NOON,
        confidential=sealed,
        check=False,
        rules="1",
    )
    return Case(id=id, status=Status.WORKING, number="1", classification=what, department=department, **more)


@dataclass
class Here:
    """What a gate asks of its process. `away` cuts the topic of looks off."""

    service: str
    settings: Settings
    cases: dict[str, Case] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    away: bool = False

    @property
    def process(self) -> Any:
        held: dict[int, Any] = {}
        return SimpleNamespace(
            service=SimpleNamespace(name=self.service),
            settings=self.settings,
            city=CITY,
            now=lambda: NOON,
            recipe=SimpleNamespace(known=self.cases.get, held=held, pulse=None),
            log=SimpleNamespace(note_looks=self.note, partition=lambda key: 0, ends=self.ends),
            store=SimpleNamespace(cases=self.saved, find=self.nothing, progress=self.progress),
        )

    async def note(self, looks: Sequence[tuple[str, bytes]]) -> None:
        if self.away:
            raise Away("the topic of looks is away")
        self.looks += [Look.model_validate_json(value) for _, value in looks]

    async def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        return dict.fromkeys(partitions, 0)

    async def progress(self) -> dict[int, dict[str, int]]:
        return {}

    async def saved(self, ids: Iterable[str]) -> dict[str, Any]:
        return {id: SimpleNamespace(case=self.cases[id]) for id in ids if id in self.cases}

    async def nothing(self, *_: Any, **__: Any) -> list[Any]:
        return []


async def our_keys() -> dict[str, object]:
    return public(KEY)


async def let_in() -> None:
    raise problem(418, "Let in.", "已放行。")


def served(service: str, *cases: Case, tokens: Tokens | None = None, **settings: Any) -> tuple[FastAPI, Here]:
    """Return the application of a service, and what stands behind its gate."""
    given = {"issuer": ISSUER, "secret": SECRET, "reports_per_minute": 0, "requests_per_minute": 0, **settings}
    here = Here(service, Settings.model_validate(given), {one.id: one for one in cases})
    api: FastAPI = importlib.import_module(f"services.{service}.app").api
    gate: Gate = api.state.gate
    gate.settings, gate.tokens = here.settings, tokens or Tokens(here.settings, our_keys)
    api.state.process = here.process
    api.dependency_overrides[process_of] = let_in
    return api, here


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def signed(sub: str, *roles: Role, **more: Any) -> dict[str, str]:
    return bearer(MINT.token(sub, roles, **more))


async def ask(api: FastAPI, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    """Send a request to the application, in this process. The extension `let_in` of the answer says whether the gate was passed."""
    scopes: list[Scope] = []

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await api(scope, receive, send)

    transport = httpx.ASGITransport(noting, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        answer = await client.request(method, path, headers={"Accept-Language": "en", **(headers or {})}, **more)
    answer.extensions["let_in"] = "admission" in scopes[-1]
    return answer
