"""What residents, and those who report for them, ask of intake."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from starlette.requests import ClientDisconnect

from services.intake.actions import Supplement, Withdrawal, supplement, withdraw
from services.intake.bulk import COLUMNS
from services.intake.desk import Desk, Filing
from services.intake.faults import faults_of
from services.intake.number import WrongCheckDigit, read_number, shown
from services.intake.progress import Progress, progress
from services.intake.report import ReportBody, meaning_of, read_report
from services.intake.upload import RowAnswer, Upload
from shared.case import Case
from shared.web import (
    Act,
    ActorOrResident,
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
LONGEST_CHAIN = 100  # merges that a reporter is led through


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


def wrong_fields(faults: list[Fault]) -> Problem:
    return problem(422, "Some fields are not right.", "有字段不正确。", faults)


def case_named(case_id: str) -> str:
    """Return an id, or the digits of a number written in any way."""
    try:
        return read_number(case_id) or case_id
    except WrongCheckDigit as wrong:
        fault = Fault(
            field="case_id",
            en=f"{case_id} is not a case number: its check digit is wrong. Look for a wrong digit or two that changed places.",
            zh=f"{case_id} 不是有效的案件编号：校验位不符，请检查是否有数字写错或颠倒。",
        )
        raise problem(422, "This is not a case number.", "案件编号有误。", [fault]) from wrong


CaseNamed = Annotated[str, Depends(case_named)]


def desk_of(reads: Reads, keep: Keep, speak: Speak, caller: ActorOrResident, now: Now) -> Desk:
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
    meaning = meaning_of(body, desk.by, key_id, keyed=key is not None)
    filing = Filing(body, meaning, unique=key is None and body.source is None)
    numbers = await desk.file([filing])
    url = f"{process.settings.intake_url.rstrip('/')}/cases/{filing.case_id}"
    response.headers["Location"] = url
    return Receipt(case_id=filing.case_id, number=shown(numbers[filing.case_id]), status_url=url)


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
async def post_supplement(case_id: CaseNamed, sent: SupplementSent, act: Act) -> CaseView:
    """Add words or photos to a case."""
    return await act(case_id, supplement, read(Supplement, sent))


@router.post("/cases/{case_id}/withdrawal")
async def post_withdrawal(case_id: CaseNamed, sent: WithdrawalSent, act: Act) -> CaseView:
    """Take a report back."""
    return await act(case_id, withdraw, read(Withdrawal, sent))


@router.get("/cases/{case_id}")
async def get_case(case_id: CaseNamed, reads: Reads, city: TheCity, language: Language) -> Progress:
    """Tell the reporter where the case stands; `case_id` may be its number, in any spacing."""
    case = await reads.case(case_id)
    if case is None:
        raise problem(404, "There is no such case.", "没有该案件。")
    return progress(case, await survivor_of(case, reads), city, language)


async def survivor_of(case: Case, reads: Reads) -> Case | None:
    """Return the case that this one is handled with in the end."""
    found, last = None, case
    for _ in range(LONGEST_CHAIN):
        following = await reads.case(last.into) if last.into else None
        if following is None:
            break
        found = last = following
    return found


def read(model: type[Model], sent: dict[str, Any]) -> Model:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise wrong_fields(faults_of(error)) from error
