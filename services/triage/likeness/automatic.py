"""A join that needs nobody's look, by what was learned: the type's rule must allow it, and the ranking must have earned it.

It has earned it where its joins on held-back cases, which it had not learned from, were right as often as the city demands.
"""

from collections.abc import Mapping

import numpy as np

from services.triage.duplicates import Original, Place
from services.triage.likeness.cases import asked
from services.triage.likeness.features import features
from services.triage.likeness.near import Near, Numbers, Wanted, near
from services.triage.likeness.ranking import FILE, Learned, ranking_of
from services.triage.likeness.suggestions import compared
from shared.case import MAX_FOLLOWERS
from shared.city import City, DuplicateRule
from shared.service import Fields, Query
from shared.stamps import unstamped


def earned(learned: Learned, city: City) -> bool:
    """Whether the surest joins were right often enough on cases that were held back."""
    return learned.automatic is not None and learned.precision is not None and learned.precision >= city.automatic_precision


def sure(chance: float, learned: Learned, city: City) -> bool:
    """Whether a report that repeats something with this probability is nearly certain to."""
    return learned.automatic is not None and chance >= learned.automatic and earned(learned, city)


def choice(around: Near, odds: Numbers, rule: DuplicateRule) -> int | None:
    """Return the position of the likeliest original that the type's rule allows to join: of the same type, within its radius and window."""
    allowed = around.same_type & (around.metres <= rule.radius_m) & (around.hours <= rule.window_hours) & np.isfinite(odds)
    return min(np.flatnonzero(allowed).tolist(), key=lambda nth: (-odds[nth], around.ids[nth]), default=None)


def wanted_for(place: Place, city: City) -> Query:
    """Return what must be looked up for such a join; nothing where the ranking has not earned any."""
    return asked(place.case, place.code, city).query if earned(ranking_of(city.learned.get(FILE)).learned, city) else {}


def surest(place: Place, others: Mapping[str, Fields], city: City) -> Original | None:
    """Return the open case that `place` nearly certainly repeats, by what was learned."""
    ranking = ranking_of(city.learned.get(FILE))
    if not earned(ranking.learned, city):
        return None
    wanted = asked(place.case, place.code, city)
    around = near(wanted, others, city)
    chance = repeats(wanted, around, city)
    if not sure(chance, ranking.learned, city):
        return None
    rows = [others[id] for id in around.ids]
    full = np.array([len(row["followers"]) >= MAX_FOLLOWERS for row in rows], dtype=np.bool_)
    _, odds = compared(wanted, around, rows, ranking)
    nth = choice(around, np.where(full, -np.inf, odds), place.rule)
    return None if nth is None else Original(around.ids[nth], unstamped(rows[nth]["reported"]), float(around.metres[nth]), chance)


def repeats(wanted: Wanted, around: Near, city: City) -> float:
    """Return the probability that staff would call the report a duplicate, by what the city has learned."""
    ranking = ranking_of(city.learned.get(FILE))
    return ranking.repeated(features(wanted, around, city.local(wanted.reported_at), ranking.learned.rates))
