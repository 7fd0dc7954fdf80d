"""What residents, and those who report for them, ask of intake."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from starlette.requests import ClientDisconnect

from services.intake.actions import Supplement, Withdrawal, supplement, withdraw
from services.intake.bulk import COLUMNS
from services.intake.desk import Desk, Filing
from services.intake.faults import faults_of
from services.intake.finding import CaseFound, CaseNamed, survivor_of
from services.intake.naming import with_named
from services.intake.progress import Progress, progress
from services.intake.report import ReportBody, case_id_of, meaning_of, read_report
from services.intake.upload import RowAnswer, Upload
from shared.case import Case
from shared.number import shown
from shared.photos import must_be_known
from shared.reporters import key_of
from shared.web import (
    Act,
    Actor,
    CaseView,
    Fault,
    Keep,
    KeyId,
    Language,
    Now,
    Problem,
    Reads,
    Speak,
    TheCity,
    TheProcess,
    problem,
)

Model = TypeVar("Model", bound=BaseModel)
router = APIRouter(tags=["intake"])


class Written:
    """Shows a model in the documentation for a body that is checked by our own words."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)


Report = Annotated[dict[str, Any], Written(ReportBody)]
SupplementSent = Annotated[dict[str, Any], Written(Supplement)]
WithdrawalSent = Annotated[dict[str, Any], Written(Withdrawal)]


class Receipt(BaseModel):
    """What the reporter keeps: the number can be read out on the telephone."""

    case_id: str
    number: str
    status_url: str
    key: str | None = Field(
        None, description="Your secret for this case: send it as Gridcase-Key to add to it, withdraw, rate or reopen it"
    )


def wrong_fields(faults: list[Fault]) -> Problem:
    return problem(422, "Some fields are not right.", "有字段不正确。", faults)


def desk_of(reads: Reads, keep: Keep, speak: Speak, caller: Actor, now: Now) -> Desk:
    return Desk(reads, keep, speak, caller, now)


TheDesk = Annotated[Desk, Depends(desk_of)]
Keyed = Annotated[str | None, Header(alias="Idempotency-Key", include_in_schema=False)]


@router.post("/reports", status_code=201)
async def post_report(
    report: Report, desk: TheDesk, city: TheCity, key_id: KeyId, process: TheProcess, response: Response, key: Keyed = None
) -> Receipt:
    """Take in a report; repeated with the same Idempotency-Key, or without one with the same `source`, it is one case."""
    body = read_report(report, city, desk.now)
    if not isinstance(body, ReportBody):
        raise wrong_fields(body)
    await must_be_known(process, body.media)
    meaning = meaning_of(body, desk.by, key_id, keyed=key is not None)
    body = await with_named(body, case_id_of(meaning), desk.reads, city)
    filing = Filing(body, meaning, unique=key is None and body.source is None)
    numbers = await desk.file([filing])
    url = f"{process.settings.intake_url.rstrip('/')}/cases/{filing.case_id}"
    response.headers["Location"] = url
    own = desk.new(filing.case_id) or key is not None  # who only names a source that is known gets no key to what others reported
    secret = key_of(process.settings.secret, filing.case_id) if own else ""
    return Receipt(case_id=filing.case_id, number=shown(numbers[filing.case_id]), status_url=url, key=secret or None)


@dataclass(frozen=True)
class Telling:
    """Answers reporters, who see less than staff: never a `CaseView`."""

    reads: Reads
    city: TheCity
    language: Language

    async def __call__(self, case: Case | CaseView) -> Progress:
        newest = case if isinstance(case, Case) else await self.reads.case(case.id)
        if newest is None:
            raise problem(404, "There is no such case.", "没有该案件。")
        return progress(newest, await survivor_of(newest, self.reads), self.city, self.language)


Tell = Annotated[Telling, Depends()]
CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "description": "Columns: " + ", ".join(COLUMNS)}}},
    }
}
LINES: dict[int | str, dict[str, Any]] = {
    200: {"description": "One JSON object a row", "content": {"application/x-ndjson": {}}, "model": RowAnswer}
}


@router.post("/reports/bulk", openapi_extra=CSV_BODY, responses=LINES, response_class=StreamingResponse)
async def post_bulk(request: Request, desk: TheDesk, city: TheCity, language: Language) -> StreamingResponse:
    """Take in a file of reports (CSV, UTF-8) and say what became of each row; sent again, it makes no new cases."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise problem(415, "Send the file itself as the body, as text/csv.", "请直接以 text/csv 发送文件内容。")
    upload = Upload(desk, city, language)
    try:
        await upload.read(request.stream())
    except ClientDisconnect as gone:
        raise problem(400, "The file was cut off.", "文件传输中断。") from gone
    return StreamingResponse(upload.lines(), media_type="application/x-ndjson")


@router.post("/cases/{case_id}/supplements")
async def post_supplement(id: CaseNamed, sent: SupplementSent, act: Act, tell: Tell, process: TheProcess) -> Progress:
    """Add words or photos to a case."""
    body = read(Supplement, sent)
    await must_be_known(process, body.media)
    return await tell(await act(id, supplement, body))


@router.post("/cases/{case_id}/withdrawal")
async def post_withdrawal(id: CaseNamed, sent: WithdrawalSent, act: Act, tell: Tell) -> Progress:
    """Take a report back."""
    return await tell(await act(id, withdraw, read(Withdrawal, sent)))


@router.get("/cases/{case_id}")
async def get_case(case: CaseFound, tell: Tell) -> Progress:
    """Tell the reporter where the case stands; `case_id` may be its number, in any spacing."""
    return await tell(case)


def read(model: type[Model], sent: dict[str, Any]) -> Model:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise wrong_fields(faults_of(error)) from error
