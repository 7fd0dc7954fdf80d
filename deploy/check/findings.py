"""What the check has found: violations, each one line that names the invariant, the case and the place, and notes that break nothing."""

from collections import Counter
from dataclasses import dataclass, field

MOST_LINES = 100  # of one invariant; the rest is counted

INVARIANTS = {
    1: "acknowledged",
    2: "versions",
    3: "one close, one assignee",
    4: "commands",
    5: "copies",
    6: "offsets",
    7: "consumed",
    8: "deadlines",
    10: "silence",
    11: "conduct",
    12: "public page",
    13: "objections",
}

Place = tuple[int, int]  # partition and offset


@dataclass
class Findings:
    """Collects violations, by their number in the list of invariants, and notes."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def add(self, invariant: int, sentence: str, *, case: str | None = None, place: Place | None = None) -> None:
        """Note a violation; of one invariant only the first hundred are kept as lines."""
        self.counts[invariant] += 1
        if self.counts[invariant] <= MOST_LINES:
            about = f"case {case}" if case else ""
            where = f"partition {place[0]} offset {place[1]}" if place else ""
            subject = ", ".join(part for part in (about, where) if part)
            self.lines.append((invariant, f"{invariant} {INVARIANTS[invariant]}: {subject}{': ' if subject else ''}{sentence}"))

    def note(self, sentence: str) -> None:
        """Note something that is worth knowing and breaks nothing."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def violations(self) -> list[str]:
        """Return the lines in order of the invariants, each with the count of what was left out."""
        found = []
        for number in sorted(self.counts):
            found += [line for invariant, line in self.lines if invariant == number]
            if (more := self.counts[number] - MOST_LINES) > 0:
                found.append(f"{number} {INVARIANTS[number]}: {more} more violations of this kind")
        return found
