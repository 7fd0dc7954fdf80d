"""How a reporter can be reached. It never enters the log: intake keeps it by itself under a token, and the log knows the token alone."""

import re
from typing import Annotated

import phonenumbers
from babel.core import get_global
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from services.intake.text import Line, wrong
from shared.city import City

CONTACTS = "contacts"  # the collection
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")


def region(city: City) -> str:
    """Return the country, in two letters, whose way of writing telephone numbers holds in the city."""
    found: str = get_global("zone_territories").get(city.zone, "CN")
    return found


def dialled(phone: str, info: ValidationInfo) -> str:
    """Return the number in the international form +861062345678."""
    try:
        read = phonenumbers.parse(phone, region(info.context["city"]))  # type: ignore[index]
    except phonenumbers.NumberParseException:
        read = None
    if read is None or not phonenumbers.is_valid_number(read):
        raise wrong("This is not a telephone number that can be called.", "这不是有效的电话号码。")
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def shaped(mail: str) -> str:
    if len(mail) > 254 or not MAIL.fullmatch(mail):
        raise wrong("This is not an e-mail address.", "这不是有效的邮箱地址。")
    return mail


class Contact(BaseModel):
    """Name, telephone, e-mail, what identifies their device or account: whatever the reporter gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[Line, Field(max_length=100)] | None = None
    phone: Annotated[Line, AfterValidator(dialled)] | None = None
    email: Annotated[Line, AfterValidator(shaped)] | None = None
    device: Annotated[Line, Field(max_length=200)] | None = None
    account: Annotated[Line, Field(max_length=200)] | None = None
    written: Annotated[Line, Field(max_length=500)] | None = None  # a telephone or an address that nobody can use, as it was given
