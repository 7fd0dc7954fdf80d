"""What triage makes of a report: its category, condition and grade, whether a person must decide, and why, in words of both languages.

A category that the reporter chose holds; else what the model or the words are sure of. Danger in the words raises the grade whatever the
category; a mere question lowers it. The text says which condition it is; where it does not and the city names hours, the hour of the report
does. What may be an emergency is filed at once, under the likeliest category, and a person is asked to look.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from services.triage.model.assess import MODEL, Assessment, Guess, assess, predictor
from services.triage.model.normalise import normalised
from services.triage.words import GRADES, condition_of
from shared.case import Case
from shared.category import CONDITION
from shared.city import Category, City, Condition
from shared.events import Alternative
from shared.terms import Grade, Words

HARMLESS = 0.05  # below this probability of danger a question or a wish may lower the grade
REMEMBERED = 1024  # assessments; a case is looked at several times while it is young


@dataclass(frozen=True)
class Judgement:
    """What a report is filed as; `asks` if a person should look because it was filed for fear of danger."""

    category: Category
    condition: str
    grade: Grade
    asks: bool
    reasons: tuple[Words, ...]
    model: str
    probability: float | None
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Rules:
    """The city as the assessment sees it; its version stands for it."""

    version: str
    city: City = field(compare=False, repr=False)


def assessed(case: Case, city: City) -> Assessment:
    """Return what the text of the case is about, by what the city has learned, or by its words."""
    return assessed_text(case.text, case.channel, city.located(case.location), case.reported_at, city)


def assessed_text(text: str, channel: str, located: bool, at: datetime, city: City) -> Assessment:
    """Return what a text is about that is no report yet, if it were reported at `at`."""
    said = _assessed(text, channel, located, Rules(city.version, city))
    best = timed(said.best, at, city) if said.best else None
    others = tuple(timed(one, at, city) for one in said.others)
    return said if best is said.best and others == said.others else replace(said, best=best, others=others)


def timed(guess: Guess, at: datetime, city: City) -> Guess:
    """Return the guess with the condition that holds at that hour."""
    condition = city.categories[guess.code].condition_at(guess.condition, city.local(at).time())
    return guess if condition.key == guess.condition else replace(guess, condition=condition.key)


def read_model(city: City) -> None:
    """Read what assessing needs, so that no report waits for it: about a second."""
    _assessed("路灯 street light", "chat", False, Rules(city.version, city))


def prepare(cases: Iterable[Case], city: City) -> None:
    """Read the texts of cases together that are about to be assessed one by one."""
    if MODEL in city.learned and (model := predictor(city.learned[MODEL])):
        model.dangers.foresee(normalised(case.text) for case in cases)


@lru_cache(maxsize=REMEMBERED)
def _assessed(text: str, channel: str, located: bool, rules: Rules) -> Assessment:
    return assess(text, channel=channel, location_known=located, city=rules.city)


def category_of(case: Case, city: City) -> Category | None:
    """Return the category that the case has, that its reporter chose, or that triage is sure of; none if a person must decide."""
    if case.classification is not None:
        return city.categories.get(case.classification.category)
    if case.wish in city.categories:
        return city.categories[case.wish]
    found = assessed(case, city)
    return city.categories[found.best.code] if found.sure and found.report and found.best else None


def judged(case: Case, city: City) -> Judgement | None:
    """Return what the report is to be filed as; none if a person must decide first."""
    found, category = assessed(case, city), category_of(case, city)
    danger = found.grade is Grade.EMERGENCY
    feared = category is None and danger and found.best is not None
    if feared and found.best is not None:
        category = city.categories[found.best.code]
    if category is None:
        return None
    guess = next((one for one in (found.best, *found.others) if one and one.code == category.code), None)
    local = city.local(case.reported_at)
    told = chosen(case, category) or (guess.condition if guess else condition_of(case.text, category.code, city))
    condition = category.condition_at(told, local.time())
    usual = category.grade_of(condition.key)
    grade = graded(usual, found)
    return Judgement(
        category=category,
        condition=condition.key,
        grade=grade,
        asks=feared or (grade is Grade.EMERGENCY and usual is not Grade.EMERGENCY),
        reasons=(
            why(case, category, guess, found),
            *hour(condition, local),
            *RAISED.get(GRADES.index(grade) - GRADES.index(usual), ()),
        ),
        model=found.model if guess and case.wish != category.code else "",
        probability=rounded(guess) if guess and found.model else None,
        alternatives=tuple(Alternative(category=one.code, probability=rounded(one)) for one in found.others if one.code != category.code),
    )


def hour(condition: Condition, local: datetime) -> tuple[Words, ...]:
    """Return that the hour speaks for the condition; nothing where it does not."""
    if condition.hours is None or not condition.hours.covers(local.time()):
        return ()
    zh, en = f"{local:%H:%M} 上报，按{condition.name.zh}处理", f"reported at {local:%H:%M}: {condition.name.en.lower()}"
    return (Words(zh=zh, en=en),)


def chosen(case: Case, category: Category) -> str | None:
    """Return the condition that the reporter chose in a form, if it is one of the category's."""
    key = case.attributes.get(CONDITION) if case.wish == category.code else None
    return key if key in {condition.key for condition in category.conditions} else None


def graded(usual: Grade, found: Assessment) -> Grade:
    """Return the grade: danger raises the usual one, a mere question lowers it, and in doubt the higher counts.

    Words alone never lower a grade; they raise it to that of what they may also speak of.
    """
    if found.grade is Grade.SERVICE and found.model and found.emergency_probability < HARMLESS:
        return Grade.SERVICE
    return min(usual, found.grade, key=GRADES.index)


def rounded(guess: Guess) -> float:
    return round(min(1.0, max(0.0, guess.probability)), 3)


RAISED: Mapping[int, tuple[Words, ...]] = {
    **dict.fromkeys((-3, -2, -1), (Words(zh="言辞中有危险，提高等级", en="graded higher for the danger in the words"),)),
    **dict.fromkeys((1, 2, 3), (Words(zh="仅为询问，降低等级", en="graded lower, it only asks"),)),
}


def why(case: Case, category: Category, guess: Guess | None, found: Assessment) -> Words:
    """Return what decided for the category."""
    if case.wish == category.code:
        return Words(zh="报告人选择", en="chosen by the reporter")
    words = guess.reasons if guess else ()
    if not found.model or guess is None:
        return Words(zh=f"依据词语：{'、'.join(words)}", en=f"by the words: {', '.join(words)}")
    sure = f"{guess.probability:.0%}"
    zh, en = (f"依据“{'、'.join(words)}”，", f"by “{', '.join(words)}”, ") if words else ("", "")
    return Words(zh=f"{zh}模型判断，把握{sure}", en=f"{en}as the model reads it, {sure} sure")


def in_both(reasons: Iterable[Words]) -> str:
    """Return reasons in both languages in one line, as a fact keeps them."""
    said = tuple(reasons)
    return f"{'；'.join(one.zh for one in said)} / {'; '.join(one.en for one in said)}"
