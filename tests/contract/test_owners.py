"""Each type of fact is said by one service only: the table says which, and the code keeps to it."""

import ast
from pathlib import Path

import pytest

from shared.case import ALLOWED
from shared.events import EVENT_TYPES, OWNERS

SERVICES = Path(__file__).parents[2] / "services"
SPEAKING = sorted({*OWNERS.values()})
CLASSES = {model.__name__: kind for kind, model in EVENT_TYPES.items()}


def worded(service: str) -> set[str]:
    """Return the types of fact that the service's code makes: `CaseClosed(...)` or `CaseClosed.of(...)`."""
    said = set()
    for file in (SERVICES / service).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr == "of":
                called = called.value
            if isinstance(called, ast.Name) and called.id in CLASSES:
                said.add(CLASSES[called.id])
    return said


def test_every_type_has_one_owner_and_a_row_in_the_table_of_what_is_allowed():
    assert OWNERS.keys() == EVENT_TYPES.keys() == ALLOWED.keys()


@pytest.mark.parametrize("service", SPEAKING)
def test_a_service_words_all_its_facts_and_no_other(service: str):
    assert worded(service) == {kind for kind, owner in OWNERS.items() if owner == service}


def test_whoever_owns_nothing_says_nothing():
    silent = {folder.name for folder in SERVICES.iterdir() if (folder / "app.py").is_file()} - set(SPEAKING)
    assert "console" in silent
    assert [kind for service in silent for kind in worded(service)] == []
