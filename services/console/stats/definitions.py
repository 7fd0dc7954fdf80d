"""What each figure is, in the words that people read; every answer links to them, and `docs/stats.md` is made from them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.console.words import Lang, say
from shared.city import Words

Unit = Literal["cases", "seconds", "share", "rule"]
AT = "/api/stats/definitions"


class Definition(BaseModel):
    """What a figure counts or measures, and in what unit; a `rule` holds for several figures."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [
        {"figure": "open", "unit": "cases", "name": "open", "text": "Cases to whose reporters the city still owes something: ..."}
    ]})  # fmt: skip

    figure: str = Field(description="The figure's place in an answer, with dots")
    unit: Unit
    name: str
    text: str


class Defined(BaseModel):
    """A definition in both languages."""

    model_config = ConfigDict(frozen=True)

    unit: Unit
    name: Words
    text: Words

    def told(self, figure: str, lang: Lang) -> Definition:
        return Definition(figure=figure, unit=self.unit, name=say(self.name, lang), text=say(self.text, lang))


def cases(zh: str, en: str, zh_text: str, en_text: str) -> Defined:
    return Defined(unit="cases", name=Words(zh=zh, en=en), text=Words(zh=zh_text, en=en_text))


def time(zh: str, en: str, zh_text: str, en_text: str) -> Defined:
    return Defined(unit="seconds", name=Words(zh=zh, en=en), text=Words(zh=zh_text, en=en_text))


def share(zh: str, en: str, zh_text: str, en_text: str) -> Defined:
    return Defined(unit="share", name=Words(zh=zh, en=en), text=Words(zh=zh_text, en=en_text))


def rule(zh: str, en: str, zh_text: str, en_text: str) -> Defined:
    return Defined(unit="rule", name=Words(zh=zh, en=en), text=Words(zh=zh_text, en=en_text))


