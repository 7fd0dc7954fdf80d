"""How often simulated people do what they do; what each share means stands in habits.toml."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from deploy.demo.texts import Share


class Habits(BaseModel):
    """Shares of those to whom it could happen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unlooked: Share
    unfounded: Share
    remerged: Share
    reclassified: Share
    separated: Share
    parted: Share

    unanswered: Share
    refused: Share
    handled_before: Share
    insisted: Share
    appealed: Share
    upheld: Share
    withdrawn: Share

    contacted: Share
    noted: Share
    extended: Share
    returned: Share
    paused: Share
    transferred: Share
    finished_at_once: Share
    recorded: Share
    overtime: Share
    explained: Share
    explained_by_head: Share
    photographed: Share
    photo_forgotten: Share
    supplemented: Share

    reworked: Share
    rated: Share
    rated_closed: Share
    unsolved: Share
    called_back: Share
    unreachable: Share
    unsolved_on_call: Share
    unsatisfied: Share
    published: Share
    reopened: Share
    objected: Share
    decided: Share
    remedied: Share
    remedied_again: Share


@cache
def habits() -> Habits:
    return Habits.model_validate(tomllib.loads((Path(__file__).parent / "habits.toml").read_text("utf-8")))
