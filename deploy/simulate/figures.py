"""What a run is measured by."""

from collections.abc import Iterable, Sequence

import numpy as np

from deploy.simulate.run import DRAIN_DAYS, Run
from deploy.simulate.scenario import DAY_S
from services.dispatch.candidates import HANDLERS
from services.dispatch.roster import left
from shared.terms import Grade

Figures = dict[str, float]
QUARTERS = 96


def figures(run: Run) -> Figures:
    """Return the figures of one run: seconds to the first person on site by grade, shares, metres, and how unequal the load is."""
    end = (run.scenario.days + DRAIN_DAYS) * DAY_S
    found: Figures = {}
    for grade in (Grade.EMERGENCY, Grade.URGENT, Grade.NORMAL):
        waits = [(life.on_site or end) - life.problem.at for life in run.lives.values() if life.problem.grade is grade]
        found[f"{grade}_on_site_mean_s"] = float(np.mean(waits)) if waits else float("nan")
        for percent in (50, 90):
            found[f"{grade}_on_site_p{percent}_s"] = float(np.percentile(waits, percent)) if waits else float("nan")
    judged = [life for life in run.lives.values() if life.done is not None or life.due <= end]
    found["on_time_share"] = share(life.done is not None and life.done <= life.due for life in judged)
    travelled = [life for life in run.lives.values() if life.on_site is not None and life.problem.travels(run.city)]
    found["metres_per_case"] = sum(worker.metres for worker in run.workers.values()) / max(1, len(travelled))
    found["load_spread"] = load_spread(run)
    found["cases"] = float(len(run.lives))
    return found


def share(of: Iterable[bool]) -> float:
    counted = list(of)
    return sum(counted) / len(counted) if counted else float("nan")


def load_spread(run: Run) -> float:
    """Return how unequally the teams share their work: the coefficient of variation of the busy share of the time on duty.

    Teams are the handlers of a department; each counts by its busy hours. 0: everybody is equally busy.
    """
    teams: dict[str, list[tuple[float, float]]] = {}
    for worker in run.workers.values():
        person = worker.person
        if person.role in HANDLERS:
            hours = hours_on_duty(run, person.id)
            teams.setdefault(f"{person.department}/{person.role}", []).append((worker.busy_s / 3600 / max(1.0, hours), worker.busy_s))
    weighed = [(variation([busy for busy, _ in team]), sum(busy for _, busy in team)) for team in teams.values() if len(team) > 1]
    return sum(cv * weight for cv, weight in weighed) / max(1.0, sum(weight for _, weight in weighed))


def variation(of: Sequence[float]) -> float:
    mean = float(np.mean(of))
    return float(np.std(of)) / mean if mean > 0 else 0.0


def hours_on_duty(run: Run, person: str) -> float:
    """Return how many hours somebody is on the roster during the days with reports."""
    post = run.city.staff[person]
    quarters = range(run.scenario.days * QUARTERS)
    return sum(left(post, run.crowd.local(quarter * 900.0)) > 0 for quarter in quarters) / 4
