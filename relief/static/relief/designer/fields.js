/* Small fields of the inspector: each writes one value as one step. */

import { h } from "./dom.js";

let lastId = 0;
const ids = new Map();
const idOf = (key) => {
  if (!ids.has(key)) ids.set(key, `dz-f${(lastId += 1)}`);
  return ids.get(key);
};

/* A labelled row; `parts` may be one field or several nodes. */
export function row(words, ...parts) {
  const first = parts.flat(3).find((part) => part?.dataset?.key && /^(INPUT|SELECT|TEXTAREA)$/.test(part.nodeName));
  return h(
    "div",
    { class: "dz-row", key: `row-${words}` },
    first ? h("label", { class: "dz-label", for: first.id }, words) : h("span", { class: "dz-label" }, words),
    h("div", { class: "dz-value" }, parts),
  );
}

export function text(key, value, act, more = {}) {
  const { list, area, ...attributes } = more;
  return h(area ? "textarea" : "input", {
    ...(area ? { rows: more.rows ?? 2 } : { type: "text" }),
    class: "form-control",
    id: idOf(key),
    key,
    value: value ?? "",
    list,
    autocomplete: "off",
    on: {
      change: (event) => act(event.target.value.trim()),
      keydown: (event) => {
        if (event.key === "Enter" && !area && !event.isComposing) event.target.blur();
      },
    },
    ...attributes,
  });
}

export function number(key, value, act, more = {}) {
  return h("input", {
    type: "number",
    class: "form-control dz-short",
    id: idOf(key),
    key,
    value: value ?? "",
    on: { change: (event) => act(event.target.value) },
    ...more,
  });
}

export function choice(key, value, pairs, act, more = {}) {
  return h(
    "select",
    {
      class: "form-select",
      id: idOf(key),
      key,
      value: value ?? "",
      on: { change: (event) => act(event.target.value) },
      ...more,
    },
    pairs.map(([one, words]) => h("option", { value: one, selected: one === value ? true : null }, words)),
  );
}

export function tick(key, checked, words, act, more = {}) {
  return h(
    "label",
    { class: "dz-tick", key: `tick-${key}` },
    h("input", {
      type: "checkbox",
      class: "form-check-input",
      key,
      ...(checked ? { checked: true } : {}),
      on: { change: (event) => act(event.target.checked) },
      ...more,
    }),
    h("span", {}, words),
  );
}

/* Several exclusive words side by side. */
export function segments(key, value, pairs, act, label) {
  return h(
    "div",
    { class: "dz-seg", role: "radiogroup", "aria-label": label, key },
    pairs.map(([one, words]) =>
      h(
        "button",
        {
          type: "button",
          role: "radio",
          key: `${key}-${one}`,
          "aria-checked": one === value ? "true" : "false",
          class: `seg-${one}`,
          on: { click: () => act(one), keydown: (event) => step(event) },
        },
        words,
      ),
    ),
  );
}

function step(event) {
  const way = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  const next = way && event.target[way];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

export const says = (words, tone = "") => h("p", { class: `dz-says ${tone}` }, words);
export const link = (words, act, key = words) =>
  h("button", { type: "button", class: "link-button", key: `link-${key}`, on: { click: act } }, words);
