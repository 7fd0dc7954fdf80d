"""The history of a case in plain words: one sentence an event, in Chinese and English."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.console.search import IS_HAN
from services.console.words import CHANNELS, Lang, name_of, say, when, who
from shared.city import City, Words

SENTENCES: dict[str, Words] = {
    "case.reported": Words(zh="上报（{channel}）：{text}", en="Reported ({channel}): {text}"),
    "case.supplemented": Words(zh="补充：{text}", en="Added: {text}"),
    "case.withdrawn": Words(zh="撤回：{reason}", en="Withdrawn: {reason}"),
    "verification.requested": Words(
        zh="看似{category}，请{verifier}在 {verify_by} 前到场核实：{reason}",
        en="It looks like {category}; the {verifier} is asked to look by {verify_by}: {reason}",
    ),
    "report.verified": Words(zh="核实属实：{reason}", en="It is so, somebody looked: {reason}"),
    "case.triaged": Words(
        zh="归类为{category}（{grade}），由{department}负责，期限 {resolve_by}：{reason}",
        en="Classified as {category} ({grade}), for {department}, due {resolve_by}: {reason}",
    ),
    "case.reclassified": Words(
        zh="更正为{category}（{grade}），由{department}负责，期限 {resolve_by}：{reason}",
        en="Corrected to {category} ({grade}), for {department}, due {resolve_by}: {reason}",
    ),
    "case.rejected": Words(zh="不予受理：{reason}", en="Rejected: {reason}"),
    "case.merged": Words(zh="并入案件 {into}：{reason}", en="Merged into case {into}: {reason}"),
    "case.separated": Words(zh="取消合并，恢复办理：{reason}", en="Not the same after all, goes on by itself: {reason}"),
    "case.parted": Words(zh="案件 {follower} 不再并入本案", en="Case {follower} is a case of its own again"),
    "case.joined": Words(zh="案件 {follower} 并入本案", en="Case {follower} was merged into this one"),
    "case.revived": Words(zh="因其他上报人仍在等待，案件继续", en="Goes on, because others who reported it still wait"),
    "case.assigned": Words(
        zh="派给{assignee}，请在 {answer_by} 前答复：{reason}", en="Offered to the {assignee}, answer by {answer_by}: {reason}"
    ),
    "assignment.accepted": Words(zh="接单", en="Accepted"),
    "assignment.declined": Words(zh="退回：{reason}", en="Declined: {reason}"),
    "assignment.expired": Words(zh="逾时未答复", en="Not answered in time"),
    "case.returned": Words(zh="接单后退回：{reason}", en="Given back: {reason}"),
    "appeal.made": Words(zh="处置人申诉：{reason}", en="The handler appeals: {reason}"),
    "appeal.decided": Words(zh="申诉{upheld}：{reason}", en="The appeal is {upheld}: {reason}"),
    "resident.contacted": Words(zh="已联系居民（{how}）：{text}", en="Spoke with the resident ({how}): {text}"),
    "work.started": Words(zh="开始处置", en="Work started"),
    "work.paused": Words(
        zh="挂账，{look_again_at} 再查：{reason}（{approved_by}批准）",
        en="Paused until a look at {look_again_at}: {reason} (approved by the {approved_by})",
    ),
    "work.resumed": Words(zh="恢复处置，新期限 {resolve_by}", en="Work goes on, now due {resolve_by}"),
    "work.completed": Words(zh="处置完成：{outcome}", en="Done: {outcome}"),
    "case.transferred": Words(zh="转交{department}：{reason}", en="Transferred to {department}: {reason}"),
    "case.escalated": Words(zh="上报至{level}：{reason}", en="Brought to the notice of {level}: {reason}"),
    "reminder.sent": Words(
        zh="催办：{deadline} 到期的时限已用 {share}，提醒{to}", en="Reminder: {share} of the time until {deadline} is used up; to {to}"
    ),
    "delay.explained": Words(zh="说明延误原因：{text}", en="Why it takes so long: {text}"),
    "deadline.corrected": Words(
        zh="日历更正，响应期限 {respond_by}，办结期限 {resolve_by}：{reason}",
        en="The calendar was corrected: an answer is due {respond_by}, the work {resolve_by}: {reason}",
    ),
    "deadline.missed": Words(zh="超过{which}期限 {deadline}", en="Missed the deadline for {which}, {deadline}"),
    "deadline.extended": Words(
        zh="延期至 {resolve_by}：{reason}（{approved_by}批准）",
        en="Deadline moved to {resolve_by}: {reason} (approved by the {approved_by})",
    ),
    "note.added": Words(zh="备注：{text}", en="Note: {text}"),
    "resolution.verified": Words(zh="核查通过：{reason}", en="Result confirmed: {reason}"),
    "resolution.rejected": Words(zh="核查未通过，返工：{reason}", en="Check failed, back to work: {reason}"),
    "case.closed": Words(zh="结案：{outcome}", en="Closed: {outcome}"),
    "outcome.published": Words(zh="公示：{text}", en="Published: {text}"),
    "standing.published": Words(zh="公示办理进展：{text}", en="How it stands was published: {text}"),
    "callback.recorded": Words(
        zh="回访已接通：{solved}，{satisfied}。{comment}", en="Called back and reached: {solved}, {satisfied}. {comment}"
    ),
    "objection.decided": Words(zh="对异议作出裁定，维持结案：{reason}", en="Stays closed in spite of the objection: {reason}"),
    "remedy.decided": Words(
        zh="会议决定由{handler}在 {remedy_by} 前根治：{text}", en="A meeting decided that the {handler} remedies it by {remedy_by}: {text}"
    ),
    "case.rated": Words(zh="评价：{solved}，{score} 分。{comment}", en="Rated: {solved}, {score} of 5. {comment}"),
    "case.reopened": Words(zh="重开，新期限 {resolve_by}：{reason}", en="Reopened, now due {resolve_by}: {reason}"),
}
RECEIVED: dict[str, Words] = {
    "respond": Words(zh="响应", en="an answer"),
    "resolve": Words(zh="办结", en="the work"),
    "dispatch": Words(zh="派遣", en="finding somebody"),
    "check": Words(zh="核查", en="a check of the result"),
}
SOLVED = {True: Words(zh="已解决", en="solved"), False: Words(zh="未解决", en="not solved")}
SATISFIED = {True: Words(zh="满意", en="satisfied"), False: Words(zh="不满意", en="not satisfied")}
UNREACHED = Words(zh="回访未接通。{comment}", en="Called back, but not reached. {comment}")
UPHELD = {True: Words(zh="成立", en="upheld"), False: Words(zh="不成立", en="dismissed")}
NOT_SAID = Words(zh="未表态", en="nothing said")
LATE = Words(zh="（补录）", en=" (entered afterwards)")
LATE_FROM = Words(zh="（补录，实际时间 {at}）", en=" (entered afterwards, happened {at})")
REPEATED = Words(zh="（重复，未生效）", en=" (said again, without effect)")
TOO_LATE = Words(zh="（未生效）", en=" (without effect: the case had moved on)")

SERVICES = frozenset({"intake", "triage", "dispatch", "closure"})  # which give reasons in both languages
BOTH = " / "  # stands between the two languages of what services give as a reason

Speak = Callable[[Any, City, Lang], str]


def at(value: Any, city: City, lang: Lang) -> str:
    return when(datetime.fromisoformat(value), city)


def role(value: Any, city: City, lang: Lang) -> str:
    return who(value, city, lang)


def roles(value: Any, city: City, lang: Lang) -> str:
    """Return the roles of several people, each role once."""
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys(who(by, city, lang) for by in value))


def handler(value: Any, city: City, lang: Lang) -> str:
    """Return the name of a department, or the role of a person."""
    return name_of("department", value, city, lang) if value in city.departments else who(value, city, lang)


def reason(value: Any, city: City, lang: Lang) -> str:
    """Return a reason in its own words, or the name of a reason from the city's list."""
    return say(city.pause_reasons[value], lang) if value in city.pause_reasons else str(value)


