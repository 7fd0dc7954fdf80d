"""The TOML files of a pack that is made from a record."""

from collections.abc import Sequence
from datetime import timedelta

from deploy.city.kinds import Kind
from deploy.city.names import Names
from deploy.city.squares import area_id
from deploy.replay.pack import quoted
from shared.terms import Grade, Location

LIMITS = {
    "dispatch_within": ("1 urgent hour", "2 urgent hours", "24 urgent hours", "24 urgent hours"),
    "respond_within": ("2 urgent hours", "24 urgent hours", "7 natural days", "7 natural days"),
    "answer_within": ("30 minutes", "2 urgent hours", "1 natural day", "1 natural day"),
}
REST = """automatic_precision = 0.95 # proposal
verify_within = "30 minutes" # proposal
check_within = "1 natural day" # proposal; the record knows no checks
appeal_within = "1 work day" # proposal
objection_hours = 72 # proposal
publish_after_hours = 24 # proposal
publish_within_days = 7
"""
PAUSES = """[pause_reasons] # proposal
no-access = { zh = "无法进入或联系不上居民", en = "No access, or the resident cannot be reached" }
weather = { zh = "天气原因", en = "Weather" }
parts = { zh = "等待配件或经费", en = "Parts or budget ordered" }
"""
LADDER = (("neighbourhood", "街区", "Neighbourhood"), ("department", "部门", "Department"), ("city", "市", "City"))
STEPS = ((0.5, 0, ("handler",)), (0.8, 0, ("handler", "head")), (1.0, 1, ("level",)), (1.5, 2, ("leader",)))
OUTCOME = '{ zh = "已办理。", en = "It was dealt with." }'


def words(zh: str, en: str) -> str:
    return f"{{ zh = {quoted(zh)}, en = {quoted(en)} }}"


def city_toml(names: Names, zone: str, defaults: Sequence[Location], kinds: Sequence[Kind]) -> str:
    """Return the rules. What the record does not say is a proposal."""
    head = (
        "# Made from recorded cases by `gridcase city new --from FILE --names NAMES`; from then on it is data like any other.\n"
        f"# Types, departments, targets, places and default coordinates come from the record, all else is a proposal.\n\n"
        f"name = {quoted(names.name)}\ntitle = {words(names.title.zh, names.title.en)}\nzone = {quoted(zone)}\n{REST}"
    )
    tables = [
        f"[{name}] # proposal\n" + "".join(f'{grade.value} = "{limit}"\n' for grade, limit in zip(Grade, limits, strict=True))
        for name, limits in LIMITS.items()
    ]
    levels = [f"[[level]]\nid = {quoted(id)}\nname = {words(zh, en)}\n" for id, zh, en in LADDER]
    steps = [f"[[step]] # proposal\nshare = {share}\nlevel = {level}\nwho = [{listed(who)}]\n" for share, level, who in STEPS]
    advice = [kind.code for kind in kinds if kind.group == "comments"]
    rates = f"[rates] # proposal: comments and ideas are not assessed\nexcluded = [{listed(advice)}]\nanonymous = false\n"
    weights = "[[weights]] # proposal\nsince = 2015-01-01\nresponse = 0.30\nresolution = 0.35\nsatisfaction = 0.35\n"
    city = f'[[area]]\nid = "city"\nlevel = 2\nname = {words(names.title.zh, names.title.en)}\n'
    areas = [
        f'[[area]]\nid = {quoted(area_id(en))}\nlevel = 0\nname = {words(zh, en)}\nparent = "city"\n'
        for en, zh in names.neighbourhoods.items()
    ]
    points = [
        "[[placeholder]] # shared by too many cases, or next to such a point\n"
        f"location = {{ lat = {point.lat}, lon = {point.lon} }}\nradius_m = 5\n"
        for point in defaults
    ]
    return "\n".join([head, *tables, PAUSES, *levels, *steps, rates, weights, city, *areas, *points])


def categories_toml(names: Names, kinds: Sequence[Kind]) -> str:
    """Return the types; nothing is merged by rule, checked or photographed, for the record has every report as a case and no checks."""
    head = (
        "# The types of the record. A limit is the median of target minus opening of the type's cases, on a clock that never stops;\n"
        f"# where fewer than {names.enough_targets:.0%} of them have a target it is a proposal (`proposal = true`).\n"
    )
    used = {kind.group for kind in kinds}
    blocks = [f"[[group]]\nid = {quoted(id)}\nname = {words(group.zh, group.en)}\n" for id, group in names.groups.items() if id in used]
    return "\n".join([head, *blocks, *(category_toml(kind, names) for kind in kinds)])


def category_toml(kind: Kind, names: Names) -> str:
    supporting = f"supporting = [{listed(kind.supporting)}]\n" if kind.supporting else ""
    duplicate = "duplicate = { radius_m = 50, window_hours = 168, automatic = false }\n" if names.groups[kind.group].places else ""
    return (
        f"[[category]]\ncode = {quoted(kind.code)}\ngroup = {quoted(kind.group)}\nname = {words(kind.zh, kind.name)}\n"
        f"grade = {quoted(kind.grade.value)}\ndepartment = {quoted(kind.department)}\n{supporting}"
        f"skills = [{quoted(kind.group)}]\n{duplicate}"
        f"words = [{listed(kind.words)}]\n"
        f'conditions = [{{ key = "any", name = {words("一般情形", "any")}, limit = {quoted(limit(kind.target.span))} }}]\n'
        f"outcome = {OUTCOME}\n{'proposal = true' + chr(10) if kind.target.proposal else ''}"
    )


def limit(span: timedelta) -> str:
    """Return natural days, to about a minute."""
    days = f"{span / timedelta(days=1):.3f}".rstrip("0").rstrip(".")
    return f"{days} natural {'day' if days == '1' else 'days'}"


def calendar_toml(names: Names) -> str:
    rows = [f"{key} = {f'[{listed(value)}]' if isinstance(value, list) else quoted(str(value))}" for key, value in names.calendar.items()]
    return "\n".join(["# Targets run day and night; working time is for the limits of staff.", *rows, "holidays = []", "workdays = []", ""])


def departments_toml(names: Names) -> str:
    units = names.departments.values()
    return "\n".join(f"[[department]]\nid = {quoted(unit.id)}\nname = {words(unit.zh, unit.en)}\n" for unit in units)


def listed(texts: Sequence[str]) -> str:
    return ", ".join(map(quoted, texts))
