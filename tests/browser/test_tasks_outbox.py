"""What keeps a phone's work until it is sent: whatever is interrupted, each thing takes effect once, in the order in which it was done."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.people import People

SCRIPT = (Path(__file__).parent / "outbox.js").read_text(encoding="utf-8")
LIVES = 150


@pytest.mark.parametrize("first", [1, 1_000_000])
async def test_whatever_is_interrupted_each_entry_takes_effect_once_and_in_order(person: People, first: int):
    page = await person.visitor()
    await page.goto("/report")  # any page of the console: the outbox knows none
    effects = 0
    for seed in range(first, first + LIVES):
        life: dict[str, Any] = await page.evaluate(SCRIPT, seed)
        assert life["wrong"] == [], f"seed {seed}: {life['wrong']}"
        effects += life["effects"]
    assert effects > 10 * LIVES  # something has happened at all
