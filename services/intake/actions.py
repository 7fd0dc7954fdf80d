"""What a reporter does with a case that is there: add something to it, or take it back."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.intake.media import Media
from services.intake.text import Prose, wrong
from shared.case import ALLOWED, MAX_ADDITIONS, Case, Refused, Status
from shared.city import City
from shared.events import MAX_TEXT, CaseSupplemented, CaseWithdrawn, Said


class Supplement(BaseModel):
    """More words, photos, or both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[Prose, Field(max_length=MAX_TEXT)] = ""
    media: Media = ()

    @model_validator(mode="after")
    def something(self) -> Self:
        if not self.text and not self.media:
            raise wrong("Send a text or a photo.", "请提供文字或照片。")
        return self


class Withdrawal(BaseModel):
    """Why the report is taken back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=MAX_TEXT)]


def supplement(case: Case, body: Supplement, said: Said, city: City) -> CaseSupplemented:
    """Add words and media, whatever has become of the case."""
    if case.additions >= MAX_ADDITIONS:
        raise Refused("So much was added to this case that it takes no more.", "该案件的补充内容已达上限。")
    return CaseSupplemented.of(case, **said, text=body.text, media=body.media)


def withdraw(case: Case, body: Withdrawal, said: Said, city: City) -> CaseWithdrawn:
    """Take the report back: before somebody works on it, and only if nobody else waits for it."""
    if case.status not in ALLOWED["case.withdrawn"]:
        raise Refused(*TOO_LATE.get(case.status, WORK_HAS_BEGUN))
    if case.followers:
        raise Refused("Others have reported the same and wait for it; the case goes on.", "还有其他居民反映同一问题，案件将继续办理。")
    return CaseWithdrawn.of(case, **said, reason=body.reason)


WORK_HAS_BEGUN = ("Work has begun; the report can no longer be withdrawn.", "已开始处理，不能再撤回。")
TOO_LATE = {
    Status.WITHDRAWN: ("The report has been withdrawn already.", "该反映已经撤回。"),
    Status.MERGED: ("The report was joined with another one on the same matter.", "该反映已并入同一问题的另一案件。"),
    Status.REJECTED: ("The report was not taken up, so it need not be withdrawn.", "该反映未予受理，无需撤回。"),
    Status.CLOSED: ("The case is closed.", "案件已结案。"),
    Status.COMPLETED: ("The work is done; the report can no longer be withdrawn.", "已处理完毕，不能再撤回。"),
}
