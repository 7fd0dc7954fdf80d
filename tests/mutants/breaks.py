"""The breaks: each leaves one rule of the recipe out. The suite must notice every one of them."""

from typing import NamedTuple

TURNS = "tests/unit/recipe/test_turns.py"
CRASHES = "tests/unit/recipe/test_crashes.py::test_all_promises_hold_after_the_chaos"  # its first seeds
EVOLVE = "tests/unit/shared/test_evolve.py"
EVENTS = "tests/unit/shared/test_events.py"
MEMORY = "tests/unit/shared/test_memory.py"
IDENTITY = "tests/unit/shared/test_identity.py"
SETTLE = "tests/unit/shared/test_settle.py"
DEADLINE = "tests/unit/shared/test_deadline.py"
DISPATCH, TRIAGE, CLOSURE = (f"tests/unit/{name}" for name in ("dispatch", "triage", "closure"))
ACCESS, GATE = "tests/unit/access", "shared/gate.py"
ASSESSING = f"{TRIAGE}/test_assessing.py"


class Break(NamedTuple):
    """A rule, how it is left out (`old` stands once in `file`), and the tests that are asked."""

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = (TURNS, MEMORY, CRASHES)


RECIPE, FOLDING, SPEAKING, SAVING, STORE = (f"shared/{name}.py" for name in ("recipe", "folding", "speaking", "saving", "store"))
ACKS = """            for taken_off in snapshots:
                taken_off.saved()
                if ack and self.held.get(taken_off.held.partition) is taken_off.held:
                    self.unacked -= len(taken_off.acking)
                    for taken in taken_off.acking:
                        taken.ack()
"""
SAVES = """            with metrics.FLUSH.labels(self.service.name).time():
                await save(self.store, snapshots)
"""
VIEWS = """    for view, changes in views.items():
        await store.swap_rows(view, changes)
"""
CASES = """    cases = [document for snapshot in snapshots for _, _, document in snapshot.cases]
    if cases:
        await store.save_cases(cases)
"""
MARKS = """    if marks:
        await store.save_progress(marks)
"""

