"""Which open case a reporter says that theirs is the same as, by its id or number.

Whatever is amiss with it is answered alike: nobody learns in this way that there is a confidential case.
"""

from services.intake.finding import survivor_of
from services.intake.report import ReportBody
from shared.access import confidential
from shared.asked import Reading
from shared.case import OPEN, Case
from shared.city import City
from shared.number import WrongCheckDigit, read_number
from shared.problems import Fault, problem


async def with_named(body: ReportBody, case_id: str, reads: Reading, city: City) -> ReportBody:
    """Return the report with the id of the case that it names, if it names one. Raises a 422 problem if that case cannot be named.

    A report that is here already, as `case_id`, was right when it came: it may be sent again.
    """
    if body.same_as is None or await reads.case(case_id) is not None:
        return body
    case = await case_of(body.same_as, reads)
    if case is None or not may_be_named(case, await survivor_of(case, reads) or case, city):
        fault = Fault(field="same_as", en=f"There is no open case {body.same_as}.", zh=f"没有编号为 {body.same_as} 的未结案件。")
        raise problem(422, "Some fields are not right.", "有字段不正确。", [fault])
    return body.model_copy(update={"same_as": case.id})


async def case_of(written: str, reads: Reading) -> Case | None:
    try:
        return await reads.case(read_number(written) or written)
    except WrongCheckDigit:
        return None


def may_be_named(case: Case, survivor: Case, city: City) -> bool:
    """Whether everybody may know of the case and it is open, or is handled with one that is."""
    return survivor.status in OPEN and not confidential(case, city) and not confidential(survivor, city)
