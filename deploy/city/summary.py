"""What a city has, in a few lines."""

from collections import Counter

from shared.city import City, Role


def headless(city: City) -> str:
    """Return whose reminders go to the leader of the level, for there is no head."""
    headed = {one.department for one in city.staff.values() if one.role is Role.UNIT_HEAD}
    without = sorted(city.departments.keys() - headed)
    return f"; without a head, so that reminders go to the leader of the level: {', '.join(without)}" if without else ""


def summary(city: City) -> str:
    """Return how much there is of everything, and the version."""
    grades = Counter(category.grade for category in city.categories.values())
    proposals = sum(category.proposal for category in city.categories.values())
    learned = ", ".join(f"{name} ({len(content):,} bytes)" for name, content in city.learned.items())
    return "\n".join(
        (
            f"{city.title.zh} / {city.title.en} ({city.name}, {city.zone}) is a valid city.",
            f"types: {len(city.categories)} in {len(city.groups)} groups; "
            + ", ".join(f"{count} {grade}" for grade, count in grades.items())
            + (f"; {proposals} wait for the approval of their limits" if proposals else ""),
            f"departments: {len(city.departments)}{headless(city)}",
            f"staff: {len(city.staff)} posts",
            f"grids: {len(city.grids)}",
            f"areas: {len(city.areas)} on {len(city.levels)} levels",
            f"learned files: {learned or 'none'}",
            f"version: {city.version}, of the calendar: {city.calendar_version}",
        )
    )
