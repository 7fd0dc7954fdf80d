"""A real browser for tests and measurements: Debian's Chromium, driven by Playwright.

Nothing is ever downloaded, and nothing but this machine can be reached.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from deploy.refusal import CannotDo

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


class NoBrowser(CannotDo):
    """There is no browser."""


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


async def sign_in(page: Page, account: str) -> None:
    """Choose an account on the issuer's page, and wait to be back."""
    await page.goto("/sign-in")
    asked = page.url
    await page.locator("summary").click()
    await page.locator(f'details button[name="account"][value="{account}"]').first.click()
    await page.wait_for_url(lambda url: url.split("/")[2] != asked.split("/")[2])
