"""`gridcase bench --quick` measures everything on engines of its own, in about a minute."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bench.table import TARGETS

SECONDS = 600  # an upper bound for a busy machine


@pytest.mark.timeout(SECONDS + 30)
def test_a_quick_bench_measures_every_figure_and_merges_nothing(tmp_path: Path):
    command = [str(Path(sys.executable).with_name("gridcase")), "bench", "--quick", "--json", "--data", str(tmp_path / "bench")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said.keys() >= TARGETS.keys()
    assert all(said[name] > 0 for name in TARGETS)
    assert said["events_per_life"] == 7
    assert said["merged"] == 0
    assert set(said["memory_mb"]["rest"]) == {"kafka", "mongo", "console", "intake", "triage", "dispatch", "closure"}