DEFINITIONS: dict[str, Defined] = {
    "reported": cases("上报", "reported", "全部上报过的案件，每案一次。", "All cases that were ever reported, each once."),
    "open": cases(
        "未结",
        "open",
        "市里仍欠居民答复的案件：已上报、待派遣、待接单、已接单、处置中、挂账、待核查。",
        "Cases in which the city still owes the resident something: reported, to be assigned, offered, accepted, being worked on, paused, "
        "done but to be checked.",
    ),
    "overdue": cases("超期", "overdue", "未结且已错过当前期限的案件。", "Open, and the present deadline was missed."),
    "closed": cases("结案", "closed", "现为结案状态的案件；重开的不再算。", "Cases that are closed now; one that was reopened is not."),
    "merged": cases("合并", "merged", "并入另一案件的案件，既非未结也非结案。", "Merged into another case; neither open nor closed."),
    "rejected": cases("不予受理", "rejected", "不予受理的案件，既非未结也非结案。", "Not taken on; neither open nor closed."),
    "withdrawn": cases("撤回", "withdrawn", "由上报人撤回，既非未结也非结案。", "Withdrawn by the reporter; neither open nor closed."),
    "times.assignment": time("派遣用时", "assignment", "从上报到首次派遣给人。", "From the report to the first assignment to a person."),
    "times.acceptance": time(
        "接单用时", "acceptance", "从首次派遣到首次接单。", "From the first assignment to the first acceptance by a named handler."
    ),
    "times.response": time(
        "响应用时",
        "response",
        "从上报到责任人首次接单。",
        "From the report to the first acceptance by a named handler, who answers for it from then on.",
    ),
    "times.resolution": time(
        "解决用时",
        "resolution",
        "从上报到据以结案的完工；每次结案各计一次，重开后时间更长。",
        "From the report to the completion that led to closing, counted at each closing; a reopening makes it longer.",
    ),
    "stages.verify": time("核实", "look before filing", "从上报到核实人反馈。", "From the report to the word of somebody who looked."),
    "stages.accept": time("受理立案", "filing", "从上报到立案。", "From the report to its filing."),
    "stages.dispatch": time(
        "立案至派遣",
        "filing to assignment",
        "从立案或重开到首次派遣。",
        "From the filing, or a reopening, to the first offer to a named handler.",
    ),
    "stages.handle": time(
        "处置",
        "handling",
        "从立案或重开到每次完工；核查不通过时继续计时。",
        "From the filing, or a reopening, to each completion; after a failed check it goes on as if it had never stopped.",
    ),
    "stages.check": time(
        "核查",
        "check of the result",
        "从完工到核查结论，无论通过与否。",
        "From the completion to the word of somebody who looked, good or bad.",
    ),
    "rates.response": share(
        "响应率",
        "response rate",
        "应评案件中，单位在首次反馈期限内联系过居民的比例。",
        "Assessed rounds in which the unit contacted the resident in time, divided by assessed rounds. A round runs from the filing or a "
        "reopening to the next reopening; it is assessed once the resident was contacted, the work is done, or the deadline was missed.",
    ),
    "rates.resolution": share(
        "解决率",
        "resolution rate",
        "回访或居民评价中答“已解决”的比例，每轮取最后一次有效意见。",
        "Residents who said that it is solved, divided by those who said whether it is; the last voice of each round, from a call-back or "
        "the resident's own rating, never the handler's.",
    ),
    "rates.satisfaction": share(
        "满意率",
        "satisfaction rate",
        "回访或评价中表示满意（五分制四分及以上）的比例。",
        "Residents who said that they are satisfied (4 or 5 of 5), divided by those who said whether they are.",
    ),
    "rates.answer": share(
        "响应率（接单计入）",
        "response rate, accepting included",
        "同响应率，但按时接单也算。",
        "As the response rate; accepting the case in time counts as well.",
    ),
    "rates.finishing": share(
        "按时办结率",
        "finished in time",
        "当前期限内完工的轮次占已到期或已完工轮次的比例。",
        "Rounds done by the deadline that held then, divided by rounds that are done or missed it.",
    ),
    "rates.finishing_first": share(
        "按首次期限办结率",
        "finished by the first deadline",
        "同上，按首次期限计。",
        "The same by the first deadline, before any extension.",
    ),
    "rates.call_back": share(
        "回访满意率", "satisfied when called back", "仅计电话回访的满意率。", "The satisfaction rate of call-backs alone."
    ),
    "composite": share(
        "综合",
        "composite",
        "三率按时间范围最后一天所在月份的权重加权；任一率无值则无值。",
        "The three rates, weighed by the weights of the month of the period's last day; no value if one of them has none.",
    ),
    "quantiles": rule(
        "分位数",
        "quantiles",
        "p50、p90、p99：半数、九成、九成九的用时不超过的自然秒数，误差不超过 5%（与 /totals 相同的分组）；无数据为空。",
        "p50, p90, p99: natural seconds that half, nine tenths and 99 hundredths of the times do not exceed, within 5 % (the buckets of "
        "/totals); null while nothing was measured.",
    ),
    "period": rule(
        "时间范围",
        "period",
        "案件及其用时按上报时间（或 when=closed 按结案时间）归入；率按轮次开始时间、居民意见按所评完工时间归入，与 /rates 一致。",
        "Cases and their times belong to the time of the report (with when=closed: of the closing); rates to the beginning of the round, "
        "and what residents say to the completion that it is about, as in /rates. Periods hold whole seconds.",
    ),
    "place": rule(
        "归属",
        "place",
        "案件及其用时按现在的类型、级别、部门、网格归属；已重开的旧轮次的率留在当时的归属。",
        "A case and its times count under its present type, grade, department and grid; the rates of a round that a reopening ended stay "
        "where they were then.",
    ),
    "confidential": rule(
        "保密案件",
        "confidential cases",
        "保密案件计入各项总数；但若回答同时区分“什么事”（类型、大类、部门）与“在哪里”（网格、社区、街道），则全部不计，以免推知当事人。",
        "Confidential cases count in every figure, except where an answer tells both what a case is about (type, group, department) and "
        "where (grid, community, street): there they are all left out, for a small number could say who it is about.",
    ),
}
LINKS: dict[str, str] = {figure: f"{AT}/{figure}" for figure in DEFINITIONS}
RATES = tuple(figure.removeprefix("rates.") for figure in DEFINITIONS if figure.startswith("rates."))


def definitions(lang: Lang) -> list[Definition]:
    return [defined.told(figure, lang) for figure, defined in DEFINITIONS.items()]
