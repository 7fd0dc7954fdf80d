"""What the gate says to those whom it does not let in: 401 who are you, 403 not you, 404 there is nothing for you to see, 429 too often."""

from collections.abc import Collection

from shared.access import Role, Row
from shared.case import Case
from shared.category import Words
from shared.problems import Problem, problem
from shared.tokens import Unverified

ROLES = {
    Role.RESIDENT: Words(zh="上报人", en="the reporter"),
    Role.GRID_WORKER: Words(zh="网格员", en="grid workers"),
    Role.BUILDING_HEAD: Words(zh="楼栋长", en="building heads"),
    Role.VOLUNTEER: Words(zh="志愿者", en="volunteers"),
    Role.OPERATOR: Words(zh="派遣员", en="operators"),
    Role.UNIT: Words(zh="处置单位", en="handling units"),
    Role.SUPERVISOR: Words(zh="值班长和负责人", en="supervisors"),
    Role.MANAGER: Words(zh="城市管理者", en="managers"),
    Role.AUDITOR: Words(zh="审计员", en="auditors"),
    Role.ADMIN: Words(zh="系统管理员", en="administrators"),
}
REALM = 'Bearer realm="gridcase"'
NO_ISSUER = Words(
    en="Nobody can sign in here: GRIDCASE_ISSUER names no issuer. Set it to the address of your OIDC issuer.",
    zh="此处无法登录：未设置 GRIDCASE_ISSUER。请将其设为 OIDC 签发方的地址。",
)
SIGN_IN = Words(
    en="Sign in: send a token as `Authorization: Bearer ...`, or your report's key as `Gridcase-Key`.",
    zh="请先登录：以 Authorization: Bearer 发送令牌，或以 Gridcase-Key 发送上报回执中的密钥。",
)


def not_signed_in(issuer: str) -> Problem:
    """Return a 401 that says how to sign in, or what is to be set before anybody can."""
    words = SIGN_IN if issuer else NO_ISSUER
    return problem(401, words.en, words.zh, headers={"WWW-Authenticate": REALM})


def not_verified(why: Unverified) -> Problem:
    """Return a 401 that says what is wrong with the token (RFC 6750)."""
    told = why.en.encode("ascii", "replace").decode().replace("\\", "").replace('"', "'")
    header = f'{REALM}, error="invalid_token", error_description="{told}"'
    return problem(401, why.en, why.zh, headers={"WWW-Authenticate": header})


def keys_away() -> Problem:
    return problem(
        503,
        "The issuer's keys cannot be had, so no token can be verified. Ask again.",
        "无法获取签发方的密钥，暂时不能验证令牌，请稍后重试。",
        headers={"Retry-After": "5"},
    )


def not_allowed(action: str, row: Row) -> Problem:
    """Return a 403 that names the action and the roles that may do it."""
    en, zh = named(row.reach.keys())
    header = f'{REALM}, error="insufficient_scope"'
    return problem(403, f"{action} is for {en}.", f"{action} 只限{zh}。", headers={"WWW-Authenticate": header})


def not_here(action: str, row: Row) -> Problem:
    """Return a 403 for a role that may, but not with this case."""
    en, zh = named(row.reach.keys())
    return problem(
        403,
        f"{action} is for {en}, and you are not one of them for this case.",
        f"{action} 只限{zh}，而此案件不在您的范围内。",
        headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope"'},
    )


def not_there(what: str) -> Problem:
    """Return the 404 that somebody gets who may not even see it: the same as if there were nothing."""
    return problem(404, f"There is no case {what}.", f"没有编号为 {what} 的案件。")


def gone_elsewhere(case: Case) -> Problem:
    """Return the 409 for somebody who was asked to take the case, and has it no more."""
    return problem(409, "This task is with somebody else.", "该任务由其他人员负责。", case=case)


def wrong_key() -> Problem:
    return problem(
        403,
        "This key is not of this case, nor of one that was joined to it. It stands in the answer to your report.",
        "该密钥不属于此案件或并入此案件的上报，请查看上报回执。",
    )


def too_often(seconds: int) -> Problem:
    return problem(
        429,
        f"Too many requests; the next one is taken in {seconds} s.",
        f"请求过于频繁，请在 {seconds} 秒后重试。",
        headers={"Retry-After": str(seconds)},
    )


def named(roles: Collection[Role]) -> tuple[str, str]:
    words = [ROLES[role] for role in Role if role in roles]
    return ", ".join(one.en for one in words), "、".join(one.zh for one in words)
