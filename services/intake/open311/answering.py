"""What a reporter answered to the questions of a service: `attribute[CODE]=value`, or `attribute[CODE][]=value` several times."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite

from services.intake.open311.services import public_code, questions
from services.intake.text import cleaned
from shared.category import Category
from shared.problems import Fault
from shared.question import Datatype, Question

Answers = Mapping[str, Sequence[str]]  # by the code of the question; no empty ones

NAMED = re.compile(r"attribute\[([^\[\]]+)\](?:\[\])?")
BETWEEN = ", "  # the answers of a list where they are kept as one text
KINDS = {
    Datatype.NUMBER: ("a number", "数字"),
    Datatype.DATETIME: ("a time with zone, such as 2026-01-06T08:00:00+08:00", "带时区的时间，如 2026-01-06T08:00:00+08:00"),
    Datatype.STRING: ("one line", "一行文字"),
}


def answers_in(form: Mapping[str, Sequence[str]]) -> Answers:
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        if named := NAMED.fullmatch(name):
            found.setdefault(named[1], []).extend(text for value in values if (text := cleaned(value)))
    return {code: values for code, values in found.items() if values}


def kept(given: Answers, category: Category) -> dict[str, str]:
    """Return the answers to what was asked, each as one text; what nobody asked is left out."""
    return {one.code: BETWEEN.join(given[one.code]) for one in questions(category) if one.variable and one.code in given}


def wrong_answers(given: Answers, category: Category) -> Iterator[Fault]:
    """Yield each question that was not answered and must be, and each answer that does not fit."""
    for question in questions(category):
        field, values = f"attribute[{question.code}]", given.get(question.code, ())
        if question.required and not values:
            en, zh = f"{field} is required for service {public_code(category.code)}", f"服务 {public_code(category.code)} 须填写 {field}"
            yield Fault(field=field, en=en, zh=zh)
        if question.variable and values:
            yield from unfit(field, question, values)


def unfit(field: str, question: Question, values: Sequence[str]) -> Iterator[Fault]:
    if len(values) > 1 and question.datatype is not Datatype.SEVERAL:
        yield Fault(field=field, en=f"{field} takes one value.", zh=f"{field} 只能有一个值。")
    elif question.listed:
        keys = [option.key for option in question.values]
        for value in dict.fromkeys(values):
            if value not in keys:
                known = ", ".join(keys)
                yield Fault(
                    field=field, en=f"{field}: {value[:64]!r} is not one of {known}", zh=f"{field}：“{value[:64]}”不在选项之中：{known}"
                )
    elif not fits(values[0], question.datatype):
        en, zh = KINDS[question.datatype]
        yield Fault(field=field, en=f"{field} must be {en}.", zh=f"{field} 须为{zh}。")


def fits(value: str, datatype: Datatype) -> bool:
    try:
        match datatype:
            case Datatype.NUMBER:
                return isfinite(float(value))
            case Datatype.DATETIME:
                return datetime.fromisoformat(value).tzinfo is not None
            case _:
                return datatype is not Datatype.STRING or "\n" not in value
    except ValueError:
        return False
