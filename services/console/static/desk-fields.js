// The fields of the forms of the desk: each kind makes its element and says what was chosen; nothing chosen is undefined.
import { el, now, sendPhoto, t, zone } from "/static/core.js";
import { fromWall, toWall } from "/static/desk-clock.js";
import { all, say } from "/static/desk-words.js";

const option = (value, text) => el("option", { value }, text);
const select = (options, chosen = "") => {
  const made = el("select", {}, option("", t("Please choose")), options);
  made.value = chosen ?? "";
  return made;
};
const valued = (node) => ({ node, value: () => node.value || undefined });
const byName = (kind) =>
  Object.keys(all(kind))
    .map((id) => [id, say(kind, id)])
    .sort((one, other) => one[1].localeCompare(other[1], document.documentElement.lang));

// Returns everybody of the city in groups by unit, those on duty first.
export function posts() {
  const staff = Object.entries(all("staff"));
  return byName("departments")
    .map(([unit, name]) => {
      const own = staff.filter(([, post]) => post.department === unit).sort((one, other) => other[1].on_duty - one[1].on_duty);
      return own.length
        ? el(
            "optgroup",
            { label: name },
            own.map(([id, post]) => option(id, post.on_duty ? say("staff", id) : t("{name} (off duty)", { name: say("staff", id) }))),
          )
        : null;
    })
    .filter(Boolean);
}

function categories() {
  const groups = new Map();
  for (const [code, one] of Object.entries(all("categories")))
    groups.set(one.group, [...(groups.get(one.group) || []), option(code, say("categories", code))]);
  return [...groups].map(([id, options]) => el("optgroup", { label: say("groups", id) }, options));
}

function condition(field, it, form) {
  const node = el("select", {});
  const renew = () => {
    const of = all("categories")[form.value("category")]?.conditions || {};
    node.replaceChildren(
      option("", t("By the words of the report")),
      ...Object.keys(of).map((key) => option(key, of[key][document.documentElement.lang.slice(0, 2)])),
    );
    node.value = of[field.start] ? field.start : "";
  };
  form.later(() => {
    renew();
    form.node("category").addEventListener("change", renew);
  });
  return valued(node);
}

function time(field) {
  const node = el("input", { type: "datetime-local" });
  if (field.past) node.max = toWall(now(), zone);
  else node.min = toWall(now(), zone);
  return { node, value: () => (node.value ? new Date(fromWall(node.value, zone) * 1000).toISOString() : undefined) };
}

function choice(field, it, form) {
  const name = `${field.name}-${form.id}`;
  const inputs = field.of.map(([value, label]) => [value, el("input", { type: "radio", name }), t(label)]);
  const node = el(
    "div",
    { class: "choices", role: "radiogroup" },
    inputs.map(([, input, label]) => el("label", { class: "choice" }, input, label)),
  );
  return { node, grouped: true, value: () => inputs.find(([, input]) => input.checked)?.[0] };
}

// Photos go to intake as soon as they are chosen; the form holds their names.
function photos(field, it, form) {
  const names = [];
  const row = el("div", { class: "row thumbs" });
  const input = el("input", {
    type: "file",
    accept: "image/*",
    multiple: true,
    onchange: async () => {
      for (const file of input.files) {
        const thumb = el("img", { class: "thumb waiting", alt: "", src: URL.createObjectURL(file) });
        row.append(thumb);
        form.busy(1);
        try {
          names.push((await sendPhoto(file)).name);
          thumb.classList.remove("waiting");
        } catch (problem) {
          thumb.remove();
          form.fault(field.name, problem.message);
        }
        form.busy(-1);
      }
      input.value = "";
    },
  });
  return { node: input, below: row, value: () => (names.length ? [...names] : undefined) };
}

function yes(field) {
  const node = el("input", { type: "checkbox" });
  return { node, inline: true, value: () => node.checked || undefined };
}

const KINDS = {
  text: (field) => {
    const node = el("textarea", { rows: 3, value: field.start || "" });
    return { node, value: () => node.value.trim() || undefined };
  },
  case: (field) => valued(el("input", { type: "text", inputmode: "numeric", autocomplete: "off", value: field.start || "" })),
  category: (field, it) => valued(select(categories(), field.start ?? it.category)),
  condition,
  grade: (field) =>
    valued(
      el(
        "select",
        {},
        option("", t("As the city has it")),
        Object.keys(all("grades")).map((id) => option(id, say("grades", id))),
      ),
    ),
  unit: (field, it) =>
    valued(
      select(
        byName("departments")
          .filter(([id]) => id !== it.department)
          .map(([id, name]) => option(id, name)),
      ),
    ),
  post: () => valued(select(posts())),
  handler: () =>
    valued(
      select([
        el(
          "optgroup",
          { label: t("Units") },
          byName("departments").map(([id, name]) => option(id, name)),
        ),
        ...posts(),
      ]),
    ),
  pause: () => valued(select(Object.keys(all("pause_reasons")).map((id) => option(id, say("pause_reasons", id))))),
  time,
  choice,
  photos,
  yes,
};

// Lets a module add a kind of its own.
export const addKind = (name, make) => {
  KINDS[name] = make;
};

// Returns one field: {field, node, value(), box, fault(text)}.
export function fieldFor(field, it, form) {
  const made = KINDS[field.kind](field, it, form);
  const id = `${field.name}-${form.id}`;
  const fault = el("span", { class: "fault", id: `${id}-fault`, hidden: true });
  made.node.id = id;
  made.node.setAttribute("aria-describedby", fault.id);
  if (field.need) made.node.setAttribute("aria-required", "true");
  const label = t(field.label);
  const help = field.help && el("small", {}, t(field.help));
  let box;
  if (made.inline) box = el("div", { class: "field" }, el("label", { class: "choice" }, made.node, label), help, fault);
  else if (made.grouped) {
    made.node.setAttribute("aria-label", label);
    box = el("div", { class: "field" }, el("span", { class: "legend" }, label), made.node, help, fault);
  } else
    box = el(
      "div",
      { class: "field" },
      el("label", { for: id, class: "legend" }, label, field.need ? null : el("span", { class: "soft" }, " · ", t("optional"))),
      made.node,
      made.below,
      help,
      fault,
    );
  return {
    ...made,
    field,
    box,
    fault(text) {
      fault.textContent = text;
      fault.hidden = !text;
      if (text) made.node.setAttribute("aria-invalid", "true");
      else made.node.removeAttribute("aria-invalid");
    },
  };
}
