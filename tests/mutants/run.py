"""Break each rule in a copy of the tree and see that the suite notices: `python tests/mutants/run.py [words of a rule]`.

Ends with 1 if a break survives, or if the unbroken copy does not pass.
"""

import multiprocessing
import os
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import fastapi  # noqa: F401
import faust  # noqa: F401 - what is large and never broken is loaded once; each suite runs in a fork
import motor.motor_asyncio  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.mutants.breaks import BREAKS, CRASHES, Break  # noqa: E402

PARTS = ("shared", "services", "deploy", "tests", "pyproject.toml")
SECONDS = 300  # for one break; one that hangs the suite is noticed as well
SEEDS = range(1, 81, 10)  # chunks of the crash scheduler: as many as every break needs
OPTIONS = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
Suite = tuple[str, ...]


def copy(into: Path) -> None:
    """Copy what the tests need."""
    for part in PARTS:
        source, target = ROOT / part, into / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def work(tree: Path, tests: Suite, said: Path) -> None:
    """Run the tests, in a process of their own."""
    os.chdir(tree)
    sys.path = [str(tree), *(entry for entry in sys.path if Path(entry) != ROOT)]
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]
    sys.dont_write_bytecode = True
    with said.open("w") as out, redirect_stdout(out):
        code = pytest.main([*OPTIONS, *tests])
    sys.exit(code)


def suite(tree: Path, tests: Suite) -> str | None:
    """Run the tests in the copy; return what failed first, or None if all passed."""
    chosen = [f"{test}[{seed}]" for test in tests for seed in SEEDS if test == CRASHES]
    chosen = [*(test for test in tests if test != CRASHES), *chosen]
    said = tree / "said.txt"
    running = multiprocessing.get_context("fork").Process(target=work, args=(tree, tuple(chosen), said))
    running.start()
    running.join(SECONDS)
    if running.is_alive():
        running.kill()
        running.join()
        return f"does not end within {SECONDS} s"
    if running.exitcode == 0:
        return None
    lines = said.read_text().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    if not failed:
        raise SystemExit("\n".join(["The suite cannot run:", *lines[-20:]]))
    return failed[0].split(" - ")[0].rpartition("::")[2] or failed[0]


def broken(tree: Path, one: Break) -> str | None:
    """Break the rule, run the suite, mend it again; return who noticed."""
    file = tree / one.file
    whole = file.read_text()
    if whole.count(one.old) != 1:
        print(f"The break of {one.rule!r} no longer fits {one.file}: word it anew.")
        return None
    file.write_text(whole.replace(one.old, one.new))
    try:
        return suite(tree, one.tests)
    finally:
        file.write_text(whole)


def main(words: str) -> int:
    chosen = [one for one in BREAKS if words in one.rule]
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        tree = Path(folder)
        copy(tree)
        asked = tuple(dict.fromkeys(test for one in chosen for test in one.tests))
        if amiss := suite(tree, asked):
            print(f"The unbroken tree does not pass: {amiss}")
            return 1
        survived = 0
        for one in chosen:
            noticed = broken(tree, one)
            survived += noticed is None
            print(f"{'noticed ' if noticed else 'SURVIVED'}  {one.rule:52}  {noticed or one.file}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} breaks are noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