BREAKS = (
    # the list of design.md
    Break("acknowledge after the flush", RECIPE, SAVES + ACKS, ACKS + SAVES),
    Break("views before cases", SAVING, VIEWS + CASES, CASES + VIEWS),
    Break("mind `on`", "shared/case.py", "event.on == case.version and presumed(case, event)", "presumed(case, event)", (EVOLVE, CRASHES)),
    Break("fold without deciding while catching up", SPEAKING, "if held.caught and id in held.cases]", "if id in held.cases]"),
    Break("compare and set on views", STORE, '{"_id": row["_id"], "offset": saved}, row)', '{"_id": row["_id"]}, row)'),
    Break("insert new rows of views, never replace", STORE, "InsertOne(row)", 'ReplaceOne({"_id": row["_id"]}, row, upsert=True)'),
    Break("keep what is not saved", "shared/memory.py", "if key not in dirty:", "if dirty.pop(key, key):"),
    Break(
        "derive ids", "shared/event.py", 'return uuid5(NAMES, "/".join(meaning)).hex', "return __import__('uuid').uuid4().hex", (EVENTS,)
    ),
    Break("rows belong to one partition", STORE, '"_id": f"{partition}/{key}", "partition"', '"_id": f"0/{key}", "partition"'),
    Break(
        "an error of a bulk is an error",
        STORE,
        "                raise\n            return len",
        "                pass\n            return len",
    ),
    # more
    Break(
        "a lost partition is not acknowledged", RECIPE, "if ack and self.held.get(taken_off.held.partition) is taken_off.held:", "if True:"
    ),
    Break("memory belongs to an assignment", RECIPE, "self.held.pop(partition) for partition", "self.held[partition] for partition"),
    Break(
        "messages are folded in order", FOLDING, "and taken.offset == upto[taken.partition]:", "and taken.offset >= upto[taken.partition]:"
    ),
    Break("older never replaces newer", STORE, '"offset": {"$lte": d["offset"]}', '"offset": {"$gte": 0}'),
    Break("a key that is there is no error", STORE, 'e["code"] != DUPLICATE_KEY for', "True for"),
    Break("skip what the case has seen", FOLDING, "event is None or taken.offset <= rows[event.case_id].offset:", "event is None:"),
    Break("skip what the row has seen", FOLDING, "            if fold.offset > row.offset:\n", "            if True:\n"),
    Break("look at all that is not settled after catching up", RECIPE, "lambda row: not row.settled", "lambda row: False"),
    Break("look again when it is due", RECIPE, "lambda row: row.due is not None and row.due <= now", "lambda row: False"),
    Break("the unsaved is looked at too", RECIPE, "{**known, **unsaved}", "{**known}"),
    Break("mute only while nothing changes", SPEAKING, "held.muted.get(fact.id) != case.version]", "fact.id not in held.muted]", (TURNS,)),
    Break("a revision tells what changed meanwhile", "shared/memory.py", "if row.revision == revision and", "if"),
    Break("save progress", SAVING, MARKS, MARKS.replace("if marks:", "if False:")),
    Break("a known id has no effect", "shared/case.py", " or event.id in case.ids:", ":", (EVOLVE,)),
    Break("no ring of merges", "shared/case.py", "(event.into_reported_at, event.into) < (case.reported_at, case.id) and ", "", (EVOLVE,)),
    Break("time never goes back", "shared/case.py", "max(case.last_at, event.at)", "event.at", (EVOLVE,)),
    Break("a replaced log is refused", "shared/identity.py", "mark != progress[", "False and mark != progress[", (IDENTITY,)),
    Break("offers run out", "services/dispatch/decide.py", "if case.level >= ladder.top(city):", "if False:", (SETTLE,)),
    # decisions
    Break(
        "each reminder once",
        "services/dispatch/ladder.py",
        "step.reminder and reminded_key(step.share, case.resolve_by) not in kept",
        "step.reminder",
        (f"{DISPATCH}/test_ladder.py", SETTLE),
    ),
    Break(
        "a reminder is of the time left",
        "services/dispatch/ladder.py",
        "or max(now, case.last_at) >= case.resolve_by:",
        ":",
        (f"{DISPATCH}/test_ladder.py",),
    ),
    Break("refusals climb", "services/dispatch/ladder.py", " + refused_levels(case, city)", "", (f"{DISPATCH}/test_decide.py",)),
    Break("pauses do not count", "shared/deadline.py", "left, since = left - ran, max(ended, since)", "pass", (DEADLINE,)),
    Break(
        "an extended deadline is a promise",
        "shared/deadline.py",
        "case.resolve_by is None or case.extensions:",
        "case.resolve_by is None:",
        (DEADLINE, f"{DISPATCH}/test_correction.py"),
    ),
    Break(
        "an emergency waits for no look",
        "services/triage/verifying.py",
        "grade is not Grade.EMERGENCY and ",
        "",
        (f"{TRIAGE}/test_verifying.py",),
    ),
    Break(
        "danger raises the grade",
        "services/triage/assessing.py",
        "return min(usual, found.grade, key=GRADES.index)",
        "return usual",
        (ASSESSING,),
    ),
    Break(
        "a question needs safety to be calm",
        "services/triage/assessing.py",
        " and found.emergency_probability < HARMLESS",
        "",
        (ASSESSING,),
    ),
    Break(
        "near and alike, not only near",
        "services/triage/duplicates.py",
        " and certain(place.case, distance, fields)",
        "",
        (f"{TRIAGE}/test_duplicates.py",),
    ),
    Break(
        "a separated case stays apart",
        "services/triage/decide.py",
        "None if case.apart else place_of(case, world.city)",
        "place_of(case, world.city)",
        (f"{TRIAGE}/test_joining.py",),
    ),
    Break(
        "nobody insists in vain",
        "services/dispatch/actions.py",
        "    if case.insisted:\n",
        "    if False:\n",
        (f"{DISPATCH}/test_returning.py", f"{DISPATCH}/test_actions.py"),
    ),
    Break(
        "a reopened clock goes on",
        "services/closure/decide.py",
        "city.calendar.add(start, what.limit, 1 - spent)",
        "city.calendar.add(start, what.limit)",
        (f"{CLOSURE}/test_reopening.py",),
    ),
    Break(
        "what was reminded of before a reopening is not again",
        "services/dispatch/ladder.py",
        "if case.clock_from is None or at > case.clock_from]",
        "if True]",
        (f"{CLOSURE}/test_reopening.py",),
    ),
    Break(
        "appeals are made in time",
        "services/dispatch/returning.py",
        'if said["at"] > until:',
        "if False:",
        (f"{DISPATCH}/test_returning.py",),
    ),
    Break(
        "a ranking joins only what it has earned",
        "services/triage/likeness/automatic.py",
        "learned.precision >= city.automatic_precision",
        "True",
        (f"{TRIAGE}/test_automatic.py",),
    ),
    Break(
        "seven days",
        "services/closure/publishing.py",
        "max(closed_at, min(due, limit - IN_TIME))",
        "due",
        (f"{CLOSURE}/test_publishing.py", f"{CLOSURE}/test_decide.py"),
    ),
    # access
    Break(
        "a case is looked at before it is acted on",
        "shared/casegate.py",
        "        if not allowed:\n",
        "        if False:\n",
        (f"{ACCESS}/test_gate.py",),
    ),
    Break(
        "said again is answered again", "shared/casegate.py", "again = self.said in case.ids", "again = False", (f"{ACCESS}/test_gate.py",)
    ),
    Break(
        "algorithms of the list alone",
        "shared/tokens.py",
        'if header.get("alg") not in ALGORITHMS:',
        'if not header.get("alg"):',
        (f"{ACCESS}/test_tokens.py",),
    ),
    Break(
        "every look is recorded",
        "shared/casegate.py",
        "        if confidential(case, self.process.city):\n",
        "        if False:\n",
        (f"{ACCESS}/test_gate.py",),
    ),
    Break(
        "what nobody thought of is not served",
        GATE,
        "                if row is None:\n                    raise",
        "                if row is None:\n                    continue\n                    raise",
        (f"{ACCESS}/test_gate.py",),
    ),
    Break("a resident is no post", GATE, 'Caller(f"resident:{claims.sub}"', "Caller(claims.sub", (f"{ACCESS}/test_gate.py",)),
)
