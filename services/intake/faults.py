"""What is wrong with what was sent in: every fault with the field's name and a sentence in both languages."""

from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError

from shared.problems import Fault, fault_of

# Where pydantic's own words are not plain
SENTENCES = {
    "missing": ("This is needed.", "此项必填。"),
    "extra_forbidden": ("There is no such field.", "没有此项。"),
    "string_too_short": ("This must not be empty.", "此项不能为空。"),
    "too_short": ("This must not be empty.", "此项不能为空。"),
    "string_too_long": ("At most {max_length} characters are allowed.", "不得超过{max_length}个字。"),
    "too_long": ("At most {max_length} are allowed.", "不得超过{max_length}。"),
    "string_pattern_mismatch": ("Only letters, digits, - and _, at most 64.", "只能用字母、数字、-和_，不超过64个。"),
    "float_parsing": ("This must be a number.", "此项须为数字。"),
    "datetime": ("This must be a time such as 2026-01-06T08:00:00+08:00.", "时间格式应如 2026-01-06T08:00:00+08:00。"),
}


def faults_of(error: ValidationError) -> list[Fault]:
    """Return all that a validation found, in the order of the fields."""
    return [fault(cast(dict[str, Any], found)) for found in error.errors(include_url=False, include_input=False)]


def fault(found: dict[str, Any]) -> Fault:
    field, details, kind = field_name(found["loc"]), found.get("ctx", {}), found["type"]
    if kind == "wrong":
        return Fault(field=field, en=details["en"], zh=details["zh"])
    known = SENTENCES.get("datetime" if kind.startswith("datetime") else kind)
    if known is not None:
        return Fault(field=field, en=known[0].format_map(details), zh=known[1].format_map(details))
    return fault_of({**found, "loc": ("body", field)})


def field_name(place: Sequence[int | str]) -> str:
    """Return the path to a field as it is read: `location.lat`, `media.0`."""
    return ".".join(str(part) for part in place if part != "[key]") or "body"
