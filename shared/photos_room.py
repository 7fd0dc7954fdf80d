"""What one process needs for photos: where they are kept, how links to them are made, and how many are developed at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from shared.photos_image import Areas, Developed, blacked_out
from shared.photos_kept import Kept
from shared.photos_links import Links
from shared.photos_worker import develop_apart
from shared.settings import Settings

WAITING = 14  # uploads beyond those being developed that a process holds in memory


class Full(Exception):
    """So many photos are coming in that this process takes no more now."""


class Darkroom:
    """Develops photos, a few at a time, and knows where they go."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.links = Links(settings.photos_url or settings.intake_url, settings.secret)
        self.inside = 0
        self.developing = asyncio.Semaphore(settings.photo_workers)

    @cached_property
    def kept(self) -> Kept:
        """Where photos are kept; opened when the first one comes, as most services never see one."""
        return Kept(self.settings.photos)

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[None]:
        """Let one upload in, whose bytes are held in memory from here on. Raises Full."""
        if self.inside >= self.settings.photo_workers + WAITING:
            raise Full
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    async def develop(self, data: bytes) -> Developed:
        """Return the photo made anew. Raises Unfit."""
        async with self.developing:
            return await develop_apart(data, self.settings.photo_pixels)

    async def black_out(self, full: bytes, areas: Areas) -> Developed:
        """Return a photo of ours with areas black; it was made here, so a thread will do."""
        async with self.developing:
            return await asyncio.to_thread(blacked_out, full, areas)
