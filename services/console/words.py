"""What the console calls things, in Chinese and English."""

from datetime import datetime
from typing import Literal

from shared.case import Status
from shared.city import City, Role, Words
from shared.terms import Grade

Lang = Literal["zh", "en"]

STATUSES: dict[Status, Words] = {
    Status.UNKNOWN: Words(zh="未知", en="unknown"),
    Status.REPORTED: Words(zh="已上报", en="reported"),
    Status.TRIAGED: Words(zh="待派遣", en="to be assigned"),
    Status.ASSIGNED: Words(zh="待接单", en="offered"),
    Status.ACCEPTED: Words(zh="已接单", en="accepted"),
    Status.WORKING: Words(zh="处置中", en="being worked on"),
    Status.PAUSED: Words(zh="挂账", en="paused"),
    Status.COMPLETED: Words(zh="待核查", en="done, to be checked"),
    Status.CLOSED: Words(zh="已结案", en="closed"),
    Status.MERGED: Words(zh="已合并", en="merged"),
    Status.REJECTED: Words(zh="不予受理", en="rejected"),
    Status.WITHDRAWN: Words(zh="已撤回", en="withdrawn"),
}
GRADES: dict[Grade, Words] = {
    Grade.EMERGENCY: Words(zh="突发", en="emergency"),
    Grade.URGENT: Words(zh="紧急", en="urgent"),
    Grade.NORMAL: Words(zh="一般", en="normal"),
    Grade.SERVICE: Words(zh="服务", en="service"),
}
MEASURES: dict[str, Words] = {
    "assignment": Words(zh="派遣", en="assignment"),
    "acceptance": Words(zh="接单", en="acceptance"),
    "response": Words(zh="响应", en="response"),
    "resolution": Words(zh="解决", en="resolution"),
}
STAGES: dict[str, Words] = {
    "verify": Words(zh="核实", en="look before filing"),
    "accept": Words(zh="受理立案", en="filing"),
    "dispatch": Words(zh="立案至派遣", en="filing to assignment"),
    "handle": Words(zh="处置", en="handling"),
    "check": Words(zh="核查", en="check of the result"),
}
CHANNELS: dict[str, Words] = {
    "chat": Words(zh="微信群", en="chat"),
    "phone": Words(zh="电话", en="telephone"),
    "web": Words(zh="网页", en="web"),
    "app": Words(zh="手机应用", en="app"),
    "sms": Words(zh="短信", en="text message"),
    "email": Words(zh="电子邮件", en="e-mail"),
    "desk": Words(zh="窗口", en="service desk"),
    "visit": Words(zh="走访", en="visit"),
    "patrol": Words(zh="巡查", en="patrol"),
    "open311": Words(zh="Open311 接口", en="Open311"),
    "system": Words(zh="系统计划", en="scheduled by the system"),
    "import": Words(zh="批量导入", en="bulk import"),
}
SPEAKERS: dict[str, Words] = {
    "resident": Words(zh="居民", en="resident"),
    "reporter": Words(zh="上报人", en="reporter"),
    "intake": Words(zh="受理系统", en="intake"),
    "triage": Words(zh="分类规则", en="triage rules"),
    "dispatch": Words(zh="派遣规则", en="dispatch rules"),
    "closure": Words(zh="结案规则", en="closure rules"),
}
ROLES: dict[Role, Words] = {
    Role.GRID_WORKER: Words(zh="网格员", en="grid worker"),
    Role.BUILDING_HEAD: Words(zh="楼栋长", en="building head"),
    Role.UNIT_WORKER: Words(zh="处置人员", en="unit worker"),
    Role.UNIT_HEAD: Words(zh="部门负责人", en="unit head"),
    Role.DUTY_OFFICER: Words(zh="值班长", en="duty officer"),
    Role.OPERATOR: Words(zh="坐席员", en="operator"),
    Role.MEDIATOR: Words(zh="调解员", en="mediator"),
    Role.VOLUNTEER: Words(zh="志愿者", en="volunteer"),
    Role.LEADER: Words(zh="负责人", en="leader"),
}
WITHOUT_A_POST = ("resident:", "reporter:")  # a resident who signed in, and one who sent the key of a report
NOT_PLACED = Words(zh="尚未确定", en="not placed yet")
SOMEBODY = Words(zh="工作人员", en="staff")


def say(words: Words, lang: Lang) -> str:
    return words.zh if lang == "zh" else words.en


def name_of(kind: str, value: str | None, city: City, lang: Lang) -> str:
    """Return what people call a category, group, grade, department, grid or status; its code if the city has no name for it."""
    if not value:
        return say(NOT_PLACED, lang)
    words = names(kind, city).get(value)
    return say(words, lang) if words else value


def names(kind: str, city: City) -> dict[str, Words]:
    """Return the names of all values of a kind."""
    match kind:
        case "grade":
            return {str(grade): words for grade, words in GRADES.items()}
        case "status":
            return {str(status): words for status, words in STATUSES.items()}
        case "group":
            return dict(city.groups)
        case "category":
            return {code: category.name for code, category in city.categories.items()}
        case "department":
            return {id: department.name for id, department in city.departments.items()}
        case "grid":
            return {id: grid.name for id, grid in city.grids.items()}
        case "community" | "street" | "county":
            return {id: area.name for id, area in city.areas.items()}
        case "month":
            return {}
        case _:
            raise ValueError(f"nothing is called a {kind}")


def who(by: str, city: City, lang: Lang) -> str:
    """Return the role in which somebody spoke; a name is never known here."""
    speaker = SPEAKERS.get(by.partition(":")[0] if by.startswith(WITHOUT_A_POST) else by)
    if speaker is not None:
        return say(speaker, lang)
    person = city.staff.get(by)
    return say(ROLES[person.role] if person else SOMEBODY, lang)


def when(at: datetime | None, city: City) -> str:
    """Return the time on the clocks of the city."""
    return city.local(at).strftime("%Y-%m-%d %H:%M") if at else "—"


def how_long(seconds: float | None, lang: Lang) -> str:
    """Return a length of time as people say it, in its largest fitting unit."""
    if seconds is None:
        return "—"
    units = ((86_400.0, "天", "d"), (3_600.0, "小时", "h"), (60.0, "分钟", "min"), (1.0, "秒", "s"))
    size, zh, en = next((unit for unit in units if seconds >= unit[0]), units[-1])
    amount = f"{seconds / size:.1f}".removesuffix(".0") if size > 1 else f"{seconds:.0f}"
    return f"{amount} {zh if lang == 'zh' else en}"
