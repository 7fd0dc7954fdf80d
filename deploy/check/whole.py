"""What can only be said once the whole log was read: dead letters, merges, promises that are due, and facts said in vain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.check.findings import Place
from deploy.check.history import UNREADABLE, History, Told
from deploy.check.promises import check_promises, tell_counts
from deploy.check.rules import MOST_FOLLOWERS, MOST_REPEATS


@dataclass(frozen=True)
class Letter:
    """A dead letter: where the message stood, which step put it aside and why, and what it holds."""

    place: Place
    step: str
    service: str
    reason: str
    mark: str


def check_whole(history: History, letters: Iterable[Letter], now: datetime | None, bound: timedelta) -> None:
    """Check what needs the whole log; without `now` nobody can be late."""
    check_letters(history, letters)
    for id, told in history.cases.items():
        check_report(history, id, told)
        check_merge(history, id, told)
        check_followers(history, id, told)
        check_promises(history, id, told, now, bound)
    tell_counts(history)
    for (case, fact), times in history.silenced.items():
        if times > MOST_REPEATS:
            history.findings.add(10, f"a service said {fact} {times} times without effect, at most {MOST_REPEATS} expected", case=case)


def check_letters(history: History, letters: Iterable[Letter]) -> None:
    """Hold what could not be read against the dead letters."""
    findings = history.findings
    found: dict[Place, frozenset[str]] = {}
    for letter in letters:
        part = history.parts.get(letter.place[0])
        if part is None or not part.begin <= letter.place[1] < part.end:
            findings.add(7, f"a dead letter of {letter.service} names a place that the log does not have", place=letter.place)
        elif letter.step != "decode":
            findings.note(
                f"{letter.service} put a fact aside at {letter.place[0]}/{letter.place[1]}, in {letter.step}: {letter.reason[:200]}"
            )
        elif part.outcome(letter.place[1]) != UNREADABLE:
            findings.add(7, f"{letter.service} put aside what is a fact: {letter.reason[:200]}", place=letter.place)
        else:
            found[letter.place] = found.get(letter.place, frozenset()) | {letter.mark}
    for place, (reason, mark) in history.unreadable.items():
        if place not in found:
            findings.add(7, f"neither a fact ({reason[:200]}) nor a dead letter", place=place)
        elif mark not in found[place]:
            findings.add(7, "its dead letter does not hold the original bytes", place=place)


def check_report(history: History, id: str, told: Told) -> None:
    if told.case["status"] == "unknown" and told.spoken:
        history.findings.add(1, f"{told.spoken} speaks of a case without any case.reported", case=id, place=(told.partition, told.last))


def check_merge(history: History, id: str, told: Told) -> None:
    """Follow a merged case to where its reporters hear of the outcome."""
    if told.case["status"] != "merged":
        return
    way = [id, *trail(history, id)]
    last = history.cases.get(way[-1])
    if last is None:
        history.findings.add(10, f"merged into {way[-1]}, which the log does not know: its report is lost", case=id)
    elif last.case["status"] == "merged":
        history.findings.add(10, f"merged in a ring: {' -> '.join(way)}", case=id)
    elif id not in last.case["followers"] and len(last.case["followers"]) < MOST_FOLLOWERS:
        history.findings.add(10, f"its survivor {way[-1]} does not know that it follows ({' -> '.join(way)})", case=id)


def trail(history: History, id: str) -> list[str]:
    """Return the cases into which a case is merged, directly and by others; it ends where it would begin again."""
    found: list[str] = []
    while (told := history.cases.get(id)) is not None and told.case["status"] == "merged":
        id = told.case["into"]
        found.append(id)
        if id in found[:-1]:
            break
    return found


def check_followers(history: History, id: str, told: Told) -> None:
    """A case that others joined must not end without a word to them."""
    followers = told.case["followers"]
    if told.case["status"] == "withdrawn" and followers:
        history.findings.add(10, f"withdrawn though {len(followers)} others follow it, expected case.revived", case=id)
    for follower in followers:
        if id not in trail(history, follower):
            history.findings.add(10, f"{follower} follows it without being merged into it", case=id)
