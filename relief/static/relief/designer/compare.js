/* Differences of two specs in words, and the codes added and removed since the version before. */

import { byId, h, redraw } from "./dom.js";
import { rowsOf } from "./grid.js";

const PARTS = [
  ["label", "名称"],
  ["unit", "单位"],
  ["places", "小数位"],
  ["kind", "类型"],
  ["formula", "公式"],
  ["over_children", "下级汇总"],
  ["required", "必填"],
  ["source", "来源"],
  ["against", "对照"],
  ["last_year", "上年代码"],
  ["change_limit", "与上年比"],
  ["hint", "填报说明"],
  ["block", "分块"],
];
const plain = (value) => {
  if (value === null || value === undefined || value === "") return "空";
  if (typeof value === "object") return "有";
  if (typeof value === "boolean") return value ? "是" : "否";
  return String(value);
};

/* One sentence per difference, from the older to the newer spec. */
export function differences(old, made) {
  const said = [];
  const before = new Map((old.items ?? []).map((item) => [item.code, item]));
  const now = new Map((made.items ?? []).map((item) => [item.code, item]));
  const added = [...now.keys()].filter((code) => !before.has(code));
  const gone = [...before.keys()].filter((code) => !now.has(code));
  if (added.length)
    said.push(`新增 ${added.length} 个空：${added.slice(0, 8).join("、")}${added.length > 8 ? "…" : ""}`);
  if (gone.length) said.push(`去掉 ${gone.length} 个空：${gone.slice(0, 8).join("、")}${gone.length > 8 ? "…" : ""}`);
  for (const [code, item] of now) {
    const was = before.get(code);
    if (!was) continue;
    for (const [name, words] of PARTS)
      if (JSON.stringify(was[name] ?? null) !== JSON.stringify(item[name] ?? null))
        said.push(`${code} ${words}：${plain(was[name])} → ${plain(item[name])}`);
  }
  if (old.title !== made.title) said.push(`标题：${old.title} → ${made.title}`);
  for (const [name, words] of [
    ["relations", "关系"],
    ["checks", "检查"],
    ["head", "表头行"],
    ["blocks", "分块"],
  ])
    if (JSON.stringify(old[name] ?? []) !== JSON.stringify(made[name] ?? []))
      said.push(`${words}：${(old[name] ?? []).length} 条 → ${(made[name] ?? []).length} 条`);
  if (JSON.stringify(old.layout) !== JSON.stringify(made.layout))
    said.push(`版面：${old.layout ? rowsOf(old.layout).length : 0} 行 → ${rowsOf(made.layout).length} 行`);
  return said;
}

/* 与上一版对照: which codes have a partner, which are new, which are gone. */
export function openComparison(store) {
  const box = byId("designer-compare");
  const { previous, spec } = store;
  const old = new Map(previous.codes.map((one) => [one.code, one.label]));
  const met = new Set();
  const rows = [];
  for (const item of spec.items) {
    const partner = item.last_year?.split(":").at(-1) || item.code;
    if (!old.has(partner)) rows.push({ state: "新增", tone: "ok", code: item.code, words: item.label });
    else {
      met.add(partner);
      if (partner !== item.code)
        rows.push({ state: "改代码", tone: "info", code: `${partner} → ${item.code}`, words: item.label });
      else if (old.get(partner) !== item.label)
        rows.push({ state: "改名称", tone: "warn", code: item.code, words: `${old.get(partner)} → ${item.label}` });
    }
  }
  for (const [code, label] of old) if (!met.has(code)) rows.push({ state: "去掉", tone: "bad", code, words: label });
  redraw(
    box,
    h("h2", { id: "compare-title" }, `与第 ${previous.version} 版对照`),
    h(
      "p",
      {},
      `${met.size} 个空有对应的旧代码，新增 ${spec.items.length - met.size} 个，去掉 ${old.size - met.size} 个。`,
    ),
    rows.length
      ? h(
          "div",
          { class: "dz-tablebox", tabindex: "0" },
          h(
            "table",
            { class: "grid-table" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                h("th", { scope: "col" }, "变化"),
                h("th", { scope: "col" }, "代码"),
                h("th", { scope: "col" }, "名称"),
              ),
            ),
            h(
              "tbody",
              {},
              rows.map((row) =>
                h(
                  "tr",
                  {},
                  h("td", {}, h("span", { class: `pill pill-${row.tone}` }, row.state)),
                  h("td", { class: "mono" }, row.code),
                  h("td", { class: "wrap" }, row.words),
                ),
              ),
            ),
          ),
        )
      : h("p", {}, "代码和名称都没有变。"),
    h(
      "div",
      { class: "dz-buttons" },
      h("button", { type: "button", class: "btn btn-outline", on: { click: () => box.close() } }, "关闭"),
    ),
  );
  box.showModal();
}
