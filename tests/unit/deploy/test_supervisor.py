"""What dies is started again, with patience that has an end, and the last word says why."""

import sys
import time
from pathlib import Path

import pytest

from deploy.local.process import EngineFailed, Process
from deploy.supervisor import REFUSED, Again, Never, Policy, State, Supervised, after_death, ending, last_sentence, supervising

POLICY = Policy(first=0.5, longest=10, deaths=4, within=120)
REFUSAL = '{"at": "2026-01-01", "level": "CRITICAL", "name": "gridcase", "message": "triage, partition 3: the log was replaced."}'


def test_the_first_death_is_mended_at_once_and_each_further_one_later():
    deaths = [0.0, 1.0, 3.0]
    assert [after_death(70, deaths[:n], "", POLICY) for n in (1, 2, 3)] == [Again(0.5), Again(1.0), Again(2.0)]


def test_the_wait_does_not_grow_beyond_the_longest():
    patient = Policy(deaths=20)
    assert after_death(70, [float(n) for n in range(12)], "", patient) == Again(10.0)


def test_deaths_long_ago_are_forgiven():
    assert after_death(-9, [0.0, 1.0, 2.0, 1000.0], "", POLICY) == Again(0.5)


def test_too_many_deaths_end_it_and_the_last_word_says_what_the_process_said():
    verdict = after_death(70, [0.0, 1.0, 2.0, 3.0], "Kafka has been away for 60 s", POLICY)
    assert verdict == Never(
        "it died 4 times within 120 seconds; the last time it ended with code 70. It said: Kafka has been away for 60 s"
    )


def test_a_refusal_is_not_tried_again_and_its_own_sentence_is_passed_on():
    assert after_death(REFUSED, [0.0], f"{REFUSAL}\nsome noise", POLICY) == Never("triage, partition 3: the log was replaced.")


def test_a_refusal_without_a_word_is_told_as_such():
    assert after_death(REFUSED, [0.0], "", POLICY) == Never("it refused to start and did not say why")


def test_the_refused_code_is_that_of_the_services():
    from shared.process import REFUSED as SAID

    assert SAID == REFUSED


@pytest.mark.parametrize(
    ("code", "words"), [(None, "did not start"), (-9, "was killed by SIGKILL"), (0, "ended with code 0"), (70, "ended with code 70")]
)
def test_an_ending_is_told_in_words(code: int | None, words: str):
    assert ending(code) == words


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("", ""),
        ("Traceback\n  File\nValueError: no\n\n", "ValueError: no"),
        ('{"level": "ERROR", "message": "late"}\n{"level": "INFO", "message": "well"}', "late"),
        (f'{REFUSAL}\n{{"level": "ERROR", "message": "later"}}', "triage, partition 3: the log was replaced."),
        ('[1, 2]\n"text"', '"text"'),
    ],
)
def test_the_last_sentence_is_the_gravest_of_a_log(log: str, sentence: str):
    assert last_sentence(log) == sentence


class Scene:
    """A supervised process in a test, and what was said about it."""

    def __init__(self, folder: Path, code: str, policy: Policy = POLICY, irreplaceable: str = "") -> None:
        self.said: list[str] = []
        command = [sys.executable, "-c", code]
        self.one = Supervised("triage", "http://127.0.0.1:8002", lambda: Process("triage", command, folder / "log"), policy, irreplaceable)
        self.one.start()

    def after(self, now: float) -> State:
        """Wait for the end of the process, tend it at `now`, and return its state."""
        assert self.one.process is not None
        assert self.one.process.wait(10)
        self.one.tend(now, self.said.append)
        return self.one.state


def test_a_dead_process_is_started_again_when_its_wait_is_over(tmp_path: Path):
    scene = Scene(tmp_path, "")
    assert scene.after(100.0) is State.WAITING
    scene.one.tend(100.4, scene.said.append)
    assert (scene.one.restarts, scene.one.state) == (0, State.WAITING)
    scene.one.tend(100.5, scene.said.append)
    assert scene.one.restarts == 1
    scene.one.stop(5)
    assert scene.said == ["triage ended with code 0; it is started again in 0.5 s."]


def test_a_process_that_refuses_stays_down(tmp_path: Path):
    scene = Scene(tmp_path, f"import sys; print('The database was restored.'); sys.exit({REFUSED})")
    assert scene.after(0.0) is State.GONE
    scene.one.tend(1000.0, scene.said.append)
    assert (scene.one.restarts, scene.said) == (0, ["triage is not started again: The database was restored."])


def test_an_irreplaceable_process_is_not_replaced(tmp_path: Path):
    scene = Scene(tmp_path, "", irreplaceable="Its log is gone.")
    assert scene.after(0.0) is State.GONE
    assert scene.said == ["triage: it ended with code 0. Its log is gone."]


def test_a_start_that_fails_counts_as_a_death(tmp_path: Path):
    scene = Scene(tmp_path, "", Policy(deaths=2))
    scene.after(0.0)

    def fail() -> Process:
        raise EngineFailed("Kafka did not answer.")

    scene.one.begin = fail
    scene.one.tend(1.0, scene.said.append)
    scene.one.tend(1.1, scene.said.append)
    assert scene.one.state is State.GONE
    assert scene.said[-1].endswith("It said: Kafka did not answer.")


def test_what_is_killed_while_it_is_supervised_comes_back(tmp_path: Path):
    scene = Scene(tmp_path, "import time; time.sleep(60)", Policy(first=0.01))
    before = scene.one.pid
    with supervising([scene.one], scene.said.append):
        scene.one.kill()
        deadline = time.monotonic() + 10
        while scene.one.restarts == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert scene.one.alive
    assert scene.one.pid != before
    scene.one.kill()
    assert scene.said == ["triage was killed by SIGKILL; it is started again in 0.01 s."]
