"""People in front of a browser: each has one of their own, signed in through the issuer's page as anybody would."""

from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, Page

from deploy.browser import sign_in
from deploy.issuer.accounts import account_for
from shared.access import Role
from tests.browser.watch import Watch
from tests.deployment import Deployed

Lang = Literal["zh", "en"]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
ELSEWHERE = "America/New_York"  # the zone of every browser: pages show the times of the city
PATIENCE_MS = 30_000  # a machine may be busy; who waits goes on as soon as it is there


class People:
    """Whoever takes part in one test."""

    def __init__(self, city: Deployed, browser: Browser) -> None:
        self.city, self.browser, self.watch = city, browser, Watch()
        self.contexts: list[BrowserContext] = []

    async def __call__(
        self,
        who: str | None,
        lang: Lang = "zh",
        width: int = 1280,
        height: int = 800,
        *,
        touch: bool = False,
        dark: bool = False,
        at: str | None = None,
        **more: Any,
    ) -> Page:
        """Return a page of somebody: a role (its first account), a post, or None for nobody; `at` is where they go first.

        `more` is for Playwright's `new_context`.
        """
        options: dict[str, Any] = {"locale": LOCALES[lang], "timezone_id": ELSEWHERE, "base_url": self.city.url("console"), **more}
        options |= {"color_scheme": "dark" if dark else "light", "has_touch": touch, "is_mobile": touch}
        context = await self.browser.new_context(viewport={"width": width, "height": height}, **options)
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        await self.watch.over(context)
        await context.add_cookies([{"name": "lang", "value": lang, "url": self.city.url("console")}])
        page = await context.new_page()
        if who is not None:
            await sign_in(page, self.account(who))
        if at is not None:
            await page.goto(at)
        return page

    async def visitor(self, lang: Lang = "zh", width: int = 1280, height: int = 800, **more: Any) -> Page:
        """Return a page of somebody who does not sign in."""
        return await self(None, lang, width, height, **more)

    def account(self, who: str) -> str:
        """Return who is meant by a role or a post."""
        found = account_for(Role(who), self.city.badges.city) if who in set(Role) else None
        return who if found is None else found.id

    def allows(self, pattern: str) -> None:
        """Let a complaint pass that fits the pattern, because the test means it to happen."""
        self.watch.allows(pattern)

    async def photograph(self, folder: Path) -> list[Path]:
        """Keep what all pages show now, for whoever looks into a failure."""
        files = []
        for n, page in enumerate(page for context in self.contexts for page in context.pages):
            files.append(folder / f"page-{n}.png")
            await page.screenshot(path=files[-1])
        return files

    async def leave(self) -> list[str]:
        """Close all browsers; return what was wrong in any of them."""
        while self.contexts:
            await self.contexts.pop().close()
        return self.watch.wrong
