"""Debian's Chromium, driven by Playwright; nothing is ever downloaded, and nothing but this machine can be reached."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class NoBrowser(Exception):
    """There is no browser to test with."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a browser without a window. Raises NoBrowser."""
    program = shutil.which("chromium")
    if program is None:
        raise NoBrowser("There is no chromium: install Debian's packages with `apt-get install chromium fonts-noto-cjk`.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()
