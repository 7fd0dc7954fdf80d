"""Saving what has changed: view rows, then cases, then how far the partitions are folded, in this order."""

from collections.abc import Sequence

from shared.city import City
from shared.engines import Rows
from shared.memory import Held, Snapshot
from shared.service import Service
from shared.store import Document, case_document, view_document


async def save(store: Rows, snapshots: Sequence[Snapshot]) -> None:
    """Save what the snapshots hold. Raises Conflict if somebody else wrote one of our view rows."""
    views: dict[str, list[tuple[int, Document]]] = {}
    for snapshot in snapshots:
        for (view, _), _, saved, _, document in snapshot.rows:
            views.setdefault(view, []).append((saved, document))
    for view, changes in views.items():
        await store.swap_rows(view, changes)
    cases = [document for snapshot in snapshots for _, _, document in snapshot.cases]
    if cases:
        await store.save_cases(cases)
    marks = [
        {"_id": s.held.partition, "offset": s.next, "mark": s.mark, "city": s.city}
        for s in snapshots
        if s.next > s.held.folded_to or s.city != s.held.city_saved
    ]
    if marks:
        await store.save_progress(marks)


def snapshot(held: Held, service: Service, city: City) -> Snapshot:
    """Take what has changed, without an await."""
    acking, held.unacked = tuple(held.unacked), []
    return Snapshot(
        held,
        tuple((row, row.revision, case_document(held.partition, row, row.fields(service, city))) for row in held.dirty.values()),
        tuple((key, row, row.saved, row.offset, view_document(held.partition, key[1], row)) for key, row in held.dirty_rows.items()),
        held.next,
        held.mark,
        acking,
        held.city,
    )
