"""Folding a batch: messages become events, events change cases and rows of views, first in scratch, then in memory at once.

Whatever goes wrong with one event concerns that event alone: it is put aside with its reason, and the rest goes on.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from shared import metrics
from shared.case import evolve, unknown
from shared.city import City
from shared.engines import Log, Rows
from shared.events import AnyEvent, decode
from shared.memory import CaseRow, Held, RowKey, Taken, ViewRow, fingerprint
from shared.service import Fold, Service, View
from shared.store import stored_row

log = logging.getLogger("gridcase")

Mine = Sequence[tuple[Held, Taken]]
Folded = tuple[Held, Taken, Fold]
Failed = tuple[Taken, str, str]  # what was put aside, at which step, and why


@dataclass
class Folding:
    """Folds for one process. `held` is shared with the recipe: what leaves it while an engine answers is dropped."""

    service: Service
    log: Log
    store: Rows
    city: Callable[[], City]
    held: dict[int, Held]

    def in_order(self, batch: Sequence[Taken]) -> list[tuple[Held, Taken]]:
        """Return the messages that are next in their partitions; others come from an earlier assignment and will come again."""
        mine, upto = [], {partition: held.next for partition, held in self.held.items()}
        for taken in batch:
            held = self.held.get(taken.partition)
            if held is not None and taken.offset == upto[taken.partition]:
                upto[taken.partition] += 1
                mine.append((held, taken))
        return mine

    async def decoded(self, mine: Mine) -> list[AnyEvent | None]:
        """Return the events; None where a message cannot be one, which the dead letters then say."""
        events: list[AnyEvent | None] = []
        for _, taken in mine:
            try:
                events.append(self.read(taken))
            except ValueError as error:
                events.append(None)
                await self.bury(taken, "decode", str(error), keep=self.service.keeps_dead)
        return events

    def read(self, taken: Taken) -> AnyEvent:
        """Return the event in a message. Raises ValueError if there is none, or if it stands in the wrong place."""
        try:
            event = decode(taken.value or b"")
        except ValidationError as invalid:  # told without what it holds: that may be personal data
            faults = invalid.errors(include_input=False, include_url=False, include_context=False)
            raise ValueError("; ".join(f"{'.'.join(map(str, fault['loc'])) or 'message'}: {fault['msg']}" for fault in faults)) from invalid
        key = event.case_id.encode()
        if taken.key != key:
            raise ValueError(f"key {taken.key!r} is not the case id {event.case_id!r}")
        if self.log.partition(key) != taken.partition:
            raise ValueError(f"partition {taken.partition} is not the key's, {self.log.partition(key)}")
        return event

    async def bury(self, taken: Taken, step: str, reason: str, keep: bool = True) -> None:
        """Put a message aside, with the reason; `keep` is False where another service writes the dead letter."""
        log.error("put aside by %s: partition %s offset %s: %s", step, taken.partition, taken.offset, reason)
        metrics.DEAD.labels(self.service.name, step).inc()
        if keep:
            await self.log.bury(taken, step, reason)

    async def fold(self, mine: Mine) -> tuple[dict[str, Held], list[Folded]]:
        """Fold messages in order and change the views; memory changes at the end, at once. Return the cases touched, and the folds."""
        events = await self.decoded(mine)
        touched = {e.case_id: held for (held, _), e in zip(mine, events, strict=True) if e is not None}
        rows = await self.remembered(touched)
        folds, failed = self.folds(mine, events, rows)
        changes, more = await self.project(folds)
        for taken, step, reason in [*failed, *more]:
            await self.bury(taken, step, reason)
        return self.remember(mine, touched, rows, folds, changes), folds

    async def remembered(self, touched: Mapping[str, Held]) -> dict[str, CaseRow]:
        """Return rows of the cases as scratch: from memory, else from the store, else new."""
        missing = [id for id, held in touched.items() if id not in held.cases]
        saved = await self.store.cases(missing) if missing else {}
        scratch = {}
        for id, held in touched.items():
            row = held.cases.get(id) or saved.get(id) or CaseRow(unknown(id), -1)
            scratch[id] = CaseRow(row.case, row.offset, row.due, row.settled, row.revision)
        return scratch

    def folds(self, mine: Mine, events: Sequence[AnyEvent | None], rows: dict[str, CaseRow]) -> tuple[list[Folded], list[Failed]]:
        """Fold into scratch what the rows have not seen. An event that `evolve` cannot take is put aside, the rest goes on."""
        folds, failed = [], []
        for (held, taken), event in zip(mine, events, strict=True):
            if event is None or taken.offset <= rows[event.case_id].offset:
                continue
            row, before = rows[event.case_id], rows[event.case_id].case
            try:
                row.case = evolve(before, event)
            except Exception as error:  # noqa: BLE001 - concerns this event alone: a dead letter, and the partition flows on
                failed.append((taken, "evolve", repr(error)))
            row.offset, row.due, row.settled = taken.offset, None, False
            folds.append((held, taken, Fold(before, event, row.case, taken.partition, taken.offset)))
        return folds, failed

    async def project(self, folds: Sequence[Folded]) -> tuple[dict[tuple[int, RowKey], ViewRow], list[Failed]]:
        """Return the view rows that the folds change, in scratch, and what could not be projected."""
        touches: list[tuple[Held, Taken, Fold, View, str]] = []
        failed: list[Failed] = []
        city = self.city()
        for held, taken, fold in folds:
            for view in self.service.projections:
                try:
                    touches.extend((held, taken, fold, view, key) for key in view.keys(fold, city))
                except Exception as error:  # noqa: BLE001 - as in folds
                    failed.append((taken, "project", repr(error)))
        scratch = await self.view_rows(
            [(held, view.name, key) for held, _, fold, view, key in touches if not (view.by_offset and fold.offset >= held.end)]
        )
        for held, taken, fold, view, key in touches:
            row = scratch.setdefault((held.partition, (view.name, key)), ViewRow(None))
            if fold.offset > row.offset:
                try:
                    row.content, row.offset = view.change(row.content, key, fold, city), fold.offset
                except Exception as error:  # noqa: BLE001 - as in folds
                    failed.append((taken, "project", repr(error)))
        return scratch, failed

    async def view_rows(self, wanted: Sequence[tuple[Held, str, str]]) -> dict[tuple[int, RowKey], ViewRow]:
        """Return scratch copies of view rows: from memory, else from the store, else new."""
        scratch: dict[tuple[int, RowKey], ViewRow] = {}
        missing: dict[str, dict[str, tuple[int, RowKey]]] = {}
        for held, view, key in wanted:
            known = held.rows.get((view, key))
            if known is not None:
                scratch[held.partition, (view, key)] = ViewRow(known.content, known.offset, known.saved)
            else:
                missing.setdefault(view, {})[f"{held.partition}/{key}"] = (held.partition, (view, key))
        for view, ids in missing.items():
            saved = await self.store.rows(view, ids)
            for id, name in ids.items():
                scratch[name] = stored_row(saved.get(id))
        return scratch

    def remember(
        self,
        mine: Mine,
        touched: Mapping[str, Held],
        rows: Mapping[str, CaseRow],
        folds: Sequence[Folded],
        changes: Mapping[tuple[int, RowKey], ViewRow],
    ) -> dict[str, Held]:
        """Put scratch into memory, without an await; what belongs to a lost partition is dropped."""
        folded = {fold.event.case_id for _, _, fold in folds}
        kept = {id: held for id, held in touched.items() if self.held.get(held.partition) is held}
        for id, held in kept.items():
            if id in folded:
                held.put(rows[id])
            elif id not in held.cases:
                held.cases[id] = rows[id]
        holders = {held.partition: held for held, _, _ in folds if self.held.get(held.partition) is held}
        for (partition, key), row in changes.items():
            if partition in holders:
                holders[partition].put_row(key, row)
        for held, taken in mine:
            if self.held.get(held.partition) is held:
                held.next, held.mark = taken.offset + 1, fingerprint(taken.key, taken.value)
        return kept
