"""What a report or a supplement may show: photos of ours by name, and pictures elsewhere by web address."""

from typing import Annotated

from pydantic import AnyHttpUrl, BeforeValidator, Field, TypeAdapter, ValidationError

from services.intake.text import wrong
from shared.photos_links import is_own

MOST = 10
LONGEST = 2000  # characters of an address
address: TypeAdapter[AnyHttpUrl] = TypeAdapter(Annotated[AnyHttpUrl, Field(max_length=LONGEST)])


def shown(written: object) -> object:
    """Return the name, or the address as it is written in full."""
    if isinstance(written, str) and is_own(written):
        return written
    try:
        return str(address.validate_python(written))
    except ValidationError as error:
        raise wrong(
            "Send the name that POST /photos gave, or a web address (http or https, at most 2,000 characters).",
            "请填写 POST /photos 返回的名称，或图片网址（http或https，不超过2000个字符）。",
        ) from error


def listed(media: object) -> object:
    return [] if media is None else media


Media = Annotated[
    tuple[Annotated[str, BeforeValidator(shown)], ...],
    Field(max_length=MOST, description="Names that `POST /photos` gave, or web addresses of pictures"),
    BeforeValidator(listed),
]
