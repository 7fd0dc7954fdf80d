"""What a list is asked for: every parameter read, or all that is wrong with them at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.case import EPOCH
from shared.problems import Fault

WINDOW = timedelta(days=90)  # between two dates, at most; and the default
REST_OF_SECOND = timedelta(microseconds=999_999)  # times are told to the second: what is told as the last moment is within
MOST = 1_000  # requests of one page
DEEPEST = 100_000  # requests that pages can reach
STATUSES = ("open", "closed")
OFFSET = re.compile(r" (\d\d(?::?\d\d)?)$")  # a plus sign that was not percent-encoded
NAME = re.compile(r"[A-Za-z0-9_\-]{1,64}")


@dataclass(frozen=True)
class Span:
    """From the one time to the other, both included."""

    start: datetime
    end: datetime

    def within(self, at: datetime) -> bool:
        return self.start <= at <= self.end


@dataclass(frozen=True)
class Box:
    """A window of the map, in degrees of WGS84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Asked:
    """A list as it was asked for. With `ids` nothing else counts but the page."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()  # none: all
    statuses: tuple[str, ...] = STATUSES
    requested: Span | None = None
    updated: Span | None = None
    box: Box | None = None
    page: int = 1
    size: int = MOST
    extended: bool = False


@dataclass
class Reader:
    """Reads parameters, and notes what is wrong with them."""

    given: Mapping[str, str]
    now: datetime
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.given.get(name, "").strip()

    def wrong(self, name: str, en: str, zh: str) -> None:
        self.faults.append(Fault(field=name, en=f"{name} {en}", zh=f"{name} {zh}"))

    def names(self, name: str) -> tuple[str, ...]:
        """Return what stands between commas, each once."""
        return tuple(dict.fromkeys(part.strip() for part in self.text(name).split(",") if part.strip()))

    def moment(self, name: str) -> datetime | None:
        written = self.text(name)
        if not written:
            return None
        try:
            at = datetime.fromisoformat(OFFSET.sub(r"+\1", written) if "T" in written else written)
            if at.tzinfo is not None:
                return max(EPOCH, at.astimezone(UTC))
        except (ValueError, OverflowError):
            pass
        self.wrong(name, "must be a time with zone, such as 2026-01-01T08:00:00+08:00.", "须为带时区的时间，如 2026-01-01T08:00:00+08:00。")
        return None

    def span(self, first: str, last: str, otherwise: Span | None) -> Span | None:
        """Return from when to when: at most 90 days; of one date given, the 90 days from it or before it."""
        before = len(self.faults)
        start, end = self.moment(first), self.moment(last)
        end = end + REST_OF_SECOND if end is not None and not end.microsecond else end
        if len(self.faults) > before:
            return otherwise
        if start is None and end is None:
            return otherwise
        if start is not None and end is not None:
            if end < start:
                self.wrong(last, f"is before {first}.", f"早于 {first}。")
            elif end - start > WINDOW + REST_OF_SECOND:
                self.wrong(last, f"is more than {WINDOW.days} days after {first}.", f"与 {first} 相距超过 {WINDOW.days} 天。")
            return Span(start, end)
        if start is not None:
            return Span(start, min(start + WINDOW, max(start, self.now)))
        return Span(max(EPOCH + WINDOW, end) - WINDOW, end) if end is not None else otherwise

    def latest(self) -> Span:
        """Return the last 90 days."""
        return Span(max(EPOCH + WINDOW, self.now) - WINDOW, self.now)

    def count(self, name: str, usual: int, most: int) -> int:
        written = self.text(name)
        if not written:
            return usual
        if re.fullmatch(r"\d{1,7}", written, re.ASCII) and 1 <= int(written) <= most:
            return int(written)
        self.wrong(name, f"must be a whole number from 1 to {most}.", f"须为 1 到 {most} 的整数。")
        return usual

    def box(self) -> Box | None:
        if not self.text("bbox"):
            return None
        try:
            west, south, east, north = map(float, self.text("bbox").split(","))
            if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
                return Box(west, south, east, north)
        except ValueError:
            pass
        en = "must be west,south,east,north in degrees, for example 104.00,30.00,104.05,30.03."
        self.wrong("bbox", en, "须为“西,南,东,北”四个度数，如 104.00,30.00,104.05,30.03。")
        return None

    def statuses(self) -> tuple[str, ...]:
        asked = self.names("status")
        if unknown := [one for one in asked if one not in STATUSES]:
            self.wrong(
                "status", f"is open, closed or both, not {unknown[0][:40]!r}.", f"应为 open、closed 或两者，而不是“{unknown[0][:40]}”。"
            )
        return tuple(one for one in STATUSES if one in asked) or STATUSES

    def flag(self, name: str) -> bool:
        written = self.text(name).lower()
        if written not in ("", "true", "false"):
            self.wrong(name, "is true or false.", "应为 true 或 false。")
        return written == "true"


def read_list(given: Mapping[str, str], now: datetime) -> Asked | list[Fault]:
    """Return what is asked for, or everything that is wrong with it.

    Without dates the window is the last 90 days of `requested_datetime`; if only `updated_*` is given, that is the window instead.
    """
    reader = Reader(given, now)
    updated = reader.span("updated_after", "updated_before", None)
    latest = reader.latest() if updated is None else None
    size = reader.count("page_size", MOST, MOST)
    asked = Asked(
        ids=reader.names("service_request_id"),
        codes=reader.names("service_code"),
        statuses=reader.statuses(),
        requested=reader.span("start_date", "end_date", latest),
        updated=updated,
        box=reader.box(),
        page=reader.count("page", 1, DEEPEST // size),
        size=size,
        extended=reader.flag("extensions"),
    )
    if len(asked.ids) > MOST:
        reader.wrong("service_request_id", f"takes at most {MOST} ids.", f"最多 {MOST} 个。")
    return reader.faults or asked
