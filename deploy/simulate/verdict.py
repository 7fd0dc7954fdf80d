"""What is demanded of our rule: sooner on site where it matters, more on time, and the load hardly less even than the most even rule's.

Two rules are compared seed by seed, for both had the same luck, and a difference counts when its 95 % confidence interval leaves zero out.
A rule is sooner on site if it is later in none of median, mean and ninth decile, and sooner in at least one of them. The field judges
emergency response by the slow tenth: standards are written as times that 90 % of the calls must keep, such as NFPA 1710.
"""

from collections.abc import Iterator, Mapping

from deploy.simulate.compare import Mean, Results, against

OURS, MOST_EVEN = "ours", "least_loaded"
ON_SITE = {grade: tuple(f"{grade}_on_site_{part}_s" for part in ("p50", "mean", "p90")) for grade in ("emergency", "urgent")}
ON_TIME = "on_time_share"
COMPARED = (*ON_SITE["emergency"], *ON_SITE["urgent"], ON_TIME)
UNEVEN = 1.2  # times the spread of the most even rule

Means = Mapping[str, Mapping[str, Mean]]


def faults(found: Means, results: Results) -> list[str]:
    """Return in a sentence each what our rule does not reach."""
    said = [sentence for rule in results if rule != OURS for sentence in behind(results, rule)]
    if found[OURS]["load_spread"].value > UNEVEN * found[MOST_EVEN]["load_spread"].value:
        said.append(f"Our rule spreads the load more than {UNEVEN - 1:.0%} worse than {MOST_EVEN}.")
    return said


def behind(results: Results, rule: str) -> Iterator[str]:
    """Yield where our rule is behind another one, or not ahead of it."""
    for grade, names in ON_SITE.items():
        gaps = {name: against(results, OURS, rule, name) for name in names}
        yield from (f"Our rule is later on site than {rule}: {worded(name, gap)}." for name, gap in gaps.items() if above(gap))
        if not any(below(gap) for gap in gaps.values()):
            yield f"Our rule is not sooner on site than {rule} for {grade} cases beyond chance: " + "; ".join(
                worded(name, gap) for name, gap in gaps.items()
            )
    share = against(results, OURS, rule, ON_TIME)
    if not above(share):
        yield f"Our rule is not more often on time than {rule} beyond chance: {worded(ON_TIME, share)}."


def differences(results: Results) -> dict[str, dict[str, Mean]]:
    """Return by how much our rule is above each other one in what is compared, seed by seed."""
    return {rule: {name: against(results, OURS, rule, name) for name in COMPARED} for rule in results if rule != OURS}


def above(gap: Mean) -> bool:
    """Whether a difference is above zero beyond chance; of a single seed nothing can be said."""
    return gap.value - gap.error > 0


def below(gap: Mean) -> bool:
    return gap.value + gap.error < 0


def worded(name: str, gap: Mean) -> str:
    return f"{name} {gap.value:+.4g} ± {gap.error:.2g}"
