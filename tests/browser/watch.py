"""What no page may do, noted as it happens: errors, breaches of its policy, calls to strangers, failing services, untranslated words."""

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

HERE = "127.0.0.1"
# Runs in every page before its own scripts; what it says is read from the console.
TELL = """
addEventListener("securitypolicyviolation", (event) => console.error(`Policy: ${event.violatedDirective} forbids ${event.blockedURI}`));
window.gridcaseMissing = Object.assign([], { push: (words) => console.error(`No translation: ${words}`) });
"""
ANSWERED = re.compile(r"status of 4\d\d")


class Watch:
    """Keeps what was wrong in any page of one test; `allows` says what the test means to happen."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.allowed: list[re.Pattern[str]] = []

    def allows(self, pattern: str) -> None:
        """Let pass what fits, from now on and until now."""
        self.allowed.append(re.compile(pattern))

    async def over(self, context: BrowserContext) -> None:
        """Watch all pages of a context."""
        await context.add_init_script(TELL)
        context.on("console", self.said)
        context.on("weberror", self.thrown)
        context.on("request", self.asked)
        context.on("response", self.answered)

    def said(self, message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        refused = ANSWERED.search(message.text) and urlsplit(where).path.startswith("/do/")  # an answer that the page tells of
        if message.type == "error" and not refused:
            self.found.append(f"console: {message.text} ({where})")

    def thrown(self, error: WebError) -> None:
        lines = (error.error.stack or str(error.error)).splitlines()
        self.found.append(f"not caught: {' '.join(line.strip() for line in lines[:3])}")

    def asked(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ("data", "blob", "about") and place.hostname != HERE:
            self.found.append(f"asked a stranger: {request.method} {request.url}")

    def answered(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"failed: {response.status} {response.request.method} {response.url}")

    @property
    def wrong(self) -> list[str]:
        """Return what was wrong and not allowed, each once."""
        return [what for what in dict.fromkeys(self.found) if not any(pattern.search(what) for pattern in self.allowed)]
