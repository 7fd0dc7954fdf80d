"""Medians with their spread, and quantiles."""

import pytest

from deploy.bench.figures import Figure, in_thirds, quantile, round_to


def test_a_figure_is_the_median_with_the_least_and_the_greatest():
    assert Figure.of([3.0, 1.0, 2.0]) == Figure(2.0, 1.0, 3.0)


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_quantile_is_a_value_that_so_many_do_not_exceed(share: float, value: int):
    assert quantile(list(range(100, 0, -1)), share) == value


def test_the_spread_of_a_long_measurement_comes_from_its_thirds():
    assert in_thirds([1, 1, 5, 5, 9, 9], max) == Figure(9, 1, 9)


@pytest.mark.parametrize(("value", "shown"), [(0.12345, 0.123), (12.345, 12.3), (1234.5, 1234.0), (0.0, 0.0)])
def test_figures_are_rounded_to_what_counts(value: float, shown: float):
    assert round_to(value) == shown
