"""The page on which one chooses whom to be, in Chinese or English."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.issuer.accounts import Account
from deploy.issuer.codes import Asked
from shared.access import Role
from shared.refusals import ROLES

TEXTS = {
    "zh": ("登录", "演示账号：任何能打开本页的人都可以使用任何账号，仅供本机试用。"),
    "en": ("Sign in", "Demo accounts: whoever can open this page may be anybody. For trying things out on this machine only."),
}
templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, undefined=StrictUndefined)


def page(asked: Asked, people: Sequence[Account], lang: str, console: str) -> HTMLResponse:
    """Return the page that lists the accounts by role."""
    title, note = TEXTS[lang]
    roles = [
        (
            name(ROLES[role].zh, ROLES[role].en, lang),
            [(one.id, name(one.title.zh, one.title.en, lang)) for one in people if role in one.roles],
        )
        for role in Role
    ]
    html = templates.get_template("page.html").render(
        lang=lang, title=title, note=note, roles=[(role, names) for role, names in roles if names], query=urlencode(asked.model_dump())
    )
    policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {console}; frame-ancestors 'none'; base-uri 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(html, headers={**headers, "Content-Language": lang, "Referrer-Policy": "no-referrer"})


def name(zh: str, en: str, lang: str) -> str:
    return zh if lang == "zh" else en[:1].upper() + en[1:]
