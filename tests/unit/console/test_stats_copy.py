"""The copy follows what is saved, whoever saves it and in whatever order it is read."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from services.console.following import Following, followed
from services.console.stats.copy import Copy, NotLoaded
from services.console.stats.question import Question
from services.console.stats.telling import stats
from services.console.views.past import past
from services.console.views.timeline import timeline
from shared.case import Case
from shared.service import Fold
from shared.store import Document
from tests.eventually import eventually
from tests.unit.console.histories import MONDAY, seeded
from tests.unit.console.rows import projected
from tests.unit.console.stats_town import ALL, asking, document, table_of
from tests.unit.console.town import TOWN


class Rows:
    """The rows that a console has saved of the first folds, as a store gives them; `broken` answers of it fail first."""

    def __init__(self, folds: list[Fold]) -> None:
        self.folds = folds
        self.saved = 0
        self.broken = 0
        self.reads = 0
        self.while_reading = 0  # folds that are saved while all cases are read

    def collections(self) -> dict[str, dict[str, Document]]:
        folds = self.folds[: self.saved]
        cases = {fold.after.id: (fold.after, fold.partition) for fold in folds}
        older = {f"{partition}/{key}": row for (partition, key), row in projected(past, folds, TOWN).items()}
        told = {f"{f.partition}/{f.offset}": timeline.change(None, str(f.offset), f, TOWN) for f in folds}
        rows: dict[str, dict[str, Any]] = {
            "cases": {id: document(*one) for id, one in cases.items()},
            past.name: older,
            timeline.name: told,
        }
        return {name: {id: {**row, "_id": id} for id, row in of.items()} for name, of in rows.items()}

    async def progress(self) -> dict[int, Document]:
        if self.broken:
            self.broken -= 1
            raise AutoReconnect("away")
        return {fold.partition: {"offset": fold.offset + 1} for fold in self.folds[: self.saved]}

    async def find(self, collection: str, filter: Mapping[str, Any], *, projection: Mapping[str, bool] | None = None) -> list[Document]:
        self.reads += 1
        rows = self.collections()[collection]
        return [rows[id] for id in filter["_id"]["$in"] if id in rows]

    async def each(
        self, collection: str, projection: Mapping[str, bool], chunk: int, filter: Mapping[str, Any] | None = None
    ) -> AsyncIterator[list[Document]]:
        for row in self.collections()[collection].values():
            if all(row[name] == value for name, value in (filter or {}).items()):
                yield [row]
        self.saved = max(self.saved, self.while_reading)


def following(rows: Rows) -> tuple[Copy, Following]:
    copy = Copy(rows)
    return copy, Following(rows, lambda: MONDAY, (copy,))


async def figures(copy: Copy) -> dict[str, Any]:
    told: dict[str, Any] = (await copy.ask(lambda table, as_of: stats(table, asking(Question({}, ALL, "reported")))))["figures"]
    return told


def expected(folds: list[Fold]) -> dict[str, Any]:
    told: dict[str, Any] = stats(table_of(folds), asking())["figures"]
    return told


@pytest.mark.parametrize("seed", range(20))
async def test_following_step_by_step_gives_what_reading_at_once_gives(seed: int):
    rows = Rows(seeded(seed))
    copy, follows = following(rows)
    rows.saved, rows.while_reading = 10, 20
    await follows.load()
    assert await figures(copy) == expected(rows.folds[:20])
    for saved in range(20, len(rows.folds) + 1, 7):
        rows.saved = saved
        await follows.follow()
        assert await figures(copy) == expected(rows.folds[:saved])


async def test_nothing_is_read_while_nothing_changes():
    rows = Rows(seeded(1))
    rows.saved = 40
    _, follows = following(rows)
    await follows.load()
    reads = rows.reads
    await follows.follow()
    assert rows.reads == reads


async def test_what_is_new_is_asked_for_once_in_whatever_partitions_it_is():
    rows = Rows(seeded(1))
    rows.saved = 40
    _, follows = following(rows)
    await follows.load()
    rows.saved, reads = len(rows.folds), rows.reads
    assert len({fold.partition for fold in rows.folds[40:]}) > 1
    await follows.follow()
    assert rows.reads == reads + 3  # what happened, the cases that it happened to, and what they were before


async def test_nothing_is_told_before_all_cases_were_read():
    with pytest.raises(NotLoaded):
        await figures(Copy(Rows([])))


async def test_a_store_that_is_away_is_asked_again():
    rows = Rows(seeded(2))
    rows.saved, rows.broken = 30, 1
    copy, follows = following(rows)
    async with followed(follows):

        async def loaded() -> bool:
            return copy.as_of is not None and await figures(copy) == expected(rows.folds[:30])

        await eventually(loaded, 10)


async def test_a_case_that_nobody_has_reported_is_no_case():
    rows = Rows([Fold(Case(id="x"), fold.event, Case(id="x"), 0, 0) for fold in seeded(3)[:1]])
    rows.saved = 1
    copy, follows = following(rows)
    await follows.load()
    assert await copy.ask(lambda table, as_of: len(table)) == 0
