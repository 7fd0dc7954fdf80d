"""Learns a text model from judged messages, and compares it with what runs on later ones that neither has learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.evaluate.triage import answered, figures, written
from deploy.learn.text_model import train
from deploy.learn.text_rows import Row, known, read_rows
from deploy.refusal import CannotDo
from services.triage.model.assess import MODEL, predictor
from services.triage.model.prediction import Predictor, fingerprint
from shared.city import City

LATER = 5  # one row of so many is kept for the comparison
FEWEST = 20  # rows on which a comparison says anything
FEWEST_CASES = 200  # of our own log, to learn from
CORPUS = "messages"  # the folder of a city's pack with judged messages that somebody wrote
ALLOWANCE = 0.01  # by how much fewer emergencies may be found: less than one case of chance
COMPARED = ("top1", "top3", "emergency_recall", "emergency_false_alarms", "non_report_recall", "reports_lost", "grade", "condition")


@dataclass(frozen=True)
class Learned:
    """A model of all rows, and how one of the earlier rows did on the later ones against what runs."""

    content: bytes
    new: dict[str, float]
    old: dict[str, float]

    @property
    def better(self) -> bool:
        """More types right, and danger seen as often."""
        return self.new["top1"] > self.old["top1"] and self.new["emergency_recall"] >= self.old["emergency_recall"] - ALLOWANCE


def learn(rows: Sequence[Row], city: City, console: Console, corpus: Sequence[Row] = ()) -> Learned:
    """Learn from `rows` and the city's own corpus, and print the comparison, in which no text of the corpus is asked for."""
    earlier, later = parted(rows)
    written_by_hand = {fingerprint(row.text) for row in corpus}
    later = [row for row in later if fingerprint(row.text) not in written_by_hand]
    beside = f", and from {len(corpus)} of the city's corpus" if corpus else ""
    console.print(f"{len(rows)} messages: learning from {len(earlier)}{beside}, comparing on {len(later)} {how(rows)}.")
    if not later:
        raise CannotDo("Nothing is left to compare on: too few messages, or all of them stand in the city's corpus.")
    trial = with_model(city, train([*corpus, *earlier], city))
    now, told = opponent(city, later)
    result = Learned(
        content=train([*corpus, *rows], city),
        new=figures(answered(later, trial)),
        old=figures(answered(later, now)),
    )
    console.print(compared(result, told))
    console.print(held_back(result.content))
    return result


def from_log(rows: Sequence[Row], city: City, folder: Path, console: Console) -> Learned:
    """Learn from what our own log has taught, beside the corpus in the city's folder. Raises `CannotDo` if there is too little."""
    usable = known(rows, city)
    if len(usable) < FEWEST_CASES:
        raise CannotDo(
            f"The log has {len(usable)} closed cases whose texts can be learned from; {FEWEST_CASES} are needed. Open, merged and "
            "confidential cases do not count, and a text counts once."
        )
    messages = folder / CORPUS
    return learn(usable, city, console, known(read_rows(messages), city) if messages.is_dir() else ())


def parted(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the earlier and the later rows; where no row tells its time, every fifth stands for a later one."""
    if rows and all(row.at for row in rows):
        cut = len(rows) - len(rows) // LATER
        return list(rows[:cut]), list(rows[cut:])
    later = list(rows[LATER - 1 :: LATER])
    return [row for place, row in enumerate(rows) if place % LATER != LATER - 1], later


def how(rows: Sequence[Row]) -> str:
    return "later ones" if all(row.at for row in rows) else "others, every fifth, for the rows tell no time"


def with_model(city: City, content: bytes) -> City:
    return city.model_copy(update={"learned": {**city.learned, MODEL: content}})


def opponent(city: City, later: Sequence[Row]) -> tuple[City, str]:
    """Return what runs now, or the words alone if what runs has learned from the very rows of the comparison."""
    running = predictor(city.learned[MODEL]) if MODEL in city.learned else None
    if running is None:
        return city, "words"
    if sum(fingerprint(row.text) not in running.learned for row in later) >= max(FEWEST, len(later) // 2):
        return city, "now"
    return city.model_copy(update={"learned": {name: file for name, file in city.learned.items() if name != MODEL}}), "words"


def held_back(content: bytes) -> str:
    """Say how good a model was, while it was made, on messages of writers that it had not read: the honest figures for another writer."""
    told = Predictor.load(content).facts.quality
    return (
        f"On writers held back in turn: type {told['top1']:.1%}, among three {told['top3']:.1%}, "
        f"emergencies {told['emergency_recall']:.1%} with {told['emergency_false_alarms']:.1%} false alarms, "
        f"non-reports {told['non_report_recall']:.1%}."
    )


def compared(result: Learned, told: str) -> Table:
    """Return what is said of both, side by side."""
    table = Table(title="On later messages")
    for column in ("figure", told, "learned"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for name in COMPARED:
        table.add_row(name, written(name, result.old[name]), written(name, result.new[name]))
    return table
