"""How far the board is behind: the real time from folding an event in this process until the board shows what the case is now.

Each partition is folded by one process, so each event is measured once, by the process that folded it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from shared import metrics
from shared.clock import monotonic
from shared.service import Fold


@dataclass
class Delay:
    """When the cases were folded that the board does not show yet."""

    seconds: Callable[[], float] = monotonic
    folded_at: dict[str, float] = field(default_factory=dict)

    def folded(self, fold: Fold) -> None:
        self.folded_at.setdefault(fold.after.id, self.seconds())

    def shown(self, ids: Iterable[str]) -> None:
        """Measure the cases that the board has just taken in."""
        now = self.seconds()
        for id in ids:
            at = self.folded_at.pop(id, None)
            if at is not None:
                metrics.BOARD_DELAY.labels("console").observe(now - at)


DELAY = Delay()  # of this process
