"""From judged messages to a model of texts, with the thresholds and the quality that held-back messages gave it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from deploy.learn.text_fit import DANGER_WIDTH, FOLDS, Labels, Material, Places, as_new, fit, fit_danger, folds, material
from deploy.learn.text_mix import Mixture, Stack, Truth, from_alarms, from_precision, mix, stack
from deploy.learn.text_rows import Row, of_words
from services.triage.model.assess import GRADES, NO_REPORT, said_by_words, usual_grades
from services.triage.model.features import Vector
from services.triage.model.prediction import Facts, write
from shared.city import City
from shared.terms import Grade

REPORT_FROM = 0.5
MOST_TYPES = 0.7  # of the types of the hand that wrote of most: who wrote of fewer was asked for some types only


@dataclass(frozen=True, eq=False)
class Question:
    """One thing to learn: the messages that have an answer, and the answers."""

    places: Places
    labels: Labels

    def within(self, places: Places) -> "Question":
        here = np.isin(self.places, places)
        return Question(self.places[here], self.labels[here])


@dataclass(frozen=True, eq=False)
class Held:
    """What readings say of messages that they had not seen."""

    labels: tuple[str, ...]
    pieces: Vector
    meaning: Vector


def train(rows: Sequence[Row], city: City) -> bytes:
    """Return a model learned from `rows` and from the city's own words."""
    words = of_words(city)
    danger = np.array([row.emergency for row in rows])
    with threadpool_limits(limits=1):
        texts = [row.text for row in (*rows, *words)]
        seen = material(texts)
        asked = questions(rows, words, city)
        parted = folds(seen, np.array([row.code for row in rows]), together(rows))
        fresh = [as_new(seen, texts, apart) for apart in parted]
        held = {name: hold(fresh, asked[name], parted) for name in ("type", "grade")}
        types = mixed_types(rows, held["type"], city)
        usual = usual_of(types, held["type"].labels, city)
        grades = mixed_grades(rows, held["grade"], usual, city)
        said = hold_danger(seen, danger, parted)
        stacked = stack([said[:, None], usual, held["grade"].pieces, held["grade"].meaning], danger)
        near = fit_danger(seen, np.arange(len(rows)), danger)
        final = {name: fit(seen, question.places, question.labels) for name, question in asked.items()}
    heads = {
        "type": final["type"].mixed(*types.weights[:2]),
        "condition": final["condition"].mixed(1.0, 0.3),
        "grade": final["grade"].mixed(*grades.weights[:2]),
        "danger": final["grade"].summed(stacked.weights[2], stacked.weights[3], stacked.bias),
    }
    labels = {name: head.labels for name, head in heads.items()}
    facts = describe(rows, types, (grades, stacked), labels, held["type"].labels)
    return write(facts, seen.vocabulary, seen.rarity, heads, near, [row.text for row in rows])


def together(rows: Sequence[Row]) -> list[str]:
    """Return the hand of each row that is held back with all of its hand, and nothing for the others.

    A hand that wrote of few types is not held back whole: without it a model would hardly know them, which is not what is to be measured.
    """
    types: dict[str, set[str]] = {}
    for row in rows:
        types.setdefault(row.hand, set()).add(row.code)
    most = max(len(codes) for codes in types.values())
    wide = {hand for hand, codes in types.items() if len(codes) >= MOST_TYPES * most}
    if "" not in wide and len(wide) < FOLDS:
        return [""] * len(rows)
    return [row.hand if row.hand in wide else "" for row in rows]


def questions(rows: Sequence[Row], words: Sequence[Row], city: City) -> dict[str, Question]:
    """Return what is learned: the type, also from the city's words; the condition where there are several; the grade."""
    several = {code for code, category in city.categories.items() if len(category.conditions) > 1}
    conditions = [(place, row.condition) for place, row in enumerate(rows) if row.code in several and row.condition]
    grades = [(place, str(grade_of(row, city).value)) for place, row in enumerate(rows)]
    types = [(place, row.code) for place, row in enumerate((*rows, *words))]
    return {
        name: Question(np.array([place for place, _ in pairs]), np.array([label for _, label in pairs]))
        for name, pairs in (("type", types), ("condition", conditions or grades), ("grade", grades))
    }


def grade_of(row: Row, city: City) -> Grade:
    """Return the grade that was judged, or the one that the rules give; what is no report is as little urgent as a wish."""
    if not row.report:
        return Grade.SERVICE
    return row.grade or city.categories[row.code].grade_of(row.condition)


