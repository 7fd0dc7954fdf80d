"""Which case somebody means: by its id, or by its number, in whatever groups it was written down."""

import asyncio
from typing import Annotated

from fastapi import Depends

from shared.case import Case
from shared.command import fresh
from shared.number import WrongCheckDigit, read_number
from shared.web import Fault, Reads, TheProcess, problem

LOOKS = 3  # for a number: rows are saved a moment behind the log
LONGEST_CHAIN = 100  # merges that a reporter is led through


async def case_named(case_id: str, reads: Reads, process: TheProcess) -> str:
    """Return the id of the case that has this id or number. Raises a 422 problem for a wrong check digit, 404 for an unknown number."""
    number = number_in(case_id)
    if number is None:
        return case_id
    for look in range(LOOKS):
        if look:
            await asyncio.sleep(process.settings.flush_seconds)
        if found := await reads.ids({"number": number}, limit=1):
            return found[0]
    raise problem(404, f"There is no case {case_id}.", f"没有编号为 {case_id} 的案件。")


def number_in(written: str) -> str | None:
    try:
        return read_number(written)
    except WrongCheckDigit as wrong:
        fault = Fault(
            field="case_id",
            en=f"{written} is not a case number: its check digit is wrong. Look for a wrong digit, or two that changed places.",
            zh=f"{written} 不是有效的案件编号：校验位不符，请检查是否有数字写错或颠倒。",
        )
        raise problem(422, "This is not a case number.", "案件编号有误。", [fault]) from wrong


CaseNamed = Annotated[str, Depends(case_named)]


async def case_found(id: CaseNamed, reads: Reads, process: TheProcess) -> Case:
    """Return the case, also one that was reported only just now. Raises a 404 problem."""
    return await reads.case(id) or await fresh(process, id)


CaseFound = Annotated[Case, Depends(case_found)]


async def survivor_of(case: Case, reads: Reads) -> Case | None:
    """Return the case that this one is handled with in the end."""
    found, last = None, case
    for _ in range(LONGEST_CHAIN):
        following = await reads.case(last.into) if last.into else None
        if following is None:
            break
        found = last = following
    return found
