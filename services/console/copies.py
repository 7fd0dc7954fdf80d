"""The copies of the cases that each console process keeps in memory while it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.console.desk.feed import Feed
from services.console.desk.serving import Desk
from services.console.following import Following, followed
from services.console.public.board import Board
from services.console.public.serving import Serving
from services.console.stats.copy import Copy


@asynccontextmanager
async def keeping(api: FastAPI) -> AsyncIterator[None]:
    """Keep the boards of the desk and of the public and the table that figures are counted from up to date while the service runs."""
    process = api.state.process
    api.state.stats = figures = Copy(process.store)
    api.state.desk = desk = Desk(Feed(process.store, lambda: process.city, process.now))
    api.state.public = public = Serving(Board(process.store, lambda: process.city, process.now))
    async with followed(Following(process.store, process.now, (desk.feed, public.board, figures))):
        yield
    figures.close()
