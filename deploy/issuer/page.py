"""The page on which one chooses whom to be, in Chinese or English."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.issuer.accounts import Account
from deploy.issuer.codes import Asked
from shared.access import Role
from shared.category import Words
from shared.refusals import ROLES

TITLE = Words(zh="登录", en="Sign in")
NOTE = Words(
    zh="演示账号：任何能打开本页的人都可以使用任何账号，仅供本机试用。",
    en="Demo accounts: whoever can open this page may be anybody. For trying things out on this machine only.",
)
MORE = Words(zh="全部岗位", en="All posts")
USES = {  # what one sees and does with an account of a role
    Role.RESIDENT: Words(zh="反映问题，查看结果", en="report something, see what became of it"),
    Role.GRID_WORKER: Words(zh="我的任务：核实、处置、补录", en="tasks on the phone: look, handle, record"),
    Role.BUILDING_HEAD: Words(zh="我的任务：本楼栋", en="tasks on the phone: the own building"),
    Role.VOLUNTEER: Words(zh="我的任务：志愿服务", en="tasks on the phone: voluntary service"),
    Role.OPERATOR: Words(zh="派遣台：立案、派遣、核查", en="the dispatch desk: file, assign, check"),
    Role.UNIT: Words(zh="我的任务、本单位案件", en="tasks on the phone, the unit's cases"),
    Role.SUPERVISOR: Words(zh="派遣台：督办、裁定申诉", en="the dispatch desk: supervise, rule on appeals"),
    Role.MANAGER: Words(zh="数据看板", en="the figures of the city"),
    Role.AUDITOR: Words(zh="数据看板、查阅记录", en="the figures, the record of looks"),
    Role.ADMIN: Words(zh="数据看板、批量导入", en="the figures, bulk import"),
}
templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, undefined=StrictUndefined)


def page(asked: Asked, people: Sequence[Account], lang: str, console: str) -> HTMLResponse:
    """Return the page that lists the accounts by role."""

    def said(words: Words) -> str:
        return words.zh if lang == "zh" else words.en[:1].upper() + words.en[1:]

    roles = [(role, [(one.id, said(one.title)) for one in people if role in one.roles]) for role in Role]
    told = {
        "title": said(TITLE),
        "note": said(NOTE),
        "more": said(MORE),
        "roles": {role: said(ROLES[role]) for role in Role},
        "uses": {role: said(words) for role, words in USES.items()},
    }
    html = templates.get_template("page.html").render(
        lang=lang, t=told, roles=[(role, names) for role, names in roles if names], query=urlencode(asked.model_dump())
    )
    policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {console}; frame-ancestors 'none'; base-uri 'none'"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(html, headers={**headers, "Content-Language": lang, "Referrer-Policy": "no-referrer"})
