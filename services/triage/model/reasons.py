"""Which words of a message decided, for the operator who reads why."""

from services.triage.model.features import HAN
from services.triage.model.prediction import Features, Head

MOST = 4
SHORTEST = 2  # a single character tells an operator nothing
LEAST_SHARE = 0.25  # of what the strongest says


def reasons(text: str, features: Features, head: Head, label: str) -> tuple[str, ...]:
    """Return the words of a normalised text that speak most for `label`, the strongest first."""
    column = head.labels.index(label)
    weights = head.pieces[features.known]
    speaks = dict(zip(features.known, (features.values * (weights[:, column] - weights.mean(axis=1))).tolist(), strict=True))
    spans: dict[tuple[int, int], float] = {}
    for number, start, end in features.places:
        spans[start, end] = spans.get((start, end), 0.0) + speaks[number]
    return _strongest(text, spans)


def _strongest(text: str, spans: dict[tuple[int, int], float]) -> tuple[str, ...]:
    kept: list[tuple[int, int]] = []
    floor = LEAST_SHARE * max(spans.values(), default=0.0)
    for (start, end), said in sorted(spans.items(), key=lambda span: (-span[1], span[0])):
        if said <= floor or len(kept) == MOST:
            break
        if (end - start >= SHORTEST or not HAN.match(text[start])) and all(end <= first or start >= last for first, last in kept):
            kept.append((start, end))
    return tuple(text[start:end] for start, end in kept)
