"""Reads our own log for learning, from its start to its present end: from a file of one JSON event a line, or from Kafka."""

import asyncio
from pathlib import Path

from aiokafka import TopicPartition
from rich.console import Console
from rich.progress import Progress

from deploy.learn.log import Cases, once, rows_of
from deploy.learn.text_rows import Row
from deploy.topics import connected
from shared.city import City
from shared.settings import Settings


def rows_of_file(file: Path, city: City, console: Console) -> list[Row]:
    """Return what can be learned from a file of events; within a case they stand in order."""
    cases = Cases()
    with Progress(console=console, transient=True) as bar, bar.open(file, "rb", description=f"reading {file.name}") as lines:
        for line in lines:
            if line.strip():
                cases.take(line)
    tell(len(cases.folded), cases.unread, console)
    return once(rows_of(cases, city))


def rows_of_log(settings: Settings, city: City, console: Console) -> list[Row]:
    """Return what can be learned from the log. Raises Away."""
    return asyncio.run(read(settings, city, console))


async def read(settings: Settings, city: City, console: Console) -> list[Row]:
    """Read one partition after the other, so that only the cases of one are in memory: a case stands in one partition."""
    rows: list[Row] = []
    folded, unread = 0, 0
    async with connected(settings) as log:
        begins, ends = await log.begins(range(log.partitions)), await log.ends(range(log.partitions))
        with Progress(console=console, transient=True) as bar:
            line = bar.add_task("reading the log", total=sum(ends.values()) - sum(begins.values()))
            for partition in range(log.partitions):
                where, cases = TopicPartition(log.topic, partition), Cases()
                async for record in log.read({where: begins[partition]}, {where: ends[partition]}):
                    cases.take(record.value)
                    bar.advance(line)
                rows += rows_of(cases, city)
                folded, unread = folded + len(cases.folded), unread + cases.unread
    tell(folded, unread, console)
    return once(rows)


def tell(cases: int, unread: int, console: Console) -> None:
    console.print(f"Read {cases:,} cases{f', and {unread:,} messages that are no events' if unread else ''}.")
