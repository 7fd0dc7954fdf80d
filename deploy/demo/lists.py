"""The lists that people look at before they act: what does not stand there is not theirs to do any more."""

import asyncio
from typing import Any

from deploy.demo.acts import Act
from deploy.demo.calls import Calls

# Step: service, path, and the member of the answer that holds the cases.
LOOKS: dict[str, tuple[str, str, str | None]] = {
    "acceptance": ("dispatch", "/staff/{actor}/tasks", "tasks"),
    "refusal": ("dispatch", "/staff/{actor}/tasks", "tasks"),
    "confirmation": ("triage", "/staff/{actor}/verifications", None),
    "explanation": ("dispatch", "/supervision", None),
    "ruling": ("dispatch", "/queue", None),
    "verification": ("closure", "/queue", None),
    "rework": ("closure", "/queue", None),
    "decision": ("closure", "/queue", None),
    "callback": ("closure", "/callbacks", None),
}
SETTLED = frozenset({"verification", "rework"})  # not on the list: somebody else has done it, and there is nothing to plan anew


class Lists:
    """The lists of one turn; each is fetched once."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.shown: dict[str, asyncio.Task[set[str]]] = {}

    async def show(self, act: Act) -> bool:
        """Whether the case is on the list that the person looks at before acting."""
        if act.step not in LOOKS:
            return True
        service, path, member = LOOKS[act.step]
        path = path.format(actor=act.actor)
        if (service + path) not in self.shown:
            self.shown[service + path] = asyncio.create_task(self.listed(service, path, member))
        return act.case_id in await self.shown[service + path]

    async def listed(self, service: str, path: str, member: str | None) -> set[str]:
        told: Any = await self.calls.look(service, path)
        return {case["id"] for case in (told[member] if member else told)}
