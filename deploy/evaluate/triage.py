"""How well triage reads messages whose answers are known: the table, and the figures as one object."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from deploy.learn.text_rows import Row, as_in, read_rows
from services.triage.model.assess import Assessment, assess
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.terms import Grade

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2,}")
SHOWN = 12  # confusions
NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)  # the messages tell no time


@dataclass(frozen=True)
class Answer:
    """What triage said of one message, and in how many milliseconds."""

    row: Row
    said: Assessment
    ms: float

    @property
    def first(self) -> bool:
        return self.said.best is not None and self.said.best.code in self.row.right

    @property
    def among_three(self) -> bool:
        return self.first or any(guess.code in self.row.right for guess in self.said.others)

    @property
    def flagged(self) -> bool:
        return self.said.grade is Grade.EMERGENCY


def evaluate(file: Path, city: str, console: Console) -> dict[str, float]:
    """Measure triage of `city` on `file`, print what was found, and return the figures."""
    used = load_city(city_folder(city))
    rows = as_in(read_rows(file), used)
    unknown = sum(row.report and not (row.right & set(used.categories)) for row in rows)
    answers = answered(rows, used)
    show(answers, console)
    if unknown:
        console.print(f"{unknown} messages have a code that {city} does not know: they count as wrong.", style="yellow")
    return figures(answers)


def answered(rows: Sequence[Row], city: City) -> list[Answer]:
    """Assess every message as one from a chat without a place: the hardest way in which it can come."""
    assess("  ", channel="chat", location_known=False, city=city)  # so that loading is not measured
    assess("路灯 street light", channel="chat", location_known=False, city=city)
    answers = []
    for row in rows:
        began = perf_counter()
        said = assess(row.text, channel="chat", location_known=False, city=city)
        answers.append(Answer(row, said, (perf_counter() - began) * 1000))
    return answers


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    """Return the shares, from 0 to 1, and the time and memory that it took. What nobody asked for has the share 0."""
    reports = [one for one in answers if one.row.report]
    others = [one for one in answers if not one.row.report]
    danger = [one for one in answers if one.row.emergency]
    calm = [one for one in answers if not one.row.emergency]
    filed = [one for one in answers if one.said.sure and one.said.report]
    graded = [one for one in reports if one.row.grade]
    times = [one.ms for one in answers]
    return {
        "top1": share(one.first for one in reports),
        "top3": share(one.among_three for one in reports),
        "emergency_recall": share(one.flagged for one in danger),
        "emergency_false_alarms": share(one.flagged for one in calm),
        "non_report_recall": share(not one.said.report for one in others),
        "reports_lost": share(not one.said.report for one in reports),
        "grade": share(one.said.grade is one.row.grade for one in graded),
        "condition": share(
            one.said.best.condition == one.row.condition for one in reports if one.said.best and one.first and one.row.condition
        ),
        "automatic_precision": share(one.first for one in filed),
        "automatic_share": share(one.said.sure and one.said.report for one in reports),
        "median_ms": round(float(np.median(times)), 2),
        "p99_ms": round(float(np.quantile(times, 0.99)), 2),
        "rss_mb": round(psutil.Process().memory_info().rss / 1e6),
        "messages": len(answers),
    }


def share(hits: Iterable[bool]) -> float:
    told = list(hits)
    return round(sum(told) / len(told), 4) if told else 0.0


def show(answers: Sequence[Answer], console: Console) -> None:
    """Print the figures of all messages and of each language, and the worst confusions."""
    parts = {"all": list(answers)} | {
        name: found for name in ("zh", "en", "mixed") if (found := [one for one in answers if language(one.row.text) == name])
    }
    table = Table(title="Triage")
    table.add_column("figure")
    for name in parts:
        table.add_column(name, justify="right")
    columns = [figures(found) for found in parts.values()]
    for figure in columns[0]:
        table.add_row(figure, *(written(figure, column[figure]) for column in columns))
    console.print(table)
    wrong = Counter((one.row.code, one.said.best.code) for one in answers if one.row.report and one.said.best and not one.first)
    for (right, said), times in wrong.most_common(SHOWN):
        console.print(f"{times} x {right} taken for {said}")
    for one in answers:
        if one.row.emergency and not one.flagged:
            console.print(f"missed emergency ({one.said.emergency_probability:.2f}): {one.row.text}", style="red")


def written(figure: str, value: float) -> str:
    plain = figure.endswith("_ms") or figure in {"rss_mb", "messages"}
    return f"{value:g}" if plain else f"{value:.1%}"


def language(text: str) -> str:
    """Return zh, en, or mixed where Chinese stands beside at least two Latin words."""
    if not HAN.search(text):
        return "en"
    return "mixed" if len(LATIN.findall(text)) > 1 else "zh"
