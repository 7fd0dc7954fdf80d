"""A child process with a log file of its own, that cannot outlive the program that started it.

On Linux the kernel kills the child when the *thread* that forked it ends. So one daemon thread, which lives as long as
the program, forks them all; and a few lines of Python run in the child to ask for that, since code between fork and
exec is not safe in a program with threads.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

_PR_SET_PDEATHSIG = 1
_WRAP = f"""
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl({_PR_SET_PDEATHSIG}, signal.SIGKILL)
    if os.getppid() != int(sys.argv[1]):
        sys.exit("the program that started this process has ended")
try:
    os.execvpe(sys.argv[2], sys.argv[2:], os.environ)
except OSError as error:
    sys.exit(f"cannot run {{sys.argv[2]}}: {{error}}")
"""

_Child = subprocess.Popen[bytes]
_jobs: SimpleQueue[tuple[Callable[[], _Child], Future[_Child]]] = SimpleQueue()
_forker: threading.Thread | None = None
_forker_lock = threading.Lock()


class EngineFailed(RuntimeError):
    """An engine was started but does not serve; the message holds the end of its log."""


class Process:
    """One running command; its standard output and error are appended to `log`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        """Start `command` in a session of its own; `env` is added to this program's environment."""
        self.name = name
        self.log = log
        self.started = time.monotonic()
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = log.stat().st_size if log.exists() else 0
        self._child = _fork([str(word) for word in command], {**os.environ, **(env or {})}, log, cwd)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._child.poll()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False if it still runs after `seconds`."""
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def await_ready(self, answers: Callable[[], bool], within: float) -> None:
        """Return once `answers()` holds; if the process ends or `within` seconds pass first, kill it and raise."""
        deadline = time.monotonic() + within
        while not answers():
            late = time.monotonic() > deadline
            if late or not self.alive:
                self.kill()
                why = f"did not answer within {within:g} seconds" if late else f"ended with code {self.exit_code}"
                raise EngineFailed(f"{self.name} {why}. Its log {self.log} ends with:\n{self.last_words()}")
            time.sleep(0.05)

    def stop(self, grace: float = 10) -> None:
        """Ask it to end (SIGTERM), and kill it if it has not done so after `grace` seconds."""
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)
        if not self.wait(grace):
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        self._signal(signal.SIGKILL)
        self._child.wait()

    def pause(self) -> None:
        """Freeze it, as an overloaded machine would (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def last_words(self, lines: int = 15) -> str:
        """The last lines that this run wrote to its log, for an error message."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, size - 200 * lines))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                return


def _fork(command: list[str], env: dict[str, str], log: Path, cwd: Path | None) -> _Child:
    def start() -> _Child:
        wrapped = [sys.executable, "-I", "-S", "-c", _WRAP, str(os.getpid()), *command]
        with log.open("ab") as output:
            return subprocess.Popen(
                wrapped,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
            )

    global _forker
    with _forker_lock:
        if _forker is None:
            _forker = threading.Thread(target=_serve_jobs, name="forker", daemon=True)
            _forker.start()
    child: Future[_Child] = Future()
    _jobs.put((start, child))
    return child.result()


def _serve_jobs() -> None:
    while True:
        start, child = _jobs.get()
        try:
            child.set_result(start())
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            child.set_exception(error)
