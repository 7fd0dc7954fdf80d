"""How far the board is behind is measured once for each case that changes."""

from services.console.desk.delay import Delay
from shared import metrics
from tests.unit.console.histories import life


def measured() -> tuple[float, float]:
    """Return how many times were measured, and their sum."""
    samples = {sample.name: sample.value for family in metrics.BOARD_DELAY.collect() for sample in family.samples}
    return samples.get("console_board_delay_seconds_count", 0), samples.get("console_board_delay_seconds_sum", 0)


def test_from_the_first_event_that_the_board_does_not_show_until_it_does():
    times = iter((10.0, 10.5, 12.0, 20.0, 30.0))
    delay = Delay(lambda: next(times))
    count, total = measured()
    for fold in life("case.reported", "case.triaged"):
        delay.folded(fold)
    delay.shown(["a", "elsewhere"])
    assert measured() == (count + 1, total + 2.0)
    delay.shown(["a"])
    assert measured() == (count + 1, total + 2.0)
    assert delay.folded_at == {}
