"""The city's categories as services, and their questions as attributes: the condition first, then what the pack asks besides."""

import re
from collections.abc import Iterator

from services.intake.open311.formats import Plain
from shared.category import CONDITION, Category, Words
from shared.city import City
from shared.question import Datatype, Option, Question
from shared.web import problem

ODD = re.compile(r"[^A-Za-z0-9_\-]")
ASKED = Words(zh="是哪种情况？", en="What is the matter?")


def questions(category: Category) -> tuple[Question, ...]:
    """Return what a form asks; a category with one condition needs not be asked for it."""
    if len(category.conditions) < 2:
        return category.attributes
    options = tuple(Option(key=one.key, name=one.name) for one in category.conditions)
    condition = Question(code=CONDITION, datatype=Datatype.ONE, required=True, description=ASKED, values=options)
    return (condition, *category.attributes)


def worded(words: Words | None, language: str) -> str | None:
    return None if words is None else words.zh if language == "zh" else words.en


def public_code(code: str) -> str:
    """Return the code of a category as the contract lets codes be: some of ours stand for several, `09001/05/06`."""
    return ODD.sub("-", code)


def own_code(written: str, city: City) -> str:
    """Return the code of the category whose public code this is; what is none stays as it is."""
    return next((code for code in city.categories if public_code(code) == written), written)


def named(city: City, written: str) -> Category:
    """Return the category of a public code. Raises a 400 problem for none, 404 for one that the city does not have."""
    code = own_code(written, city)
    if not code:
        raise problem(400, "service_code is needed; services lists them.", "请填写 service_code，可在 services 中查到。")
    if code not in city.categories:
        raise problem(404, f"There is no service {code[:64]}.", f"没有服务 {code[:64]}。")
    return city.categories[code]


def service(category: Category, city: City, language: str) -> dict[str, Plain]:
    group = city.groups.get(category.group)
    return {
        "service_code": public_code(category.code),
        "service_name": worded(category.name, language),
        "description": description(category, language),
        "metadata": bool(questions(category)),
        "type": category.open311.value,
        "keywords": ", ".join(word.replace(",", " ") for word in category.words),
        "group": worded(group, language),
    }


def description(category: Category, language: str) -> str:
    """Return in which conditions a thing of this category can be."""
    names = [worded(condition.name, language) or "" for condition in category.conditions]
    return "；".join(names) + "。" if language == "zh" else "; ".join(names) + "."


def services(city: City, language: str) -> list[Plain]:
    return [service(category, city, language) for category in city.categories.values()]


def definition(category: Category, language: str) -> dict[str, Plain]:
    return {"service_code": public_code(category.code), "attributes": list(attributes(category, language))}


def attributes(category: Category, language: str) -> Iterator[Plain]:
    for order, question in enumerate(questions(category), start=1):
        told: dict[str, Plain] = {
            "variable": question.variable,
            "code": question.code,
            "datatype": question.datatype.value,
            "required": question.required,
            "datatype_description": worded(question.help, language),
            "order": order,
            "description": worded(question.description, language),
        }
        if question.listed:
            told["values"] = [{"key": option.key, "name": worded(option.name, language)} for option in question.values]
        yield told
