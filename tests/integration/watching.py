"""Prometheus as compose runs it, only faster: the committed configuration and rules, pointed at processes of this machine."""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.grafana.panel import Board
from deploy.local.ports import free_port
from deploy.local.process import Process

RULES = Path(__file__).parents[2] / "deploy/prometheus"
EVERY = 2  # seconds between two scrapes, and between two looks at the rules
COLLECTORS = ("--collector.disable-defaults", "--collector.filesystem", "--collector.meminfo")  # as compose has them
Labels = dict[str, str]


@dataclass(frozen=True)
class Series:
    """What a query found: labels, and values that are numbers."""

    labels: Labels
    values: list[float]


@dataclass(frozen=True)
class Prometheus:
    """One that runs, asked over HTTP as Grafana asks it. Every error of a query is raised, with its words."""

    url: str

    def ask(self, path: str, **params: Any) -> Any:
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=params, timeout=30, trust_env=False)
        told = answer.json()
        assert told["status"] == "success", told
        assert not told.get("warnings"), told
        return told["data"]

    def instant(self, expr: str) -> list[Series]:
        return [numbers(found["metric"], [found["value"]]) for found in self.ask("query", query=expr)["result"]]

    def over(self, expr: str, seconds: float, step: float) -> list[Series]:
        """Return what the query found in the last `seconds`."""
        now = float(self.ask("query", query="time()")["result"][0])
        found = self.ask("query_range", query=expr, start=now - seconds, end=now, step=step)["result"]
        return [numbers(series["metric"], series["values"]) for series in found]

    def values(self, query: str) -> list[str]:
        """Return what Grafana's `label_values(metric, label)` would."""
        [(metric, label)] = re.findall(r"label_values\(([^,]+), (\w+)\)", query)
        found: list[str] = self.ask(f"label/{label}/values", **{"match[]": metric})
        return found

    def rules(self) -> list[dict[str, Any]]:
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]


def numbers(labels: Labels, values: list[list[Any]]) -> Series:
    return Series(labels, [number for _, told in values if math.isfinite(number := float(told))])


def filled_in(expr: str, board: Board) -> str:
    """Put into a query what Grafana would: everything chosen, the first window, and four scrapes as the shortest span of a rate."""
    filled = {"__rate_interval": f"{4 * EVERY}s", **{choice.name: ".*" for choice in board.choices}}
    if board.windows:
        filled["window"] = board.windows[0]
    return re.sub(r"\$(\w+)", lambda found: filled[found[1]], expr)


@contextmanager
def watching(folder: Path, services: Mapping[str, int]) -> Iterator[Prometheus]:
    """Run Prometheus and the node exporter; `services` are the ports of our processes by their names."""
    port, disks = free_port(), free_port()
    targets = {
        "gridcase": [target(port, service=name.partition("-")[0]) for name, port in services.items()],
        "node": [target(disks)],
        "prometheus": [target(port)],
    }
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump(configured(targets)), encoding="utf-8")
    exporter = ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{disks}", *COLLECTORS]
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'series'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    started = [Process("node-exporter", exporter, folder / "node-exporter.log"), Process("prometheus", command, folder / "prometheus.log")]
    try:
        started[1].await_ready(lambda: answers(f"http://127.0.0.1:{port}/-/ready"), 60)
        yield Prometheus(f"http://127.0.0.1:{port}")
    finally:
        for process in started:
            process.stop()


def target(port: int, **labels: str) -> dict[str, Any]:
    return {"targets": [f"127.0.0.1:{port}"], "labels": labels}


def configured(targets: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the committed configuration with other targets, and seconds in place of minutes."""
    config: dict[str, Any] = yaml.safe_load((RULES / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = dict.fromkeys(("scrape_interval", "scrape_timeout", "evaluation_interval"), f"{EVERY}s")
    config["rule_files"] = [str(RULES / file) for file in config["rule_files"]]
    for job in config["scrape_configs"]:
        job["static_configs"] = targets[job["job_name"]]
    return config


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
