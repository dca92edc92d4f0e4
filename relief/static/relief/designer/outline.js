/* Every blank of the form with code, name and source, by block; search; blanks that stand nowhere wait here. */

import { h, icon, redraw } from "./dom.js";
import { sourceOf, unplaced } from "./items.js";
import { LETTERS, SOURCES, labelOf } from "./words.js";
import { startDrag } from "./dragging.js";
import * as acts from "./acts.js";

export function mountOutline(store, root) {
  root.addEventListener("keydown", (event) => walk(event, root));
  store.watch((what) => {
    redraw(root, outline(store));
    if (what === "selection") root.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  });
  redraw(root, outline(store));
}

function walk(event, root) {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.target.tagName === "INPUT") return;
  const all = Array.from(root.querySelectorAll(".dz-entry, .dz-block > button")).filter((one) => one.offsetParent);
  const at = all.indexOf(event.target);
  if (at < 0) return;
  event.preventDefault();
  all[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}

function outline(store) {
  const { spec, ui } = store;
  const query = ui.query.trim().toLowerCase();
  const fits = (item) => !query || `${item.code} ${item.label} ${item.unit}`.toLowerCase().includes(query);
  const loose = unplaced(spec);
  const looseCodes = new Set(loose.map((item) => item.code));
  const groups = [
    ...spec.blocks.map((block) => ({ ...block, items: [] })),
    { no: "", title: spec.blocks.length ? "没有分块" : "全部", items: [] },
  ];
  for (const item of spec.items)
    if (fits(item) && !looseCodes.has(item.code))
      (groups.find((group) => group.no === item.block) ?? groups.at(-1)).items.push(item);
  const shown = groups.filter((group) => group.items.length);
  return [
    h(
      "div",
      { class: "dz-panel-head", key: "head" },
      h("h2", {}, "空格"),
      h("span", { class: "count" }, spec.items.length),
    ),
    h(
      "div",
      { class: "dz-search", key: "search" },
      icon("magnifying-glass"),
      h("input", {
        type: "search",
        class: "form-control",
        placeholder: "代码或名称",
        "aria-label": "找空格：代码或名称",
        key: "query",
        value: ui.query,
        on: {
          input: (event) => store.show({ query: event.target.value }),
          keydown: (event) => {
            if (event.key === "Enter" && shown[0]) store.selectCode(shown[0].items[0].code);
          },
        },
      }),
    ),
    h(
      "div",
      { class: "dz-groups", key: "groups" },
      loose.filter(fits).length
        ? group(store, { no: "loose", title: "还没放进表里", items: loose.filter(fits) }, true)
        : null,
      shown.map((one) => group(store, one, Boolean(query) || shown.length === 1)),
      spec.items.length
        ? null
        : h("p", { class: "dz-none" }, "还没有空格。粘贴整表，或在单元格里打字：两个下划线 __ 就是一个空。"),
      spec.items.length && query && !shown.length ? h("p", { class: "dz-none" }, `没有“${ui.query}”。`) : null,
    ),
    partners(store),
  ];
}

function group(store, { no, title, items }, always) {
  const holds = items.some((item) => item.code === store.code);
  const open = always || no === "loose" || store.ui.closed.has(no) !== (items.length <= 12 || holds);
  return h(
    "section",
    { class: "dz-block", key: `g${no}` },
    h(
      "button",
      { type: "button", "aria-expanded": open ? "true" : "false", on: { click: () => toggle(store, no) } },
      icon(open ? "chevron-down" : "chevron-right"),
      no && no !== "loose" ? h("b", {}, no) : null,
      h("span", { class: "dz-name" }, title),
      h("small", {}, items.length),
    ),
    open
      ? h(
          "ul",
          {},
          items.map((item) => entry(store, item, no === "loose")),
        )
      : null,
  );
}

function toggle(store, no) {
  if (store.ui.closed.has(no)) store.ui.closed.delete(no);
  else store.ui.closed.add(no);
  store.show({});
}

function entry(store, item, loose) {
  const source = sourceOf(item);
  const chosen = store.code === item.code;
  const bad = store.answers.faults.some((fault) => (fault.codes ?? []).includes(item.code));
  return h(
    "li",
    { key: `e${item.code}`, class: loose ? "loose" : null },
    h(
      "button",
      {
        type: "button",
        class: "dz-entry",
        draggable: store.narrow ? null : "true",
        "aria-current": chosen ? "true" : null,
        title: `${item.code} ${item.label}`,
        on: {
          click: () => store.selectCode(item.code),
          dragstart: (event) => startDrag(store, event, item.code),
          dragend: () => {
            store.dragged = "";
          },
        },
      },
      h("span", { class: "dz-code" }, item.code),
      h("span", { class: "dz-name" }, item.label),
      bad ? h("span", { class: "dz-bad", title: "这里有问题" }, "!") : null,
      h("span", { class: `dz-letter from-${source}`, title: labelOf(SOURCES, source) }, LETTERS[source]),
    ),
    loose
      ? h("button", { type: "button", class: "link-button", on: { click: () => acts.carry(store, item.code) } }, "拿起")
      : null,
  );
}

/* How many codes have a partner in the earlier version. */
function partners(store) {
  if (!store.previous) return h("p", { class: "dz-partners", key: "partners" }, "没有上一版可对照");
  const old = new Set(store.previous.codes.map((one) => one.code));
  const fresh = store.spec.items.filter((item) => !old.has(item.last_year?.split(":").at(-1) || item.code));
  return h(
    "p",
    { class: "dz-partners", key: "partners" },
    `上年代码对应 ${store.spec.items.length - fresh.length} / ${store.spec.items.length}`,
    fresh.length
      ? h(
          "button",
          { type: "button", class: "link-button", on: { click: () => store.selectCode(fresh[0].code) } },
          `新增 ${fresh.length} 个：${fresh
            .slice(0, 3)
            .map((item) => item.code)
            .join("、")}${fresh.length > 3 ? "…" : ""}`,
        )
      : null,
  );
}
