// A sheet is what a panel shows, as rows and columns: the table, its CSV file and the links to the cases are made from the same one.
// {name, title, columns: [{id, name, kind, define?}], rows: [{key, name, cells: [{value, shown?, parts?, list?, bar?}]}]}
import { el, number, t } from "/static/core.js";
import { defined } from "/static/wall-define.js";
import { linked } from "/static/wall-links.js";
import { shown, UNITS } from "/static/wall-figures.js";

const FORMULA = /^[=+\-@\t\r]/; // a cell that begins so would be computed by a spreadsheet

export function tableOf(sheet, label = sheet.title) {
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, sheet.first || t("Name")),
    ...sheet.columns.map((column) => el(
      "th",
      { scope: "col", class: NUMERIC.has(column.kind) ? "n" : null, "data-column": column.id },
      defined(column.define, column.name),
    )),
  );
  const rows = sheet.rows.map((row) => el(
    "tr",
    {},
    el("th", { scope: "row" }, row.shown ?? (row.to ? linked(row.to, row.name) : row.name)),
    ...row.cells.map((cell, at) => tableCell(cell, sheet.columns[at])),
  ));
  return el(
    "div",
    { class: "wide", role: "region", tabindex: "0", "aria-label": label },
    el("table", {}, el("thead", {}, head), el("tbody", {}, rows)),
  );
}
const NUMERIC = new Set(["cases", "time", "share"]);

function tableCell(cell, column) {
  const text = cell.shown ?? (NUMERIC.has(column.kind) ? shown(column.kind, cell.value) : cell.value ?? "—");
  const inside = [cell.list && cell.value !== null && cell.value !== 0 ? linked(cell.list, text) : text];
  if (cell.parts) inside.push(el("small", {}, t("{n} of {all}", { n: number(cell.parts[0]), all: number(cell.parts[1]) })));
  if (cell.bar !== undefined) inside.splice(0, 1, bar(cell), el("span", { class: "beside" }, inside[0]));
  const kinds = [NUMERIC.has(column.kind) && "n", cell.value === null && "none", column.id === "overdue" && cell.value > 0 && "late"];
  return el("td", { class: kinds.filter(Boolean).join(" ") || null, "data-column": column.id }, inside);
}

// A bar for a number among the others; `late` is the part of it that is overdue.
function bar({ bar: width, late = 0 }) {
  const [all, part] = [el("i", {}), el("i", { class: "part" })];
  all.hidden = width === 0;
  all.style.width = `${width * 100}%`;
  part.style.width = `${late * 100}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, all, part);
}

// -- files for spreadsheets: values as they are, seconds and shares unrounded

function lines(sheet) {
  const heads = sheet.columns.flatMap((column) => [
    `${column.name}${UNITS[column.kind] ? ` (${UNITS[column.kind]()})` : ""}`,
    ...(column.parts ? [`${column.name}: ${t("numerator")}`, `${column.name}: ${t("denominator")}`] : []),
  ]);
  const rows = sheet.rows.map((row) => [
    row.key ?? "",
    row.name,
    ...row.cells.flatMap((cell, at) => [cell.value ?? "", ...(sheet.columns[at].parts ? cell.parts || ["", ""] : [])]),
  ]);
  return [[t("Key"), sheet.first || t("Name"), ...heads], ...rows];
}

function quoted(value) {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// Hands out sheets as one file; several follow one another, each under its title.
export function download(sheets, name) {
  const table = sheets.length === 1 ? lines(sheets[0]) : sheets.flatMap((sheet) => [[sheet.title], ...lines(sheet), []]);
  const content = `\ufeff${table.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;
  const url = URL.createObjectURL(new Blob([content], { type: "text/csv" }));
  el("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
