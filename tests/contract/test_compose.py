"""The compose file, the image and Prometheus fit each other, the services and the settings."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.made import SOURCE
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PORTS = {"console": 8000, "intake": 8001, "triage": 8002, "dispatch": 8003, "closure": 8004}
OURS = [*PORTS, "topics"]


def test_the_compose_file_obeys_the_schema_of_compose():
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*check, ROOT / "docker-compose.yml"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_of_the_code_is_in_the_compose_file():
    in_code = {app.parent.name for app in (ROOT / "services").glob("*/app.py")}
    assert in_code <= PORTS.keys() <= COMPOSE["services"].keys()


@pytest.mark.parametrize(("name", "port"), PORTS.items())
def test_a_service_listens_where_its_port_is_published(name: str, port: int):
    service = COMPOSE["services"][name]
    assert service["environment"]["SERVICE"] == name
    assert service["environment"]["PORT"] == str(port)
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(name: str):
    prefix = "GRIDCASE_"
    environment = COMPOSE["services"][name]["environment"]
    used = {key.removeprefix(prefix).lower() for key in environment if key.startswith(prefix)}
    assert {"kafka", "mongo", "city"} <= used <= Settings.model_fields.keys()


@pytest.mark.parametrize("name", [name for name in COMPOSE["services"] if name != "topics"])
def test_what_runs_for_ever_is_watched_and_restarted(name: str):
    service = COMPOSE["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_nothing_runs_as_root_or_from_a_floating_tag(name: str):
    service = COMPOSE["services"][name]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert service["image"].partition(":")[2].strip("v")[0].isdigit()
    assert service["cap_drop"] == ["ALL"]


def test_no_log_of_a_service_holds_the_addresses_that_were_asked_for():
    """Addresses may hold a reporter's key."""
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    [command] = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert "uvicorn" in command[-1]
    assert "--no-access-log" in command[-1].split()
    assert [name for name in PORTS if "command" in COMPOSE["services"][name]] == []


def test_the_log_of_the_compose_file_keeps_everything():
    kafka = COMPOSE["services"]["kafka"]["environment"]
    assert kafka["KAFKA_LOG_RETENTION_MS"] == kafka["KAFKA_LOG_RETENTION_BYTES"] == "-1"
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_prometheus_asks_every_service():
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    [job] = [job for job in config["scrape_configs"] if job["job_name"] == "gridcase"]
    targets = [target for group in job["static_configs"] for target in group["targets"]]
    assert targets == [f"{name}:{port}" for name, port in PORTS.items()]
    assert job["honor_labels"]


def test_prometheus_and_grafana_are_given_all_that_they_read():
    mounted = {
        mount.split(":")[1]: ROOT / mount.split(":")[0]
        for name in ("prometheus", "grafana")
        for mount in COMPOSE["services"][name]["volumes"]
    }
    assert (mounted["/etc/prometheus/rules"]).is_dir()
    [provider] = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/gridcase.yml").read_text())["providers"]
    assert sorted(file.name for file in mounted[provider["options"]["path"]].glob("*.json")) == [
        "city.json",
        "departments.json",
        "running.json",
    ]
    home = COMPOSE["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/city.json"
    [source] = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] == SOURCE.uid


def test_the_disks_of_the_host_are_read_and_nothing_else():
    exporter = COMPOSE["services"]["node-exporter"]
    assert exporter["volumes"] == ["/:/host:ro,rslave"]
    assert "ports" not in exporter
