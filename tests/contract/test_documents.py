"""The documentation says what the code does: what is made from the code is current, and nothing that people use is missing."""

import re
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from deploy.cli import app
from deploy.documents import DOCS, documents
from shared import metrics
from shared.events import EVENT_TYPES
from shared.settings import Settings

ROOT = DOCS.parent
MADE = documents()


@pytest.mark.parametrize("path", MADE, ids=lambda path: str(path.relative_to(DOCS)))
def test_what_is_made_from_the_code_is_current(path: Path):
    assert path.read_text(encoding="utf-8") == MADE[path], "run `python -m deploy.documents`"


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_is_documented(kind: str):
    assert f"`{kind}`" in (DOCS / "events.md").read_text(encoding="utf-8")


def test_every_metric_is_documented():
    told = (DOCS / "metrics.md").read_text(encoding="utf-8")
    names = [metric.describe()[0].name for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]  # type: ignore[index]
    assert [name for name in names if name not in told] == []
    assert len(names) > 10


def test_every_setting_is_documented():
    told = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`GRIDCASE_{name.upper()}`" not in told] == []
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_is_in_the_readme():
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    names |= {group.name for group in app.registered_groups if group.name}
    assert {name for name in names if f"gridcase {name}" not in told} == set()
    assert {"up", "demo", "replay", "check", "rebuild", "dead", "topics", "bench"} <= names


def test_every_link_between_pages_leads_somewhere():
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    broken = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#]+?)\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []
