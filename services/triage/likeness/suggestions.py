"""Up to three earlier cases that a report may repeat, for its reporter before filing and for the operator; nothing is merged by this."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from services.triage.likeness.features import RADII_M
from services.triage.likeness.near import Near, Numbers, Wanted, near
from services.triage.likeness.ranking import FILE, Ranking, logistic, ranking_of
from services.triage.likeness.reasons import reasons
from services.triage.likeness.wording import likeness
from shared.case import MAX_FOLLOWERS
from shared.city import City, Words
from shared.service import Fields

MOST = 3
LEAST = 0.02  # a lower score is not worth anybody's look
HERE_M = RADII_M[1]  # what counts as one place
# A proposal: a history without the residents' words cannot teach what they weigh. Half of the wording in common is worth one unit of
# log-odds (2.7 to 1), none of it the same the other way round; two very short texts say little.
TEXT_ODDS, TEXT_EVEN = 4.0, 0.25


class Suggestion(BaseModel):
    """An earlier open case that may be the same: distance in metres, age in hours, and `reports`, how many are open at the place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    score: Annotated[float, Field(ge=0, le=1)]
    metres: float
    hours: float
    category: str
    alike: float
    reports: int
    reason: Words


def suggestions(wanted: Wanted, others: Mapping[str, Fields], city: City, now: datetime | None = None) -> list[Suggestion]:
    """Return what the report may repeat, likeliest first. `now` is when it is looked for, if that is not when it was reported."""
    one = wanted if now is None else Wanted(**{**vars(wanted), "reported_at": now})
    around, ranking = near(one, others, city), ranking_of(city.learned.get(FILE))
    rows = [others[id] for id in around.ids]
    alike, odds = compared(one, around, rows, ranking)
    best = sorted(range(len(rows)), key=lambda nth: (-odds[nth], around.ids[nth]))
    found = (suggestion(nth, around, odds, alike, rows[nth]) for nth in best if len(rows[nth]["followers"]) < MAX_FOLLOWERS)
    return [one for one in found if one.score >= LEAST][:MOST]


def compared(wanted: Wanted, around: Near, rows: list[Fields], ranking: Ranking) -> tuple[Numbers, Numbers]:
    """Return for each case near how much of the wording it shares, and the log-odds that it is the one which the report repeats."""
    alike = np.array([likeness(wanted.text, row["words"]) for row in rows], dtype=np.float64)
    return alike, ranking.odds(around) + text_odds(wanted, alike, rows) + type_odds(wanted, ranking)


def text_odds(wanted: Wanted, alike: Numbers, rows: list[Fields]) -> Numbers:
    """Return what the wording adds, nothing where one of the two texts is missing."""
    both = np.array([bool(wanted.text.strip() and row["words"].strip()) for row in rows], dtype=np.bool_)
    return np.asarray(np.where(both, TEXT_ODDS * (alike - TEXT_EVEN), 0.0), dtype=np.float64)


def type_odds(wanted: Wanted, ranking: Ranking) -> float:
    """Return half of what the same type is worth, for a report whose type nobody has said yet."""
    return 0.0 if wanted.code else (ranking.learned.weights[0] + ranking.learned.weights[1]) / 2


def suggestion(nth: int, around: Near, odds: Numbers, alike: Numbers, row: Fields) -> Suggestion:
    metres, hours, words = float(around.metres[nth]), float(around.hours[nth]), float(alike[nth])
    reports = int(np.count_nonzero((around.same_type | (around.metres == metres)) & (around.metres <= HERE_M))) if metres <= HERE_M else 1
    return Suggestion(
        id=around.ids[nth],
        score=logistic(float(odds[nth])),
        metres=metres,
        hours=hours,
        category=row["type"],
        alike=words,
        reports=reports,
        reason=reasons(
            metres=metres,
            hours=hours,
            same_type=bool(around.same_type[nth]),
            same_family=bool(around.same_family[nth]),
            same_address=bool(around.same_address[nth]),
            alike=words,
            reports=reports,
        ),
    )
