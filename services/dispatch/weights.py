"""What counts when somebody is chosen: every weight is in seconds, so that all of them add up to one time.

The values are proposals, tuned by `gridcase simulate` on other seeds than those that are reported; all cities use these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.city import Role

WALK, BICYCLE, VAN = 1.3, 4.0, 7.0  # metres a second, stops included


def usual_speeds() -> Mapping[Role, float]:
    slow = {Role.BUILDING_HEAD: WALK, Role.VOLUNTEER: WALK, Role.GRID_WORKER: BICYCLE, Role.MEDIATOR: BICYCLE}
    return {role: slow.get(role, VAN) for role in Role}


@dataclass(frozen=True)
class Weights:
    """What makes a person more or less suitable, in seconds of waiting that it is worth."""

    detour: float = 1.3  # length of a way in streets by its straight line
    speeds: Mapping[Role, float] = field(default_factory=usual_speeds)  # metres a second
    near_m: float = 300.0  # from an open task this near only the detour counts, not the whole way
    ahead_s: float = 2700.0  # each task that will be done before: its work and the way to it
    open_s: float = 900.0  # each other open task: it is kept waiting by this one
    other_department_s: float = 1800.0  # help from another department
    other_grid_s: float = 1800.0  # somebody who looks after other grids
    language_s: float = 300.0  # no common language, for work on things
    talk_s: float = 3600.0  # no common language, where talking is the work
    talking: frozenset[str] = frozenset({"advice", "care", "door-check", "hardship", "mediation"})  # skills of such work
    knows_place_s: float = 300.0  # somebody else was the last who handled something here
    knows_case_s: float = 3600.0  # somebody else handled this very case before
    officer_s: float = 86_400.0  # the duty officer, whom an emergency reaches when nobody else is there
    spare: float = 0.25  # share of everybody's room that is kept for urgent cases


USUAL = Weights()