def hold(fresh: Sequence[Material], question: Question, parted: Sequence[Places]) -> Held:
    """Read every message of the folds by what was learned from the other folds."""
    labels = tuple(sorted({str(label) for label in question.labels}))
    size = sum(map(len, parted))
    pieces, meaning = (np.full((size, len(labels)), -10.0, dtype=np.float32) for _ in range(2))
    for seen, held in zip(fresh, parted, strict=True):
        others = question.within(np.setdiff1d(question.places, held))
        readings = fit(seen, others.places, others.labels)
        columns = [labels.index(label) for label in readings.labels]
        for whole, part in zip((pieces, meaning), readings.sums(seen, held), strict=True):
            whole[np.ix_(held, np.array(columns))] = part
    return Held(labels, pieces, meaning)


def mixed_types(rows: Sequence[Row], held: Held, city: City) -> Mixture:
    words = np.array([said_by_words(row.text, held.labels, city) for row in rows])
    right = np.array([[label in row.right for label in held.labels] for row in rows])
    return mix([held.pieces, held.meaning, words], right, (3.0, 0.5, 0.3))


def hold_danger(seen: Material, real: Truth, parted: Sequence[Places]) -> Vector:
    """Return how near each message is to danger, by what was learned from the other folds."""
    said = np.zeros(sum(map(len, parted)), dtype=np.float32)
    for held in parted:
        learned = np.setdiff1d(np.arange(len(real)), held)
        danger = fit_danger(seen, learned, real[learned])
        said[held] = danger.says(seen.meaning[held])
    return said


def usual_of(types: Mixture, codes: tuple[str, ...], city: City) -> Vector:
    return np.array([usual_grades(dict(zip(codes, shares, strict=True)), city) for shares in types.shares.tolist()])


def mixed_grades(rows: Sequence[Row], held: Held, usual: Vector, city: City) -> Mixture:
    """Mix what the readings and the usual grade of the likely types say."""
    present = [place for place, grade in enumerate(GRADES) if grade.value in held.labels]
    order = [held.labels.index(GRADES[place].value) for place in present]
    right = np.array([[grade is grade_of(row, city) for grade in GRADES] for row in rows])
    parts = [held.pieces[:, order], held.meaning[:, order], usual[:, present]]
    return mix(parts, right[:, present], (2.0, 0.5, 0.5))


def describe(
    rows: Sequence[Row],
    types: Mixture,
    danger: tuple[Mixture, Stack],
    labels: dict[str, tuple[str, ...]],
    codes: tuple[str, ...],
) -> Facts:
    """Choose the thresholds, and say how good the model was on what it had not seen."""
    grades, stacked = danger
    reports = np.array([row.report for row in rows])
    nothing = codes.index(NO_REPORT) if NO_REPORT in codes else None
    shares = types.shares.copy()
    lost = shares[:, nothing] > REPORT_FROM if nothing is not None else np.zeros(len(rows), dtype=bool)
    if nothing is not None:
        shares[:, nothing] = -1.0
    ranked = np.argsort(-shares, axis=1)[:, :3]
    hits = np.array([[codes[place] in row.right for place in best] for row, best in zip(rows, ranked, strict=True)])
    automatic, precision, covered = from_precision(shares.max(axis=1), hits[:, 0])
    emergency, found, alarms = from_alarms(stacked.shares, np.array([row.emergency for row in rows]), [row.hand for row in rows])
    quality = {
        "top1": hits[reports, 0].mean(),
        "top3": hits[reports].any(axis=1).mean(),
        "automatic_precision": precision,
        "automatic_share": covered,
        "emergency_recall": found,
        "emergency_false_alarms": alarms,
        "non_report_recall": lost[~reports].mean() if (~reports).any() else 0.0,
        "reports_lost": lost[reports].mean(),
    }
    return Facts(
        labels=labels,
        automatic=automatic,
        report=1.0 - REPORT_FROM,
        emergency=emergency,
        words_weight=types.weights[2],
        danger_weight=float(stacked.weights[0][0]),
        danger_usual=tuple(stacked.weights[1].tolist()),
        danger_width=DANGER_WIDTH,
        default_weight=grades.weights[2],
        quality={name: round(float(value), 4) for name, value in quality.items()},
        rows=len(rows),
    )
