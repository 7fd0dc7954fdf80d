"""Whether what a service saved of a partition fits the log that it finds; a replaced log is refused, not folded into old rows."""

from typing import Any


class Replaced(Exception):
    """The log and the database do not belong together; the message says what to do."""


def start_offset(
    service: str, partition: int, progress: dict[str, Any] | None, committed: int | None, begin: int, end: int, mark: str | None
) -> int:
    """Return the offset to begin with.

    `progress` is the saved row ({offset: next to fold, mark: fingerprint of the event before}), `committed` the group's offset,
    `mark` the fingerprint of what stands in the log before `progress.offset`. Raises Replaced if they contradict each other.
    """
    remedy = f"Fold the log again from its start with `gridcase rebuild {service} --fresh`, or put the right log or database back."
    start = begin if committed is None else max(committed, begin)
    folded = progress["offset"] if progress else 0
    where = f"{service}, partition {partition}"
    if folded > end:
        raise Replaced(f"{where}: {folded} events are folded, but the log has only {end}: it was replaced. {remedy}")
    if start > max(folded, begin):
        raise Replaced(
            f"{where}: events up to {start} are committed, but only {folded} are folded: the database was replaced or restored. {remedy}"
        )
    if progress and folded > begin and mark != progress["mark"]:
        raise Replaced(f"{where}: the event before offset {folded} is not the one that was folded: the log was replaced. {remedy}")
    return start
