"""A bulk file on its way through intake: read as it arrives, filed in chunks, answered line by line.

The answer is written aside until the file has been read: with a client that sends all before it reads, each side would wait
for the other.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from tempfile import SpooledTemporaryFile

from pydantic import BaseModel

from services.intake.bulk import Records, Sheet, Unreadable, column_names, header_faults
from services.intake.desk import Desk, Filing
from services.intake.report import ReportBody, meaning_of
from shared.city import City
from shared.events import derived_id
from shared.number import shown
from shared.problems import Fault, problem

CHUNK = 500  # reports said at once
TURN = 25  # rows read before others get their turn
IN_MEMORY = 1_000_000  # bytes of the answer; the rest goes to a file


class RowFault(BaseModel):
    """What is wrong with one column."""

    field: str
    message: str


class RowAnswer(BaseModel):
    """What became of one row; rows are counted from 1, without the header."""

    row: int
    service_request_id: str | None = None
    case_id: str | None = None
    number: str | None = None
    errors: list[RowFault] | None = None


def spool() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


@dataclass
class Upload:
    """One file: its sheet, the rows that wait for the next chunk, and the answer so far."""

    desk: Desk
    city: City
    language: str
    sheet: Sheet | None = None
    rows: int = 0
    waiting: list[tuple[int, str | None, Filing | list[Fault]]] = field(default_factory=list)
    answer: SpooledTemporaryFile[bytes] = field(default_factory=spool)

    async def read(self, stream: AsyncIterable[bytes]) -> None:
        """File every row. Raises a problem for a file whose header is wrong; what cannot be read further on ends the answer."""
        records = Records()
        try:
            async for data in stream:
                for record in records.feed(data):
                    await self.take(record)
            for record in records.feed(b"", last=True):
                await self.take(record)
        except Unreadable as unreadable:
            if self.sheet is None:
                raise wrong_header([unreadable.fault]) from unreadable
            self.waiting.append((self.rows + 1, None, [unreadable.fault]))
        if self.sheet is None:
            raise wrong_header([Fault(field="file", en="The file is empty.", zh="文件是空的。")])
        await self.file()

    async def take(self, record: Sequence[str]) -> None:
        if self.sheet is None:
            names = column_names(record)
            if faults := header_faults(names):
                raise wrong_header(faults)
            self.sheet = Sheet(names, self.city, self.desk.now)
            return
        self.rows += 1
        request_id = dict(zip(self.sheet.names, record, strict=False)).get("service_request_id", "").strip()[:200]
        self.waiting.append((self.rows, request_id or None, self.filing(self.sheet, record)))
        if self.rows % TURN == 0:
            await asyncio.sleep(0)
        if len(self.waiting) >= CHUNK:
            await self.file()

    def filing(self, sheet: Sheet, record: Sequence[str]) -> Filing | list[Fault]:
        body = sheet.read(record)
        if not isinstance(body, ReportBody):
            return body
        content = sha256("\x1f".join(record).encode(errors="replace")).hexdigest()
        row = derived_id("row", self.desk.by, str(self.rows), content)  # sent again without an id of its own, it is still the same
        return Filing(body, meaning_of(body, self.desk.by, row, keyed=False))

    async def file(self) -> None:
        """File what waits, and write what became of it."""
        numbers = await self.desk.file([filing for _, _, filing in self.waiting if isinstance(filing, Filing)])
        for row, request_id, filing in self.waiting:
            told = self.told(RowAnswer(row=row, service_request_id=request_id), filing, numbers).model_dump_json(exclude_none=True)
            self.answer.write(told.encode() + b"\n")
        self.waiting.clear()

    def told(self, answer: RowAnswer, filing: Filing | list[Fault], numbers: dict[str, str]) -> RowAnswer:
        if isinstance(filing, Filing):
            return answer.model_copy(update={"case_id": filing.case_id, "number": shown(numbers[filing.case_id])})
        zh = self.language == "zh"
        return answer.model_copy(update={"errors": [RowFault(field=f.field, message=f.zh if zh else f.en) for f in filing]})

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the answer, and throw it away."""
        with self.answer as answer:
            answer.seek(0)
            while chunk := answer.read(65_536):
                yield chunk


def wrong_header(faults: list[Fault]) -> Exception:
    return problem(
        422,
        "The first line must name columns of GeoReport Bulk, among them service_request_id, requested_datetime and description.",
        "首行须为GeoReport批量文件的列名，其中service_request_id、requested_datetime、description必须有。",
        faults,
    )
