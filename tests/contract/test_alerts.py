"""Prometheus takes the configuration and the rules; every alert is tested, names what to do, and asks only for metrics that exist."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.asked import PROMETHEUS, RULES, asked, unknown

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests/prometheus/alerts.yml"
ALERTS = [rule for rule in RULES if "alert" in rule]
TESTED = [check for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"] for check in case["alert_rule_test"]]


def said_by(*command: str | Path) -> str:
    done = subprocess.run(["promtool", *command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_configuration_and_all_rules():
    assert f"{len(ALERTS)} rules found" in said_by("check", "config", PROMETHEUS / "prometheus.yml")


def test_alerts_fire_when_they_should_and_are_silent_when_they_should_be():
    assert "SUCCESS" in said_by("test", "rules", CASES)


@pytest.mark.parametrize("alert", [rule["alert"] for rule in ALERTS])
def test_every_alert_is_seen_to_fire_and_to_be_silent(alert: str):
    seen = {bool(check["exp_alerts"]) for check in TESTED if check["alertname"] == alert}
    assert True in seen
    assert False in seen


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_in_both_languages_what_is_wrong_and_where_to_read_what_to_do(rule: dict[str, Any]):
    assert rule["labels"]["severity"] in ("critical", "warning")
    summary = rule["annotations"]["summary"]
    assert re.search("[\u4e00-\u9fff]", summary)
    assert re.search("[a-z]{3}", summary)
    page, _, heading = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert heading in [re.sub(r"[^a-z0-9 -]", "", found.lower()).replace(" ", "-") for found in headings]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.get("alert") or rule["record"]))
def test_a_rule_asks_only_for_what_somebody_measures(rule: dict[str, Any]):
    assert asked(rule["expr"])
    assert unknown(rule["expr"]) == set()
