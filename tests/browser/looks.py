"""How a page looks to those who use it otherwise: with a screen reader, on a narrow screen, on a wide one."""

import json
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SERIOUS = frozenset({"serious", "critical"})
axe = Axe()


async def serious(page: Page) -> list[str]:
    """Return what axe finds that keeps somebody from using the page, one line for each place.

    Animations are brought to their end first: a colour on its way to another has no contrast of its own. Style sheets are not read
    again: for one that imports another, axe would break the page's policy.
    """
    await page.evaluate(
        "document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity).forEach((one) => one.finish())"
    )
    found: dict[str, Any] = (await axe.run(page, options={"preload": False})).response
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {json.dumps(node['target'])} {node['html'][:200]} {why(node)}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def why(node: dict[str, Any]) -> str:
    return "; ".join(str(check["message"]) for kind in ("any", "all", "none") for check in node[kind])


async def too_wide(page: Page) -> list[str]:
    """Return what makes the document wider than its window; nothing if it need not be scrolled sideways."""
    found: list[str] = await page.evaluate("""() => {
      const room = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= room) return [];
      const over = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 0.5);
      return [`${document.documentElement.scrollWidth} px in ${room} px`, ...over.slice(0, 8).map((one) => one.outerHTML.slice(0, 120))];
    }""")
    return found
