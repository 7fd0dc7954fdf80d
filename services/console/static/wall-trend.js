// The trend: what came, was closed and is late by day, week or month, how long it took, or the three rates.
import { el, lang, now, own, t } from "/static/core.js";
import { dayOf, query, seesCases, span } from "/static/wall-asked.js";
import { FIGURES, RATES, shown, step, TIMES } from "/static/wall-figures.js";
import { listOf } from "/static/wall-links.js";
import { segments } from "/static/wall-panel.js";
import { go } from "/static/wall-go.js";

const SHOWN = { cases: ["reported", "closed", "overdue"], times: TIMES, rates: RATES };
const LENGTH = { day: 86400, week: 7 * 86400, month: 30 * 86400 };
const FEWEST = 7; // points; of a shorter period those before it are shown as well, of a longer one not those before the first case
const MOST = 190;
const HEAD = { reported: () => t("Reported"), closed: () => t("Closed"), overdue: () => t("of these, overdue now") };
const name = (id) => (HEAD[id] || FIGURES[id].name)();

export async function ask(state) {
  const { after, before } = span(state);
  const size = LENGTH[state.every] || LENGTH.day;
  const points = after === null ? 0 : ((before ?? now()) - after) / size;
  const whole = points >= FEWEST && points <= MOST;
  const series = (when) => own(`/api/stats/series${query(state, { every: state.every, when, before, after: whole ? after : null })}`);
  const [came, gone] = await Promise.all([series("reported"), series("closed")]);
  const items = came.items.map((item, at) => ({ ...item, figures: { ...item.figures, closed: gone.items[at]?.figures.closed ?? 0 } }));
  const first = items.findIndex(({ figures }) => figures.reported || figures.closed || figures.rates.some((one) => one.denominator));
  return {
    every: state.every,
    left_out: came.about.confidential === "left_out",
    items: items.slice(Math.max(0, Math.min(first, items.length - FEWEST))),
  };
}

export function sheet(told, state) {
  const ids = SHOWN[state.trend] || SHOWN.cases;
  const cell = (id, item) => ({
    ...FIGURES[id].of(item.figures),
    list: listOf(FIGURES[id].list, {}, { after: Date.parse(item.after) / 1000, before: Date.parse(item.before) / 1000 }),
  });
  return {
    name: `trend-${told.every}`, title: t("Trend"), first: EVERY[told.every](),
    columns: ids.map((id) => ({ id, name: name(id), kind: FIGURES[id].kind, define: FIGURES[id].define, parts: id.endsWith("rate") })),
    rows: told.items.map((item) => ({ key: item.after, name: label(item.after, told.every), cells: ids.map((id) => cell(id, item)) })),
  };
}
const EVERY = { day: () => t("Day"), week: () => t("Week from"), month: () => t("Month") };

function label(time, every) {
  const day = new Date(`${dayOf(Date.parse(time) / 1000)}T00:00:00Z`);
  const how = every === "month" ? { year: "numeric", month: "short" } : { month: "short", day: "numeric" };
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { timeZone: "UTC", ...how }).format(day);
}

export function tools(state) {
  return [
    segments(
      t("What is shown"),
      [["cases", t("Cases")], ["times", t("Times")], ["rates", t("Rates")]],
      state.trend,
      (trend) => go({ trend }),
    ),
    segments(t("By what time"), [["day", t("Day")], ["week", t("Week")], ["month", t("Month")]], state.every, (every) => go({ every })),
  ];
}

// -- the chart; its library is only fetched when there is something to draw

let chart = null;
export async function draw(box, told, state, made) {
  const { echarts } = await import("/assets/echarts/index.js");
  if (!chart) {
    const canvas = el("div", { class: "chart", role: "img" });
    box.replaceChildren(canvas);
    chart = echarts.init(canvas, null, { renderer: "canvas" });
    new ResizeObserver(() => chart.resize()).observe(canvas);
    chart.on("click", ({ dataIndex, seriesIndex }) => follow(dataIndex, seriesIndex));
    chart.getZr().on(
      "mousemove",
      (event) => chart.getZr().setCursorStyle(chart.containPixel("grid", [event.offsetX, event.offsetY]) ? "pointer" : "default"),
    );
  }
  chart.made = made;
  chart.getDom().setAttribute(
    "aria-label",
    t("Trend of {names}; the same is in the table.", { names: made.columns.map((column) => column.name).join(", ") }),
  );
  chart.setOption(options(made), { notMerge: true });
}

function follow(row, column) {
  const list = chart.made.rows[row]?.cells[column]?.list;
  if (list && seesCases) go({ list });
}

function options(made) {
  const style = getComputedStyle(document.body);
  const token = (one) => style.getPropertyValue(`--${one}`).trim();
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = { fontFamily: style.fontFamily, fontSize: size * 0.8, color: token("soft") };
  const [{ kind }] = made.columns;
  const most = kind === "share" ? 1 : Math.max(1, ...made.rows.flatMap((row) => row.cells.map((cell) => cell.value || 0)));
  const unit = step(kind, most, 5);
  const lines = made.columns.map((column, at) => ({
    name: column.name, data: made.rows.map((row) => row.cells[at].value),
    ...(kind === "cases" ? COUNTS[column.id](token) : {
      type: "line",
      connectNulls: true,
      color: token(COLOURS[at]),
      lineStyle: { width: 2.5, type: at % 2 && kind === "time" ? "dashed" : "solid" },
    }),
    symbol: "circle", symbolSize: made.rows.length > 45 ? 0 : size * 0.45,
  }));
  return {
    animation: false, textStyle: font, aria: { enabled: true, label: { enabled: false }, decal: { show: false } }, series: lines,
    legend: { top: 0, left: 0, itemGap: size, itemWidth: size * 1.6, itemHeight: size * 0.6, textStyle: { ...font, color: token("ink") } },
    grid: { left: 4, right: 12, top: size * 2.4, bottom: 2, containLabel: true },
    xAxis: {
      type: "category",
      data: made.rows.map((row) => row.name),
      axisLabel: { ...font, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("line") } },
    },
    yAxis: {
      type: "value",
      minInterval: kind === "cases" ? 1 : undefined,
      max: { share: 1, time: Math.ceil(most / unit) * unit }[kind],
      axisLabel: { ...font, formatter: (value) => shown(kind, value) },
      splitLine: { lineStyle: { color: token("line") } },
      interval: kind === "cases" ? undefined : unit,
    },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: token("raised"),
      borderColor: token("line"),
      textStyle: { ...font, color: token("ink") },
      axisPointer: { type: kind === "cases" ? "shadow" : "line", shadowStyle: { color: token("rail"), opacity: 0.5 } },
      valueFormatter: (value) => shown(kind, value),
    },
  };
}
const COLOURS = ["calm", "calm", "hot", "hot"];
const COUNTS = {
  reported: (token) => ({
    type: "bar",
    color: token("line-strong"),
    barMaxWidth: 28,
    itemStyle: { borderRadius: [3, 3, 0, 0], opacity: 0.75 },
  }),
  closed: (token) => ({ type: "line", color: token("calm"), lineStyle: { width: 2.5 } }),
  overdue: (token) => ({ type: "bar", color: token("over"), barMaxWidth: 28, barGap: "-100%", itemStyle: { borderRadius: [3, 3, 0, 0] } }),
};
addEventListener("paper", () => chart && chart.resize());
addEventListener("theme", () => chart && chart.setOption(options(chart.made), { notMerge: true }));
matchMedia("(prefers-color-scheme: dark)").addEventListener(
  "change",
  () => chart && chart.setOption(options(chart.made), { notMerge: true }),
);
