"""What every call of GeoReport v2 has in common: its notation, its jurisdiction, its space, and the words of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from services.intake.open311.formats import Plain, answer
from services.intake.open311.spaces import TEST, Production, Space, Tests
from shared.city import City
from shared.process import Process
from shared.web import Language, Now, Problem, TheCity, TheProcess, problem

NOTATIONS = ("xml", "json")


@dataclass(frozen=True)
class Here:
    """One call. `given` are the parameters of the address that are not empty."""

    process: Process
    city: City
    language: str
    now: datetime
    space: Space
    given: Mapping[str, str]
    notation: str

    def answer(self, root: str, told: Plain) -> Response:
        return answer(root, told, self.notation, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Language": self.language, "Vary": "Accept-Language"}

    def must_serve(self, jurisdiction: str) -> None:
        """Raise a problem for a jurisdiction that is not served (404), or for none where there are several (400)."""
        served = self.city.open311.jurisdictions or (self.city.name,)
        if not jurisdiction and len(served) > 1:
            raise problem(400, f"jurisdiction_id is needed: {', '.join(served)}.", f"请填写 jurisdiction_id：{'、'.join(served)}。")
        if jurisdiction and jurisdiction not in served:
            raise problem(404, f"There is no jurisdiction {jurisdiction[:100]}.", f"没有辖区 {jurisdiction[:100]}。")


async def here(request: Request, fmt: str, process: TheProcess, city: TheCity, language: Language, now: Now) -> Here:
    """Return the call. Raises a 404 problem for a notation that there is not."""
    if fmt not in NOTATIONS:
        raise not_found(request)
    space = Tests(process) if request.url.path.startswith(f"{TEST}/") else Production(process)
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    return Here(process, city, language, now, space, given, fmt)


async def read_here(at: Annotated[Here, Depends(here)]) -> Here:
    """Return a call that only reads: its jurisdiction is checked at once."""
    at.must_serve(at.given.get("jurisdiction_id", "").strip())
    return at


Call = Annotated[Here, Depends(here)]
Read = Annotated[Here, Depends(read_here)]


def not_found(request: Request) -> Problem:
    path = request.url.path
    return problem(404, f"There is nothing at {path}; the notations are .xml and .json.", f"没有 {path}；格式为 .xml 或 .json。")
