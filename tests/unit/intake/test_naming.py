"""A report may name the open case that it is the same as; whatever is amiss with that is answered alike."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from services.intake.naming import with_named
from services.intake.report import ReportBody, read_report, reported
from shared.asked import Reading
from shared.case import Case, Status
from shared.number import number_of, shown
from shared.problems import Problem
from tests.unit.intake import village
from tests.unit.intake.village import HERE, NOON, VILLAGE

NEW = "new"


class Copy:
    """Cases by their id or number."""

    def __init__(self, cases: Mapping[str, Case]) -> None:
        self.cases = {key: case for case in cases.values() for key in (case.id, case.number)}

    async def case(self, id_or_number: str) -> Case | None:
        return self.cases.get(id_or_number)


def case(id: str, wish: str | None = None, **more: Any) -> Case:
    return village.reported(id, wish=wish).model_copy(update={"number": number_of(id), **more})


CASES = {
    one.id: one
    for one in (
        case("open"),
        case("done", status=Status.COMPLETED),
        case("over", status=Status.CLOSED),
        case("refused", status=Status.REJECTED),
        case("sealed", wish="X10302"),
        case("joined", status=Status.MERGED, into="open"),
        case("joined-over", status=Status.MERGED, into="over"),
        case("joined-sealed", status=Status.MERGED, into="sealed"),
        case("sealed-joined", wish="X10302", status=Status.MERGED, into="open"),
    )
}


async def named(same_as: str | None, cases: Mapping[str, Case] = CASES) -> ReportBody:
    body = read_report(
        {"text": "灯坏了", "location": HERE.model_dump(), **({} if same_as is None else {"same_as": same_as})}, VILLAGE, NOON
    )
    assert isinstance(body, ReportBody), body
    return await with_named(body, NEW, cast(Reading, Copy(cases)), VILLAGE)


async def test_a_report_that_names_nothing_is_as_it_was():
    assert (await named(None)).same_as is None


@pytest.mark.parametrize("id", ["open", "done", "joined"])
async def test_an_open_case_is_named_by_its_id_or_by_its_number_in_whatever_groups(id: str):
    number = number_of(id)
    for written in (id, number, shown(number), f" {number[:5]}-{number[5:]} "):
        body = await named(written)
        fact = reported(body, case_id=NEW, number="1", token=None, by="resident", now=NOON)
        assert fact.same_as == id


async def fault(same_as: str) -> tuple[int, list[tuple[str, str, str]]]:
    with pytest.raises(Problem) as refused:
        await named(same_as)
    problem = refused.value
    return problem.status, [(one.field, one.en.replace(same_as, "N"), one.zh.replace(same_as, "N")) for one in problem.faults]


@pytest.mark.parametrize("id", ["over", "refused", "sealed", "joined-over", "joined-sealed", "sealed-joined"])
async def test_what_cannot_be_named_is_answered_like_what_is_not_there(id: str):
    alike = (422, [("same_as", "There is no open case N.", "没有编号为 N 的未结案件。")])
    assert await fault("nobody") == await fault("12345678901") == alike
    assert await fault(id) == await fault(number_of(id)) == alike


async def test_a_report_that_is_here_already_may_be_sent_again():
    assert (await named("over", {**CASES, NEW: case(NEW)})).same_as == "over"
