"""The history of a case in plain words: one sentence an event, in Chinese and English."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.console.words import Lang, name_of, say, when, who
from shared.city import City, Words

SENTENCES: dict[str, Words] = {
    "case.reported": Words(zh="上报（{channel}）：{text}", en="Reported ({channel}): {text}"),
    "case.supplemented": Words(zh="补充：{text}", en="Added: {text}"),
    "case.withdrawn": Words(zh="撤回：{reason}", en="Withdrawn: {reason}"),
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
    "case.joined": Words(zh="案件 {follower} 并入本案", en="Case {follower} was merged into this one"),
    "case.revived": Words(zh="因其他上报人仍在等待，案件继续", en="Goes on, because others who reported it still wait"),
    "case.assigned": Words(
        zh="派给{assignee}，请在 {answer_by} 前答复：{reason}", en="Offered to the {assignee}, answer by {answer_by}: {reason}"
    ),
    "assignment.accepted": Words(zh="接单", en="Accepted"),
    "assignment.declined": Words(zh="退回：{reason}", en="Declined: {reason}"),
    "assignment.expired": Words(zh="逾时未答复", en="Not answered in time"),
    "work.started": Words(zh="开始处置", en="Work started"),
    "work.paused": Words(
        zh="挂账，{look_again_at} 再查：{reason}（{approved_by}批准）",
        en="Paused until a look at {look_again_at}: {reason} (approved by the {approved_by})",
    ),
    "work.resumed": Words(zh="恢复处置，新期限 {resolve_by}", en="Work goes on, now due {resolve_by}"),
    "work.completed": Words(zh="处置完成：{outcome}", en="Done: {outcome}"),
    "case.transferred": Words(zh="转交{department}：{reason}", en="Transferred to {department}: {reason}"),
    "case.escalated": Words(zh="上报至{level}：{reason}", en="Brought to the notice of {level}: {reason}"),
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
    "case.rated": Words(zh="评价：{solved}，{score} 分。{comment}", en="Rated: {solved}, {score} of 5. {comment}"),
    "case.reopened": Words(zh="重开，新期限 {resolve_by}：{reason}", en="Reopened, now due {resolve_by}: {reason}"),
}
RECEIVED: dict[str, Words] = {
    "respond": Words(zh="响应", en="an answer"),
    "resolve": Words(zh="办结", en="the work"),
}
SOLVED = {True: Words(zh="已解决", en="solved"), False: Words(zh="未解决", en="not solved")}
REPEATED = Words(zh="（重复，未生效）", en=" (said again, without effect)")
TOO_LATE = Words(zh="（未生效）", en=" (without effect: the case had moved on)")

Speak = Callable[[Any, City, Lang], str]


def at(value: Any, city: City, lang: Lang) -> str:
    return when(datetime.fromisoformat(value), city)


def role(value: Any, city: City, lang: Lang) -> str:
    return who(value, city, lang)


def reason(value: Any, city: City, lang: Lang) -> str:
    """Return a reason in its own words, or the name of a reason from the city's list."""
    return say(city.pause_reasons[value], lang) if value in city.pause_reasons else str(value)


SPOKEN: dict[str, Speak] = {
    "reason": reason,
    "category": lambda value, city, lang: name_of("category", value, city, lang),
    "grade": lambda value, city, lang: name_of("grade", value, city, lang),
    "department": lambda value, city, lang: name_of("department", value, city, lang),
    "level": lambda value, city, lang: say(city.level_name(value), lang),
    "which": lambda value, city, lang: say(RECEIVED[value], lang),
    "solved": lambda value, city, lang: say(SOLVED[value], lang),
    "answer_by": at,
    "resolve_by": at,
    "look_again_at": at,
    "deadline": at,
    "assignee": role,
    "approved_by": role,
}


def sentence(row: dict[str, Any], city: City, lang: Lang) -> str:
    """Return what a row of the timeline says."""
    facts = {**row["facts"].get("classification", {}), **row["facts"]}
    spoken = {name: SPOKEN[name](value, city, lang) if name in SPOKEN else value for name, value in facts.items()}
    told = say(SENTENCES[row["type"]], lang).format_map(spoken).strip()
    if row["effective"]:
        return told
    return told + say(REPEATED if row["repeated"] else TOO_LATE, lang)
