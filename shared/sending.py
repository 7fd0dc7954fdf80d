"""What counts when somebody is chosen: every weight is in seconds of waiting that it is worth, so that all of them add up to one time.

The values are proposals, tuned by `gridcase simulate` on other seeds than those that are reported; a city may say others.
"""

from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from shared.category import FROZEN
from shared.people import Role

WALK, BICYCLE, VAN = 1.3, 4.0, 7.0  # metres a second, stops included
SLOW = {Role.BUILDING_HEAD: WALK, Role.VOLUNTEER: WALK, Role.GRID_WORKER: BICYCLE, Role.MEDIATOR: BICYCLE}
SPEEDS = {role: SLOW.get(role, VAN) for role in Role}
Seconds = Annotated[float, Field(ge=0)]
Speed = Annotated[float, Field(gt=0)]


class SendingWeights(BaseModel):
    """What makes a person more or less suitable."""

    model_config = FROZEN

    detour: Annotated[float, Field(ge=1)] = 1.3  # length of a way in streets by its straight line
    speeds: dict[Role, Speed] = SPEEDS  # metres a second; of roles that are not named, as here
    near_m: Annotated[float, Field(ge=0)] = 300.0  # from an open task this near only the detour counts, not the whole way
    ahead_s: Seconds = 2700.0  # each task that will be done before: its work and the way to it
    open_s: Seconds = 900.0  # each other open task: it is kept waiting by this one
    other_department_s: Seconds = 1800.0  # help from another department
    other_grid_s: Seconds = 1800.0  # somebody who looks after other grids
    language_s: Seconds = 300.0  # no common language, for work on things
    talk_s: Seconds = 3600.0  # no common language, where talking is the work
    talking: frozenset[str] = frozenset({"advice", "care", "door-check", "hardship", "mediation"})  # skills of such work
    knows_place_s: Seconds = 300.0  # somebody else was the last who handled something here
    knows_case_s: Seconds = 3600.0  # somebody else handled this very case before
    officer_s: Seconds = 86_400.0  # the duty officer, whom an emergency reaches when nobody else is there
    spare: Annotated[float, Field(ge=0, lt=1)] = 0.25  # share of everybody's room that is kept for urgent cases

    @field_validator("speeds")
    @classmethod
    def of_every_role(cls, speeds: dict[Role, float]) -> dict[Role, float]:
        return {**SPEEDS, **speeds}


class Sending(BaseModel):
    """How the city chooses whom to send."""

    model_config = FROZEN

    weights: SendingWeights = SendingWeights()
