"""The golden log: what a few hundred facts of every type make of their cases must not change unnoticed."""

import hashlib
from collections import Counter
from pathlib import Path

from shared.case import Case, dump, evolve
from shared.events import EVENT_TYPES, AnyEvent, decode

LOG = Path(__file__).parents[1] / "samples" / "golden.ndjson"
EVENTS: list[AnyEvent] = [decode(line) for line in LOG.read_bytes().splitlines()]
CASES = "979fe01c90775daed5678cb26e075f96a8d567aa6852da9c1439294f798fe3aa"
STEPS = "fbb06e7b2c70ee5b688d5bc4774024223a9c0132f69acd52be5697c6158e6da5"
REMEDY = "`evolve` or `Case` has changed: raise `views` of every service, so that all copies are folded anew; then write the new hash here"


def folded() -> tuple[dict[str, Case], list[str]]:
    """Return the cases, and after each event the case that it is about."""
    cases: dict[str, Case] = {}
    steps = []
    for event in EVENTS:
        cases[event.case_id] = evolve(cases.get(event.case_id) or Case(id=event.case_id), event)
        steps.append(dump(cases[event.case_id]))
    return cases, steps


def sha256(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_the_golden_log_makes_the_cases_that_it_made():
    cases, _ = folded()
    assert sha256([dump(case) for _, case in sorted(cases.items())]) == CASES, REMEDY


def test_each_event_of_the_golden_log_does_what_it_did():
    assert sha256(folded()[1]) == STEPS, REMEDY


def test_the_golden_log_holds_every_type_of_event_with_and_without_effect():
    cases: dict[str, Case] = {}
    did: Counter[tuple[str, bool]] = Counter()
    for event in EVENTS:
        before = cases.get(event.case_id) or Case(id=event.case_id)
        cases[event.case_id] = after = evolve(before, event)
        did[event.type, after is not before] += 1
    assert {kind for kind, effective in did if effective} == set(EVENT_TYPES)
    assert {kind for kind, effective in did if not effective} == set(EVENT_TYPES)
