"""By what figures can be told apart and filtered, and what each value is called."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from services.console.rating import LADDER
from services.console.stats.table import Table
from services.console.words import CHANNELS, GRADES, STATUSES, Lang, names, say
from shared.case import REAL
from shared.city import City, Words

Dimension = Literal["grid", "community", "street", "county", "department", "group", "category", "grade", "channel", "status"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
WHAT, WHERE = {"category", "group", "department"}, {"grid", "community", "street"}  # together they might say who a case is about
WORDS: dict[Dimension, Words] = {
    "grid": Words(zh="网格", en="Grid"),
    "community": Words(zh="社区", en="Community"),
    "street": Words(zh="街道", en="Street or township"),
    "county": Words(zh="区县", en="County or district"),
    "department": Words(zh="部门", en="Department"),
    "group": Words(zh="大类", en="Group of types"),
    "category": Words(zh="类型", en="Type"),
    "grade": Words(zh="级别", en="Grade"),
    "channel": Words(zh="渠道", en="Channel"),
    "status": Words(zh="状态", en="Status"),
}


class Coded(NamedTuple):
    """A dimension in the table: its values, and which of them each code of a column of the table stands for (None: its own place)."""

    column: str
    values: list[str]
    places: npt.NDArray[np.int64] | None = None


def coded(dimension: Dimension, table: Table, city: City) -> Coded:
    """Return how the values of a dimension are found. Areas are those in which the city's grids lie now."""
    if dimension not in LADDER:
        return Coded(dimension, table.labels[dimension].values)
    level, grids = LADDER[dimension], table.labels["grid"].values
    of_grid = [next((area.id for area in city.areas_of(grid) if area.level == level), "") for grid in grids]
    values = sorted({"", *of_grid})
    return Coded("grid", values, np.array([values.index(area) for area in of_grid], np.int64))


def known(dimension: Dimension, city: City) -> Mapping[str, Words]:
    """Return the values that a city has, with their names."""
    match dimension:
        case "grade":
            return {str(grade): words for grade, words in GRADES.items()}
        case "status":
            return {str(status): words for status, words in STATUSES.items() if status in REAL}
        case "channel":
            return CHANNELS
        case "community" | "street" | "county":
            return {id: area.name for id, area in city.areas.items() if area.level == LADDER[dimension]}
        case _:
            return names(dimension, city)


def called(dimension: Dimension, value: str, city: City, lang: Lang, nothing: Words) -> str:
    """Return what people call a value; a code if the city has no name for it any more."""
    words = known(dimension, city).get(value)
    return say(nothing, lang) if not value else say(words, lang) if words else value


def told_apart_too_far(used: set[str]) -> bool:
    """Whether what is asked tells both what a case is about and where: confidential cases are left out of that."""
    return bool(used & WHAT) and bool(used & WHERE)
