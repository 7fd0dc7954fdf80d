"""Recorded cases enter as a city's own reports would: as GeoReport Bulk files through intake, sent again until they are taken."""

import asyncio
import csv
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from deploy.refusal import CannotDo
from deploy.replay.columns import Recorded

COLUMNS = ("service_request_id", "requested_datetime", "source", "service_name", "description", "address", "lat", "long")
PATIENCE = 180.0  # seconds for which intake may be away
AGAIN = 0.5
TYPED = {"Accept-Language": "en", "Content-Type": "text/csv"}


class NotTaken(CannotDo):
    """Intake does not take a recorded case, or does not answer."""


@dataclass(frozen=True)
class Door:
    """Intake, and the file in which its answers are kept for `check`."""

    client: httpx.AsyncClient
    url: str
    answers: Path
    bearer: Mapping[str, str]  # the header by which a replay signs what it sends

    async def send(self, records: Sequence[Recorded]) -> None:
        """Hand in the cases and keep what was answered. Raises NotTaken; a case that is there already makes no new one."""
        if not records:
            return
        body, deadline = sheet(records), time.monotonic() + PATIENCE
        while (answer := await self.posted(body)) is None:
            if time.monotonic() > deadline:
                raise NotTaken(f"Intake at {self.url} has not answered for {PATIENCE:.0f} seconds.")
            await asyncio.sleep(AGAIN)
        rows = [orjson.loads(line) for line in answer.splitlines()]
        for row in rows:
            if "errors" in row:
                raise NotTaken(f"Intake does not take case {row.get('service_request_id')}: {row['errors']}")
        self.keep(rows)

    async def posted(self, body: bytes) -> bytes | None:
        """Return the answer, None if it must be asked for again."""
        try:
            answer = await self.client.post(f"{self.url}/reports/bulk", content=body, headers={**TYPED, **self.bearer}, timeout=120)
        except httpx.TransportError:
            return None
        if answer.status_code >= 500:
            return None
        if answer.status_code != httpx.codes.OK:
            raise NotTaken(f"Intake refuses the file: {answer.text}")
        return answer.content

    def keep(self, rows: Sequence[dict[str, Any]]) -> None:
        told = ({"answered": 201, "case_id": row["case_id"], "key": row["service_request_id"]} for row in rows)
        with self.answers.open("ab") as kept:
            kept.writelines(orjson.dumps(line) + b"\n" for line in told)


def sheet(records: Sequence[Recorded]) -> bytes:
    """Return the cases as GeoReport Bulk: what was known of them when they were opened."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for record in records:
        place = (record.location.lat, record.location.lon) if record.location else ("", "")
        told = (record.source, record.category, record.text, record.address)
        rows.writerow((record.id, record.opened.isoformat(), *told, *place))
    return text.getvalue().encode()
