"""A line to a server that a test can cut, mend, or make lose the next answers."""

import asyncio
from types import TracebackType
from typing import Self

from deploy.local.ports import free_port


class Wire:
    """Passes bytes on between a port of its own and a server; `deaf` lets requests through and no answers."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, free_port()
        self.deaf = False
        self.server: asyncio.Server | None = None
        self.links: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.cut()

    async def mend(self) -> None:
        self.deaf = False
        if self.server is None:
            self.server = await asyncio.start_server(self.connected, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Refuse new connections and end those that there are."""
        if self.server is not None:
            self.server.close()
            self.server = None
        for link in self.links:
            link.close()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        links = {writer, back}
        self.links |= links
        try:
            await asyncio.gather(self.carry(reader, back, links, False), self.carry(there, writer, links, True))
        finally:
            self.links -= links
            self.tasks.discard(task)

    async def carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, links: set[asyncio.StreamWriter], answers: bool
    ) -> None:
        try:
            while data := await reader.read(65_536):
                if answers and self.deaf:
                    break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            for link in links:
                link.close()
