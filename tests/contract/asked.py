"""Which metrics a query in PromQL asks for, and which there are."""

import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

PROMETHEUS = Path(__file__).parents[2] / "deploy/prometheus"
RULES: list[dict[str, Any]] = [
    rule
    for file in sorted((PROMETHEUS / "rules").glob("*.yml"))
    for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
OURS = {metric.describe()[0].name for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)}  # type: ignore[index]
THEIRS = re.compile(r"(node|process|prometheus_tsdb)_\w+|up|ALERTS")  # of the machine, of any process, of Prometheus itself
NOT_NAMES = re.compile(r'"[^"]*"|\b(by|without) \([^)]*\)|\[[$\w]+\]|\{|\}')
NAMES = re.compile(r"\b(?:[a-z_]+:[a-z_]+:\w+|(?:cases|city|console|node|process|python|prometheus)_\w+|up|ALERTS)\b")
ENDING = re.compile(r"_(total|bucket|sum|count)$")


def asked(expr: str) -> set[str]:
    """Return the metrics and recorded series that a query names."""
    return set(NAMES.findall(NOT_NAMES.sub(" ", expr)))


def unknown(expr: str) -> set[str]:
    """Return those of them that nobody measures or records."""
    return {name for name in asked(expr) - RECORDED if not THEIRS.fullmatch(name) and ENDING.sub("", name) not in OURS}
