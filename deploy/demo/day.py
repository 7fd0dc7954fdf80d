"""A synthetic day: who reports what, where, when and in which words. The same seed makes the same day.

Besides single reports a day has echoes (others report the same thing a few minutes later), a burst (a patrol enters its round at once),
mere questions, messages that are no report, emergencies, and points that are no place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from deploy.demo.texts import CHATTER, Mix, mix, phrases
from shared.city import City
from shared.terms import Grade, Location

QUESTION = "X10401"
DAWN = 6  # o'clock, when a demo begins: those who watch need not wait through the night, which comes at the end
METRES_A_DEGREE = 111_195
ECHO_METRES = 12  # typical distance between two reports of the same thing
ECHO_MINUTES = (1, 14)
ECHOES_AT_MOST = 4
AT_HOME = frozenset({"web", "app", "patrol", "desk", "visit", "open311"})  # a form or a person insists on a place


@dataclass(frozen=True)
class Report:
    """One report as it will be sent. `category` is what it really is (None: nothing), `echoes` the key of the report that it repeats."""

    key: str
    at: datetime
    body: dict[str, Any]
    category: str | None
    echoes: str | None = None

    @property
    def language(self) -> str:
        return str(self.body["language"])

    @property
    def located(self) -> bool:
        return "location" in self.body


def make_day(city: City, start: datetime, count: int, seed: int) -> list[Report]:
    """Return `count` reports of the 24 hours from dawn on, in order of time; `start` is midnight in the city."""
    dice, shares = Random(seed), mix()
    echoes = round(count * shares.echoes)
    burst = round(count * shares.burst)
    single = count - echoes - burst
    told = [one_of_day(city, hour_of((n + dice.random()) / single, shares.hours), start, dice, shares) for n in range(single)]
    told += [one_of_burst(city, start, dice, shares) for _ in range(burst)]
    told.sort(key=lambda report: report[0])
    name = f"{start:%Y%m%d}-{seed}"
    reports = [Report(f"{name}-{n}", at, body, category) for n, (at, body, category) in enumerate(told)]
    return sorted([*reports, *echoes_of(reports, echoes, city, dice, name)], key=lambda report: (report.at, report.key))


Told = tuple[datetime, dict[str, Any], str | None]


def hour_of(share: float, weights: Sequence[float]) -> float:
    """Return the hour of the day by which `share` of all has come in."""
    passed = share * sum(weights)
    for hour, weight in enumerate(weights):
        if passed < weight:
            return hour + passed / weight
        passed -= weight
    return 0.0


def one_of_day(city: City, hour: float, start: datetime, dice: Random, shares: Mix) -> Told:
    """Return a report of that hour by the mix of the day."""
    at = start + timedelta(hours=hour if hour >= DAWN else hour + 24)
    category = kind(city, dice, shares)
    channel = dice.choices(list(shares.channels), list(shares.channels.values()))[0]
    if category is None:
        channel = "chat"
    return at, body_of(city, category, channel, dice, shares), category


def one_of_burst(city: City, start: datetime, dice: Random, shares: Mix) -> Told:
    """Return what a patrol enters with the rest of its round."""
    began = start + timedelta(hours=time.fromisoformat(shares.burst_at).hour, minutes=time.fromisoformat(shares.burst_at).minute)
    category = dice.choice(known(city, shares.burst_categories))
    return began + timedelta(minutes=dice.uniform(0, shares.burst_minutes)), body_of(city, category, "patrol", dice, shares), category


def kind(city: City, dice: Random, shares: Mix) -> str | None:
    """Return what a report is about: nothing, a question, an emergency, or anything else by its weight."""
    drawn = dice.random()
    if drawn < shares.chatter:
        return None
    if drawn < shares.chatter + shares.questions and QUESTION in city.categories:
        return QUESTION
    urgent = drawn > 1 - shares.emergencies
    codes = [code for code, one in city.categories.items() if (one.grade is Grade.EMERGENCY) is urgent and code != QUESTION]
    codes = known(city, codes)
    return dice.choices(codes, [shares.weights.get(code, 1.0) for code in codes])[0]


def known(city: City, codes: Sequence[str]) -> list[str]:
    """Return those of the codes that the city has and that there are words for; if none, all such."""
    both = [code for code in codes if code in city.categories and code in phrases()]
    return both or sorted(city.categories.keys() & phrases().keys())


def body_of(city: City, category: str | None, channel: str, dice: Random, shares: Mix) -> dict[str, Any]:
    """Return a report as intake takes it."""
    language = "en" if dice.random() < shares.english else "zh"
    place = dice.choice(shares.places[language]).format(n=dice.randint(1, 60))
    text = dice.choice(phrases()[category or CHATTER][language]).format(place=place)
    body: dict[str, Any] = {"text": text, "channel": channel, "language": language}
    if category is not None:
        body |= whereabouts(city, channel, place, dice, shares)
        if dice.random() < shares.hinted and channel in AT_HOME:
            body["category"] = category
    if dice.random() < shares.contact:
        body["contact"] = {"phone": f"1390000{dice.randint(0, 9999):04}"}
    return body


def whereabouts(city: City, channel: str, place: str, dice: Random, shares: Mix) -> dict[str, Any]:
    """Return coordinate and address: both, the address with a default coordinate, or neither."""
    drawn = dice.random()
    if drawn < shares.placeholders and city.placeholders:
        return {"location": city.placeholders[0].location.model_dump(), "address": place}
    if drawn < shares.placeholders + shares.unplaced and channel not in AT_HOME:
        return {}
    return {"location": somewhere(city, dice).model_dump(), "address": place}


def somewhere(city: City, dice: Random) -> Location:
    """Return a point inside one of the grids."""
    grid = dice.choice([city.grids[key] for key in sorted(city.grids)])
    west, south, east, north = grid.shape.bounds
    points = (Location(lat=round(dice.uniform(south, north), 6), lon=round(dice.uniform(west, east), 6)) for _ in iter(int, 1))
    return next(point for point in points if grid.contains(point))


def echoes_of(reports: Sequence[Report], count: int, city: City, dice: Random, name: str) -> list[Report]:
    """Return `count` reports by others of what is in some of the reports, a few minutes after."""
    shares = mix()
    codes = known(city, shares.echoed_categories)
    heard = [one for one in reports if one.category in codes and one.located] or [one for one in reports if one.located]
    if not heard:
        heard = list(reports)
    chosen = dice.sample(heard, min(len(heard), max(1, math.ceil(count / ECHOES_AT_MOST))))
    return [echo(chosen[n % len(chosen)], f"{name}-e{n}", dice) for n in range(count)] if chosen else []


def echo(first: Report, key: str, dice: Random) -> Report:
    """Return the same thing in somebody else's words, seen from a few steps away."""
    language = dice.choice(["zh", "en"])
    place = dice.choice(mix().places[language]).format(n=dice.randint(1, 60))
    text = dice.choice(phrases()[first.category or CHATTER][language]).format(place=place)
    body = {**first.body, "text": text, "language": language, "channel": dice.choice(["chat", "phone", "app"]), "address": place}
    body.pop("contact", None)
    if "location" in body:
        step = partial(dice.gauss, 0, ECHO_METRES / METRES_A_DEGREE)
        body["location"] = {"lat": round(body["location"]["lat"] + step(), 6), "lon": round(body["location"]["lon"] + step(), 6)}
    return Report(key, first.at + timedelta(minutes=dice.uniform(*ECHO_MINUTES)), body, first.category, echoes=first.key)
