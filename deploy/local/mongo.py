"""Two servers that speak MongoDB's protocol: nx-27017, which keeps its data, and mongo-java-server for tests.

nx-27017 runs with SQLite's write-ahead log and `synchronous=NORMAL`, its defaults: what it has acknowledged survives its
death, and the last moments before a power cut come again from the log of events. Guarded replaces of 1 kB rows, on two
cores with 20,000 stored, cost 70 us a row so, 280 with `journal=true` in the URL (an fsync for each operation), 300 with
the journal modes OFF and MEMORY, 1,000 with DELETE.

What it answers from an index, at a cost that does not grow with the rows stored: `_id` equal or `$in` (35 us a row, 0.5 ms
at least); one indexed field of strings or numbers, equal or in a range, sorted by the same field, limited. What makes it
read all rows (2 us each): an index over two fields, which it never uses, dates in a range, `$in` on other fields; and worse,
ranges of `_id` (10 us each) and `count_documents` (25 us each; `$match` with `$group` uses the index). Each index adds
15 us to a write.
"""

import hashlib
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.jars import EngineUnavailable, Say, find_java, jars
from deploy.local.process import Process

JAVA_SERVER = "de.bwaldvogel:mongo-java-server:1.47.0"
START_SECONDS = 60
JAVA_COMPILER = "org.eclipse.jdt:ecj:3.33.0"
_COMPILER_MAIN = "org.eclipse.jdt.internal.compiler.batch.Main"
_LAUNCHER = Path(__file__).with_name("MongoLauncher.java")
_RUN_NX = "from nx_27017 import main; main()"


def start_nx(home: Path, port: int) -> Process:
    """Start nx-27017 on `home`, one SQLite file for each database, and wait until it answers."""
    home.mkdir(parents=True, exist_ok=True)
    pid_file = home.with_suffix(".pid")
    pid_file.unlink(missing_ok=True)
    command: list[str | Path] = [sys.executable, "-c", _RUN_NX, "--host", "127.0.0.1", "-p", str(port)]
    command += ["--data-dir", home, "-j", "WAL", "--log-file", home.with_suffix(".log"), "--pid-file", pid_file]
    store = Process("nx-27017", command, home.with_suffix(".out"))
    store.await_ready(partial(answers_ping, port), within=START_SECONDS)
    return store


def start_java_mongo(home: Path, port: int, say: Say) -> Process:
    """Start mongo-java-server, which keeps its data in memory. Its launcher is compiled by a compiler from Maven Central: a JRE will do."""
    java, lib = find_java(), jars("mongo-java-server", [JAVA_SERVER], say)
    classes = _compiled(java, lib, jars("java-compiler", [JAVA_COMPILER], say))
    run: list[str | Path] = [java, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{classes}:{lib}/*"]
    store = Process("mongo-java-server", [*run, _LAUNCHER.stem, str(port)], home.with_suffix(".out"))
    store.await_ready(partial(answers_ping, port), within=START_SECONDS)
    return store


def _compiled(java: Path, lib: Path, compiler: Path) -> Path:
    """Return the folder with the launcher's classes, compiled once for each wording of the launcher."""
    wording = hashlib.sha256(_LAUNCHER.read_bytes()).hexdigest()[:12]
    classes = lib.parent / f"launcher-{wording}"
    if not classes.is_dir():
        classpath = ":".join(str(jar) for jar in sorted(lib.glob("*.jar")))
        with tempfile.TemporaryDirectory(dir=lib.parent) as fresh:
            compile: list[str | Path] = [java, "-cp", f"{compiler}/*", _COMPILER_MAIN, "-source", "17", "-target", "17"]
            done = subprocess.run(
                [*compile, "-cp", classpath, "-d", f"{fresh}/out", _LAUNCHER], capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise EngineUnavailable(f"The launcher of mongo-java-server cannot be compiled: {done.stderr}")
            with suppress(OSError):  # another process was faster
                Path(fresh, "out").rename(classes)
    return classes


def answers_ping(port: int) -> bool:
    client: MongoClient[dict[str, object]] = MongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500, connectTimeoutMS=500
    )
    with client:
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
    return True