def in_one(text: str, lang: Lang) -> str:
    """Return the half in the reader's language of what a service says in both, as "nearest / 最近"; any other text as it is.

    Either half may quote somebody: the Chinese one is that with the larger share of Chinese characters.
    """
    halves = sorted(text.split(BOTH), key=chinese)
    if len(halves) != 2 or chinese(halves[0]) == chinese(halves[1]):
        return text
    return halves[1] if lang == "zh" else halves[0]


def chinese(text: str) -> float:
    """Return the share of Chinese characters in all letters of a text."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(bool(IS_HAN.match(letter)) for letter in letters) / len(letters) if letters else 0.0


def way(value: Any, city: City, lang: Lang) -> str:
    """Return the name of the way by which somebody reported or was spoken with, or what it is called by whoever used it."""
    return say(CHANNELS[value], lang) if value in CHANNELS else str(value)


SPOKEN: dict[str, Speak] = {
    "reason": reason,
    "channel": way,
    "how": way,
    "category": lambda value, city, lang: name_of("category", value, city, lang),
    "grade": lambda value, city, lang: name_of("grade", value, city, lang),
    "department": lambda value, city, lang: name_of("department", value, city, lang),
    "level": lambda value, city, lang: say(city.level_name(value), lang),
    "which": lambda value, city, lang: say(RECEIVED[value], lang),
    "solved": lambda value, city, lang: say(SOLVED[value], lang),
    "satisfied": lambda value, city, lang: say(SATISFIED[value], lang),
    "upheld": lambda value, city, lang: say(UPHELD[value], lang),
    "share": lambda value, city, lang: f"{value:.0%}",
    "verify_by": at,
    "respond_by": at,
    "remedy_by": at,
    "answer_by": at,
    "resolve_by": at,
    "look_again_at": at,
    "deadline": at,
    "assignee": role,
    "approved_by": role,
    "verifier": role,
    "handler": handler,
    "to": roles,
}


class Told(dict[str, Any]):
    """What a fact says; what it may leave unsaid is said to be so."""

    def __init__(self, said: dict[str, Any], lang: Lang) -> None:
        super().__init__(said)
        self.lang = lang

    def __missing__(self, name: str) -> str:
        return say(NOT_SAID, self.lang)


def sentence(row: dict[str, Any], city: City, lang: Lang) -> str:
    """Return what a row of the timeline says; a late entry with its true time."""
    facts = {**row["facts"].get("classification", {}), **row["facts"]}
    spoken = {name: SPOKEN[name](value, city, lang) if name in SPOKEN else value for name, value in facts.items()}
    if "reason" in spoken and (row.get("by") in SERVICES or row.get("late")):  # what is entered afterwards is partly worded by dispatch
        spoken["reason"] = in_one(spoken["reason"], lang)
    words = UNREACHED if facts.get("reached") is False else SENTENCES[row["type"]]
    told = say(words, lang).format_map(Told(spoken, lang)).strip() + lateness(row, city, lang)
    if row["effective"]:
        return told
    return told + say(REPEATED if row["repeated"] else TOO_LATE, lang)


def lateness(row: dict[str, Any], city: City, lang: Lang) -> str:
    """Return that a fact was entered after it happened, and when that was if it was told under a later time."""
    if true_at := row.get("true_at"):
        return say(LATE_FROM, lang).format(at=at(true_at, city, lang))
    return say(LATE, lang) if row.get("late") else ""
