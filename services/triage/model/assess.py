"""What a report is most likely about, how urgent it is, and why: by what was learned, or by the city's words alone.

When in doubt the higher grade counts: danger is taken to be there from a low probability on, a lower grade needs a high one.
A city without a model, or with a category that its model has never seen, is served by its words.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.triage.model.features import Vector
from services.triage.model.normalise import normalised
from services.triage.model.prediction import Features, Predictor, probabilities
from services.triage.model.reasons import reasons
from services.triage.words import candidates, condition_of, decided
from shared.city import City
from shared.terms import Grade

MODEL = "text.npz"  # the file among those that the city has learned
NO_REPORT = "-"
GRADES = tuple(Grade)  # most urgent first
SHOWN = 3
AGREED = 0.75  # probability that is enough where the city's words name the same type
URGENT_FROM = 0.4  # probability that it is at least urgent
SERVICE_FROM = 0.6  # probability that it is no more than a wish or a question
CHATS = frozenset({"chat", ""})  # where most messages are no reports; everywhere else somebody filled in a form
FORM_ODDS = 4.0  # how much likelier a text is a report when it came another way than by chat


@dataclass(frozen=True)
class Guess:
    """One type that the text may be about, its condition, how likely it is, and the words that speak for it."""

    code: str
    condition: str
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """What a text is. `sure` says that no operator is needed; `model` is empty if words alone decided."""

    best: Guess | None
    others: tuple[Guess, ...]
    report: bool
    report_probability: float
    grade: Grade
    emergency_probability: float
    sure: bool
    model: str = ""


def assess(text: str, *, channel: str, location_known: bool, city: City) -> Assessment:
    """Say what `text` is about. A place, or a channel with a form, makes it likelier that it is a report at all."""
    model = predictor(city.learned[MODEL]) if MODEL in city.learned else None
    named = decided(candidates(text, city))
    if model is None or (named is not None and named.code not in model.heads["type"].labels):
        return by_words(text, city)
    read = normalised(text)
    features = model.features(read)
    types = _types(text, features, model, city)
    odds = FORM_ODDS if location_known or channel not in CHATS else 1.0
    report = _report(types.get(NO_REPORT, 0.0), odds)
    usual = usual_grades(types, city)
    grades = _grades(features, usual, model)
    risk = _risk(read, features, usual, model)
    danger = risk >= model.facts.emergency
    found = sorted((code for code in types if code != NO_REPORT), key=lambda code: (-types[code], code))[:SHOWN]
    guesses = tuple(
        Guess(code, _condition(text, code, features, model, city), types[code], _why(text, read, code, features, model, city))
        for code in found
    )
    best = guesses[0] if guesses else None
    return Assessment(
        best=best,
        others=guesses[1:],
        report=danger or report >= model.facts.report,
        report_probability=report,
        grade=Grade.EMERGENCY if danger else _calmer(grades),
        emergency_probability=risk,
        sure=best is not None and best.probability >= (AGREED if named and named.code == best.code else model.facts.automatic),
        model=model.id,
    )


def by_words(text: str, city: City) -> Assessment:
    """Say what `text` is about by the city's words. Probabilities are shares of what all words say: they are not calibrated."""
    found = candidates(text, city)
    named = decided(found)
    total = sum(one.score for one in found) or 1.0
    guesses = tuple(Guess(one.code, condition_of(text, one.code, city), one.score / total, one.words) for one in found[:SHOWN])
    likely = [
        city.categories[one.code].grade_of(one.condition)
        for one in guesses
        if one.probability >= guesses[0].probability / (1 if named else 2)
    ]
    grade = min(likely, key=GRADES.index, default=Grade.NORMAL)
    return Assessment(
        best=guesses[0] if guesses else None,
        others=guesses[1:],
        report=bool(guesses),
        report_probability=float(bool(guesses)),
        grade=grade,
        emergency_probability=float(grade is Grade.EMERGENCY),
        sure=named is not None,
    )


@lru_cache(maxsize=4)
def predictor(content: bytes) -> Predictor | None:
    """Return the model that `content` holds, none if this version cannot read it; the last few stay in memory."""
    try:
        return Predictor.load(content)
    except ValueError:
        return None


def _types(text: str, features: Features, model: Predictor, city: City) -> dict[str, float]:
    """Return how likely each of the city's categories is, and that it is no report."""
    head = model.heads["type"]
    sums = head.sums(features) + model.facts.words_weight * said_by_words(text, head.labels, city)
    shares = dict(zip(head.labels, probabilities(sums).tolist(), strict=True))
    return {code: share for code, share in shares.items() if code == NO_REPORT or code in city.categories}


def said_by_words(text: str, labels: tuple[str, ...], city: City) -> Vector:
    """Return the logarithm of what the city's words say for each label, 0 for none."""
    scores = {one.code: one.score for one in candidates(text, city)}
    return np.log1p(np.array([scores.get(label, 0.0) for label in labels], dtype=np.float32))


def _report(no_report: float, odds: float) -> float:
    return 1.0 - no_report / (no_report + (1.0 - no_report) * odds)


def _grades(features: Features, usual: Vector, model: Predictor) -> Vector:
    """Return how likely each grade is, the most urgent first."""
    head = model.heads["grade"]
    said = dict(zip(head.labels, head.sums(features).tolist(), strict=True))
    sums = np.array([said.get(grade.value, -np.inf) for grade in GRADES], dtype=np.float32)
    return probabilities(sums + model.facts.default_weight * usual)


def _risk(read: str, features: Features, usual: Vector, model: Predictor) -> float:
    """Return how likely it is that somebody is in danger now."""
    types = usual @ np.array(model.facts.danger_usual, dtype=np.float32)
    near = model.facts.danger_weight * model.dangers.of(read)
    return float(1.0 / (1.0 + np.exp(-(model.heads["danger"].sums(features)[0] + types + near))))


def usual_grades(types: dict[str, float], city: City) -> Vector:
    """Return the logarithm of how likely each grade is if every type had its usual one; no report counts as service."""
    shares = np.full(len(GRADES), 0.01, dtype=np.float32)
    for code, share in types.items():
        shares[GRADES.index(Grade.SERVICE if code == NO_REPORT else city.categories[code].grade)] += share
    usual: Vector = np.log(shares)
    return usual


def _calmer(grades: Vector) -> Grade:
    """Return the grade of what is no emergency."""
    if grades[0] + grades[1] >= URGENT_FROM:
        return Grade.URGENT
    return Grade.SERVICE if grades[3] >= SERVICE_FROM else Grade.NORMAL


def _condition(text: str, code: str, features: Features, model: Predictor, city: City) -> str:
    """Return the likeliest of the category's own conditions; one that was never seen is left to the words."""
    head, keys = model.heads["condition"], [condition.key for condition in city.categories[code].conditions]
    if len(keys) == 1 or any(key not in head.labels for key in keys):
        return condition_of(text, code, city)
    sums = head.sums(features)
    return max(keys, key=lambda key: float(sums[head.labels.index(key)]))


def _why(text: str, read: str, code: str, features: Features, model: Predictor, city: City) -> tuple[str, ...]:
    """Return the city's own words for the type if the text has any, else the words that the model went by."""
    words = next((one.words for one in candidates(text, city) if one.code == code), ())
    return words or reasons(read, features, model.heads["type"], code)
