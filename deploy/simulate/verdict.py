"""What is demanded of our rule: sooner on site where it matters, more on time, and the load hardly less even than the most even rule's."""

from collections.abc import Mapping

from deploy.simulate.compare import Mean, Results, against

OURS, MOST_EVEN = "ours", "least_loaded"
SMALLER, LARGER = -1, 1
BETTER = {"emergency_on_site_p50_s": SMALLER, "urgent_on_site_p50_s": SMALLER, "on_time_share": LARGER}
UNEVEN = 1.2  # times the spread of the most even rule

Means = Mapping[str, Mapping[str, Mean]]


def faults(found: Means) -> list[str]:
    """Return in a sentence each what our rule does not reach."""
    others = [rule for rule in found if rule != OURS]
    said = [
        f"Our rule is not better than {rule} in {name}."
        for name, sign in BETTER.items()
        for rule in others
        if not (found[OURS][name].value - found[rule][name].value) * sign > 0
    ]
    if found[OURS]["load_spread"].value > UNEVEN * found[MOST_EVEN]["load_spread"].value:
        said.append(f"Our rule spreads the load more than {UNEVEN - 1:.0%} worse than {MOST_EVEN}.")
    return said


def unsure(results: Results) -> list[str]:
    """Return which advantages may be chance: zero lies in the confidence interval of the difference, seed by seed."""
    pairs = ((rule, name) for rule in results if rule != OURS for name in BETTER)
    told = ((rule, name, against(results, OURS, rule, name)) for rule, name in pairs)
    return [f"{name} against {rule}: {gap.value:+.4g} ± {gap.error:.2g}" for rule, name, gap in told if not abs(gap.value) > gap.error]
