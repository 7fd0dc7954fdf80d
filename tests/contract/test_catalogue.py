"""The catalogue has everything that pages say, in Chinese, and nothing that no page says any more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract

from services.console.pages.catalogue import Untranslated, catalogue, chinese, said, script

CONSOLE = Path(__file__).parents[2] / "services" / "console"
FUNCTIONS = {"_": None, "t": None, "m": None, "tn": (1, 2)}
PLACE = re.compile(r"\{(\w+)\}")


def spoken() -> Iterator[tuple[str, str]]:
    """Return each message of scripts, templates and Python, and where it is."""
    kinds = {"static/*.js": "javascript", "pages/*.html": "jinja2.ext:babel_extract", "**/*.py": "python"}
    for pattern, method in kinds.items():
        for path in sorted(CONSOLE.glob(pattern)):
            with path.open("rb") as file:
                options = {"encoding": "utf-8", **({"parse_template_string": True} if method == "javascript" else {})}
                for line, messages, *_ in extract(method, file, keywords=FUNCTIONS, options=options):
                    # Chinese has one form for one and for many, kept under the message for many
                    yield (messages if isinstance(messages, str) else messages[-1]), f"{path.relative_to(CONSOLE)}:{line}"


SPOKEN = dict(spoken())


def test_something_is_found_in_scripts_templates_and_python():
    assert {"{n} cases", "Skip to content", "Dispatch desk"} <= SPOKEN.keys()


def test_nothing_that_pages_say_is_missing_in_chinese():
    assert {message: where for message, where in SPOKEN.items() if message not in chinese()} == {}


def test_nothing_stands_in_the_catalogue_that_no_page_says():
    assert sorted(set(chinese()) - SPOKEN.keys()) == []


def test_every_entry_is_finished():
    assert [entry.id for entry in catalogue() if entry.id and (entry.fuzzy or not entry.string)] == []


@pytest.mark.parametrize(("english", "translated"), sorted(chinese().items()))
def test_a_translation_has_the_same_places_for_values(english: str, translated: str):
    assert set(PLACE.findall(english)) == set(PLACE.findall(translated))


def test_what_is_not_translated_is_an_error_and_not_silence():
    assert said("Open", "en") == "Open"
    with pytest.raises(Untranslated):
        said("No page says this.", "zh")


def test_values_stand_in_their_places_in_both_languages():
    assert said("in {time}", "en", {"time": "2 h"}) == "in 2 h"
    assert said("in {time}", "zh", {"time": "2 小时"}) == "2 小时后"


def test_scripts_get_the_chinese_words_and_need_no_english_ones():
    assert '"Map": "地图"' in script("zh")
    assert script("en") == "export default {};\n"
