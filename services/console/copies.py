"""The copies of the cases that each console process keeps in memory while it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.console.following import Following, followed
from services.console.stats.copy import Copy


@asynccontextmanager
async def keeping(api: FastAPI) -> AsyncIterator[None]:
    """Keep the table that figures are counted from up to date while the service runs."""
    process = api.state.process
    api.state.stats = figures = Copy(process.store)
    async with followed(Following(process.store, process.now, (figures,))):
        yield
    figures.close()
