/* The settings of one blank. */

import { h } from "./dom.js";
import { Refusal } from "./grid.js";
import { codesIn, itemOf, renameCode, sourceOf } from "./items.js";
import { KINDS, OVER_CHILDREN, SOURCES, UNITS } from "./words.js";
import { choice, link, number, row, says, segments, text, tick } from "./fields.js";
import { changeItems, setKind, setSource, setUnit } from "./settings.js";
import { relations } from "./relations.js";
import { sourceParts } from "./source.js";
import * as acts from "./acts.js";

export function blankPanel(store, item) {
  const put = (words, recipe) => changeItems(store, [item.code], `${item.code} ${words}`, recipe);
  const source = sourceOf(item);
  return [
    row(
      "代码",
      text("code", item.code, (code) => rename(store, item.code, code), {
        class: "form-control dz-codefield",
        maxlength: 16,
      }),
      partner(store, item),
    ),
    row(
      "名称",
      text("label", item.label, (label) =>
        put("名称", (one) => {
          if (!label) throw new Refusal("名称不能空。");
          if (one.printed === one.label) one.printed = label;
          one.label = label;
        }),
      ),
    ),
    row(
      "单位",
      unitField(store, item.unit, (unit) => put("单位", (one) => setUnit(one, unit))),
      h("span", { class: "dz-inline" }, "小数位"),
      number(
        "places",
        item.places ?? 0,
        (places) =>
          put("小数位", (one) => {
            one.places = Number(places);
          }),
        { min: 0, max: 4, "aria-label": "小数位" },
      ),
    ),
    row(
      "类型",
      segments("kind", item.kind ?? "number", KINDS, (kind) => put("类型", (one) => setKind(one, kind)), "类型"),
    ),
    row(
      "来源",
      segments("source", source, SOURCES, (value) => setSource(store, item.code, value), "来源"),
      sourceParts(store, item, source),
    ),
    source === "formula" ? formulaRow(store, item, put) : null,
    relations(store, item),
    row(
      "下级汇总",
      choice("over", item.over_children ?? "sum", OVER_CHILDREN, (value) =>
        put("下级汇总", (one) => {
          one.over_children = value;
        }),
      ),
      tick("required", item.required ?? true, "必填", (on) =>
        put("必填", (one) => {
          one.required = on;
        }),
      ),
    ),
    row(
      "与上年比",
      tick("compare", item.change_limit !== null && item.change_limit !== undefined, "变动超过", (on) =>
        put("与上年比", (one) => {
          one.change_limit = on ? 30 : null;
        }),
      ),
      number(
        "limit",
        item.change_limit ?? "",
        (value) =>
          put("与上年比", (one) => {
            one.change_limit = value === "" ? null : Number(value);
          }),
        { min: 1, max: 1000, "aria-label": "变动超过百分之几要说明", placeholder: "30" },
      ),
      h("span", { class: "unit" }, "% 要说明"),
    ),
    row(
      "空着",
      h(
        "span",
        { class: "dz-plain" },
        (item.required ?? true) ? "不等于 0；必填的空不能上报" : "不等于 0；可以空着上报",
      ),
    ),
    row(
      "填报说明",
      text(
        "hint",
        item.hint,
        (hint) =>
          put("填报说明", (one) => {
            if (hint) one.hint = hint;
            else delete one.hint;
          }),
        { area: true, maxlength: 400 },
      ),
    ),
    blockRow(store, item, put),
    checksOf(store, item),
    h(
      "div",
      { class: "dz-buttons", key: "acts" },
      h(
        "button",
        { type: "button", class: "btn btn-sm btn-outline", on: { click: () => acts.carry(store, item.code) } },
        "拿起",
      ),
      h(
        "button",
        {
          type: "button",
          class: "btn btn-sm btn-danger-outline",
          on: { click: () => acts.dropBlank(store, item.code) },
        },
        "删除空格",
      ),
    ),
  ];
}

function rename(store, old, code) {
  if (code === old) return;
  store.code = code;
  if (!store.change(`代码 ${old} 改为 ${code}`, (spec) => renameCode(spec, old, code))) {
    store.code = old;
    store.tell("selection");
  }
}

/* Last year's partner of the blank: found by the same code, or picked. */
function partner(store, item) {
  if (!store.previous) return null;
  const { codes } = store.previous;
  const now = item.last_year?.split(":").at(-1) || item.code;
  const found = codes.find((one) => one.code === now);
  return h(
    "details",
    { class: "dz-partner", key: `partner-${item.code}` },
    h("summary", { class: found ? null : "tone-warn" }, found ? `对应上年 ${found.code}，可比` : "上年没有对应，新增"),
    choice(
      "partner",
      found ? found.code : "",
      [["", "（没有对应）"], ...codes.map((one) => [one.code, `${one.code} ${one.label}`])],
      (code) =>
        changeItems(store, [item.code], `${item.code} 上年代码`, (one) => {
          one.last_year = code || null;
        }),
      { "aria-label": "对应上年代码" },
    ),
  );
}

export function unitField(store, unit, act) {
  return [
    text("unit", unit, act, { list: "dz-units", class: "form-control dz-unit", maxlength: 8 }),
    h(
      "datalist",
      { id: "dz-units", key: "units" },
      (store.catalogue.units ?? UNITS).map((one) => h("option", { value: one })),
    ),
  ];
}

function formulaRow(store, item, put) {
  const state = store.answers.formulas?.[item.code];
  const codes = codesIn(item.formula, store.spec);
  const units = [...new Set(codes.map((code) => itemOf(store.spec, code)?.unit).filter((unit) => unit !== undefined))];
  const same = units.length === 1 && units[0] === item.unit;
  return row(
    "公式",
    h(
      "div",
      { class: "dz-formula", key: "formula" },
      h("b", {}, item.code),
      " = ",
      text(
        "formula-text",
        item.formula,
        (formula) =>
          put("公式", (one) => {
            one.formula = formula.replace(new RegExp(`^\\s*${item.code}\\s*=`), "").trim() || "0";
          }),
        { spellcheck: "false", "aria-label": `${item.code} 的公式` },
      ),
    ),
    state && !state.ok
      ? says(state.message, "bad")
      : codes.length
        ? says(
            same
              ? `可算，${codes.length} 项单位相同`
              : `可算；单位是 ${units.join("、")}，这一空是 ${item.unit || "没有单位"}`,
            same ? "ok" : "warn",
          )
        : says("公式里还没有代码，算出来总是这个数", "warn"),
    h(
      "div",
      { class: "dz-printedrow", key: "printed" },
      h("span", {}, "原表印的"),
      text(
        "printed",
        item.printed_formula,
        (value) =>
          put("印的公式", (one) => {
            one.printed_formula = value || null;
          }),
        { placeholder: "原表未印公式", "aria-label": "原表印的公式" },
      ),
    ),
  );
}

function blockRow(store, item, put) {
  const { blocks } = store.spec;
  return blocks.length
    ? row(
        "分块",
        choice(
          "block",
          item.block ?? "",
          [["", "（没有）"], ...blocks.map((block) => [block.no, `${block.no} ${block.title}`])],
          (no) =>
            put("分块", (one) => {
              one.block = no;
            }),
        ),
      )
    : null;
}

function checksOf(store, item) {
  const used = store.spec.checks.filter(
    (check) => check.items?.includes(item.code) || codesIn(check.expression, store.spec).includes(item.code),
  );
  return h(
    "p",
    { class: "dz-usedby", key: "used" },
    used.length ? "用到它的检查 " : "还没有检查用到它",
    used.map((check) => link(check.key, () => store.show({ check: check.key }))),
  );
}
