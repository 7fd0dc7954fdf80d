"""What a panel shows: a question in two languages, its queries, and where `docs/metrics.md` defines the figure."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["stat", "lines", "bars", "table"]
PAGE = "docs/metrics.md"


class Query(NamedTuple):
    """A query in PromQL, and what its series are called."""

    expr: str
    legend: str = "__auto"


@dataclass(frozen=True)
class Panel:
    """One panel. `unit` is Grafana's id of a unit, `width` of 24, `defined` the heading of the page that defines the figure.

    `limits` are values from which it turns orange and red, `wanted` the value below which it is red.
    `may_be_empty` says why a query may find nothing though all is well.
    """

    zh: str
    en: str
    about_zh: str
    about_en: str
    defined: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: Kind = "lines"
    width: int = 8
    limits: tuple[float, float] | None = None
    wanted: float | None = None
    may_be_empty: str = ""

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}"

    @property
    def colored(self) -> bool:
        return self.limits is not None or self.wanted is not None

    @property
    def description(self) -> str:
        return f"{self.about_zh}\n\n{self.about_en}\n\n定义 Definition: {PAGE}#{self.defined}"


class Row(NamedTuple):
    """Panels below one heading; their widths fill lines of 24."""

    zh: str
    en: str
    panels: tuple[Panel, ...]


class Choice(NamedTuple):
    """What the reader may choose at the top of a dashboard: the values of a label of a metric."""

    name: str
    zh: str
    en: str
    metric: str
    label: str

    @property
    def query(self) -> str:
        return f"label_values({self.metric}, {self.label})"


@dataclass(frozen=True)
class Board:
    """One dashboard: `since` is the time that it shows at first, `windows` the times over which durations are counted."""

    uid: str
    zh: str
    en: str
    rows: tuple[Row, ...]
    since: str = "now-24h"
    choices: tuple[Choice, ...] = ()
    windows: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.zh} {self.en}"

    @property
    def panels(self) -> list[Panel]:
        return [panel for row in self.rows for panel in row.panels]


def quantile(share: float, metric: str, by: str, window: str = "$window", some: str = "") -> str:
    """Return the query for the seconds that `share` of the times of the window do not exceed."""
    return f"histogram_quantile({share}, sum by (le, {by}) (rate({metric}_bucket{some}[{window}])))"
