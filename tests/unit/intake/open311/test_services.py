"""Every category of every pack is a service that programs can list and ask for."""

import re

import pytest

from services.intake.open311.services import definition, own_code, services
from shared.category import CONDITION
from shared.citypack import city_folder, load_city

CODE = re.compile(r"[A-Za-z0-9\-_]+")
PACKS = sorted(folder.name for folder in city_folder("demo").parent.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_service_has_what_the_contract_demands(name: str, language: str):
    city = load_city(city_folder(name))
    told = services(city, language)
    assert len(told) == len(city.categories)
    for service in told:
        assert isinstance(service, dict)
        code = str(service["service_code"])
        assert CODE.fullmatch(code)
        assert service["service_name"]
        assert service["type"] in ("realtime", "batch", "blackbox")
        attributes = definition(city.categories[own_code(code, city)], language)["attributes"]
        assert isinstance(attributes, list)
        assert service["metadata"] is bool(attributes)
        for order, attribute in enumerate(attributes, start=1):
            assert isinstance(attribute, dict)
            assert (attribute["order"], bool(attribute["description"])) == (order, True)
            assert CODE.fullmatch(str(attribute["code"]))
            assert ("values" in attribute) is str(attribute["datatype"]).endswith("list")


def test_the_conditions_are_the_first_question_where_there_is_a_choice():
    city = load_city(city_folder("demo"))
    asked = {code: str(definition(category, "en")) for code, category in city.categories.items()}
    for code, category in city.categories.items():
        assert (CONDITION in asked[code]) is (len(category.conditions) > 1)
