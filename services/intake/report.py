"""A report as it is sent in: what it may hold, all its faults at once, and the fact that becomes of it."""

from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from services.intake.contact import Contact
from services.intake.faults import faults_of
from services.intake.media import Media
from services.intake.text import Line, Prose, language_of, wrong
from shared.case import Case
from shared.city import City, plain
from shared.events import MAX_TEXT, CaseReported, derived_id
from shared.masking import mask
from shared.problems import Fault
from shared.terms import Location

Channel = Literal["chat", "phone", "web", "app", "sms", "email", "desk", "visit", "patrol", "open311", "system", "import"]
CHANNELS: tuple[str, ...] = get_args(Channel)
FREE = frozenset({"chat", "phone", "sms", "email", "system", "import"})  # no form can insist on a place: triage asks
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD_SECONDS = 5  # clocks of senders differ
NEAR_NAMES = 5

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]


class ReportBody(BaseModel):
    """What a resident, or somebody for them, reports. A place (`location` or `address`) is needed where a form can ask for it.

    `same_as` is the number or id of an open case that it is the same as: it is joined to that one where nothing speaks against it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[Prose, Field(min_length=1, max_length=MAX_TEXT)]
    channel: Channel = "web"
    language: Literal["zh", "en"] | None = None
    category: str | None = None
    attributes: Annotated[dict[Code, Annotated[Prose, Field(max_length=500)]], Field(max_length=32)] = {}
    contact: Contact | None = None
    source: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    same_as: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    reported_at: AwareDatetime | None = None
    media: Media = ()
    address: Annotated[Line, Field(max_length=500)] | None = None
    location: Annotated[Location | None, Field(validate_default=True)] = None

    @field_validator("category")
    @classmethod
    def known(cls, code: str | None, info: ValidationInfo) -> str | None:
        city: City = info.context["city"]  # type: ignore[index]
        if not code or code in city.categories:
            return code or None
        near = near_names(code, city)
        raise wrong(
            f"There is no category {code[:64]!r}. " + (f"Near to it: {'; '.join(near)}." if near else "Leave it out."),
            f"没有类别“{code[:64]}”。" + (f"相近的有：{'；'.join(near)}。" if near else "可以不填。"),
        )

    @field_validator("reported_at")
    @classmethod
    def past(cls, at: datetime | None, info: ValidationInfo) -> datetime | None:
        now: datetime = info.context["now"]  # type: ignore[index]
        if at is not None and at < OLDEST:
            raise wrong(f"This time is before {OLDEST.year}.", f"时间早于{OLDEST.year}年。")
        if at is not None and (at - now).total_seconds() > AHEAD_SECONDS:
            raise wrong("This time lies in the future.", "时间不能晚于现在。")
        return min(at, now) if at is not None else None

    @field_validator("location")
    @classmethod
    def somewhere(cls, location: Location | None, info: ValidationInfo) -> Location | None:
        city: City = info.context["city"]  # type: ignore[index]
        told = info.data  # fields at fault are missing from it
        placed = city.located(location) or bool(told.get("address", "at fault"))
        if not placed and told.get("channel", "chat") not in FREE:
            raise wrong("Say where it is: location or address.", "请说明地点：位置或地址。")
        return location


def read_report(raw: object, city: City, now: datetime) -> ReportBody | list[Fault]:
    """Return the report that `raw` (decoded JSON) holds, or everything that is wrong with it."""
    try:
        return ReportBody.model_validate(raw, context={"city": city, "now": now})
    except ValidationError as error:
        return faults_of(error)


def near_names(written: str, city: City) -> list[str]:
    """Return the categories that somebody may have meant, each as code and both names."""
    asked = plain(written)
    names: dict[str, str] = {}
    for code, category in city.categories.items():
        names.update(dict.fromkeys(map(plain, (code, category.name.zh, category.name.en, *category.words)), code))
    close = [names[name] for name in get_close_matches(asked, names, NEAR_NAMES, 0.5)]
    held = [code for name, code in names.items() if asked and (asked in name or (len(name) > 1 and name in asked))]
    return [
        f"{code} {city.categories[code].name.zh} / {city.categories[code].name.en}"
        for code in list(dict.fromkeys([*close, *held]))[:NEAR_NAMES]
    ]


def meaning_of(body: ReportBody, by: str, key: str, keyed: bool) -> str:
    """Return what two sendings of one report share: the id of the caller's key, or without a key the source's id of the message."""
    if body.source is not None and not keyed:
        return derived_id("source", by, body.channel, body.source)
    return key


def case_id_of(meaning: str) -> str:
    return derived_id("case", meaning)


def token_of(meaning: str) -> str:
    """Return the name under which a report's contact is kept; who sends the report again replaces it and leaves no orphan."""
    return derived_id("contact", meaning)


def reported(body: ReportBody, *, case_id: str, number: str, token: str | None, by: str, now: datetime) -> CaseReported:
    """Return the fact that the report becomes, with nothing in it by which a person could be reached."""
    language = body.language or language_of(body.text)
    told: dict[str, Any] = {
        "number": number,
        "text": mask(body.text, language),
        "channel": body.channel,
        "language": language,
        "location": body.location,
        "address": mask(body.address, language) if body.address else None,
        "category": body.category,
        "attributes": {code: mask(value, language) for code, value in body.attributes.items()},
        "reporter": token,
        "source": body.source,
        "same_as": body.same_as,
        "media": body.media,
    }
    late = body.reported_at is not None and body.reported_at < now
    return CaseReported.of(Case(id=case_id), at=body.reported_at or now, by=by, late=late, **told)
