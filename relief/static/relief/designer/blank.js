/* The settings of one blank, and of several at once. */

import { h } from "./dom.js";
import { Refusal } from "./grid.js";
import { addItems, codesIn, itemOf, newItem, renameCode, setRelation, sourceOf } from "./items.js";
import { KINDS, MONEY, OVER_CHILDREN, RELATIONS, SOURCES, UNITS, labelOf } from "./words.js";
import * as acts from "./acts.js";
import { choice, link, number, row, says, segments, text, tick } from "./fields.js";
import { sourceParts, termsPart } from "./source.js";

/* Change items by code as one step. */
export function changeItems(store, codes, words, recipe) {
  return store.change(words, (spec) => {
    for (const code of codes) {
      const item = itemOf(spec, code);
      if (item) recipe(item, spec);
    }
  });
}

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

function unitField(store, unit, act) {
  return [
    text("unit", unit, act, { list: "dz-units", class: "form-control dz-unit", maxlength: 8 }),
    h(
      "datalist",
      { id: "dz-units", key: "units" },
      (store.catalogue.units ?? UNITS).map((one) => h("option", { value: one })),
    ),
  ];
}

export function setUnit(item, unit) {
  const before = MONEY.includes(item.unit);
  item.unit = unit;
  if (MONEY.includes(unit)) {
    item.kind = "money";
    if (!before) item.places = 2;
  } else if (item.kind === "money") {
    item.kind = "number";
    item.places = 0;
  }
}

export function setKind(item, kind) {
  item.kind = kind;
  if (kind === "text" || kind === "date")
    Object.assign(item, { unit: "", places: 0, over_children: "none", formula: null, source: null });
  else if (item.over_children === "none") item.over_children = "sum";
  if (kind === "money" && !MONEY.includes(item.unit)) {
    item.unit = "万元";
    item.places = 2;
  }
}

function setSource(store, code, value) {
  changeItems(store, [code], `${code} 来源`, (item, spec) => {
    if (sourceOf(item) === value) return;
    const parts = spec.relations
      .filter((edge) => edge.parent === code && edge.kind === "partition")
      .map((edge) => edge.child);
    item.formula =
      value === "formula" ? item.formula || item.printed_formula?.split("=").at(-1) || parts.join("+") || "0" : null;
    item.source =
      {
        records: { terms: [{ measure: fitting(store, item) }] },
        last_year: { last_year: code },
        form: { form: store.catalogue.forms?.[0]?.id ?? "", code: store.catalogue.forms?.[0]?.codes?.[0]?.code ?? "" },
      }[value] ?? null;
    if (value !== "formula") delete item.against;
  });
}

/* A measure of the right kind to begin with. */
export function fitting(store, item) {
  const money = item.kind === "money";
  return (
    (store.catalogue.measures.find((measure) => (measure.base === "fen") === money) ?? store.catalogue.measures[0])
      ?.name ?? ""
  );
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

/* ---------------------------------------------------------------- relations */
function relations(store, item) {
  const { spec } = store;
  const up = spec.relations.filter((edge) => edge.child === item.code);
  const down = spec.relations.filter((edge) => edge.parent === item.code);
  const byKind = Map.groupBy ? Map.groupBy(down, (edge) => edge.kind) : grouped(down);
  const set = (child, parent, kind) =>
    store.change(`关系 ${child} → ${parent}`, (draft) => setRelation(draft, child, parent, kind));
  const others = spec.items.filter((one) => one.code !== item.code && !up.some((edge) => edge.parent === one.code));
  return row(
    "关系",
    up.length || down.length
      ? h(
          "div",
          { class: "dz-edges", key: "edges" },
          up.map((edge) =>
            h(
              "div",
              { key: `u${edge.parent}` },
              h("span", {}, "属于"),
              h(
                "button",
                { type: "button", class: "dz-codelink", on: { click: () => store.selectCode(edge.parent) } },
                edge.parent,
              ),
              choice(
                `edge-${edge.parent}`,
                edge.kind,
                [...RELATIONS, ["", "去掉"]],
                (kind) => set(item.code, edge.parent, kind),
                { "aria-label": `${item.code} 属于 ${edge.parent} 的关系` },
              ),
            ),
          ),
          Array.from(byKind, ([kind, edges]) =>
            h(
              "div",
              { key: `d${kind}` },
              h("span", {}, "分为"),
              h(
                "span",
                { class: "dz-codelinks" },
                edges.map((edge) =>
                  h(
                    "button",
                    {
                      type: "button",
                      class: "dz-codelink",
                      key: edge.child,
                      on: { click: () => store.selectCode(edge.child) },
                    },
                    edge.child,
                  ),
                ),
              ),
              h("span", { class: "unit" }, labelOf(RELATIONS, kind)),
            ),
          ),
        )
      : null,
    h(
      "div",
      { class: "dz-addedge", key: "add" },
      h("span", {}, "+"),
      choice(
        "edge-new",
        "",
        [["", "加一条关系：属于…"], ...others.map((one) => [one.code, `${one.code} ${one.label}`])],
        (parent) => parent && set(item.code, parent, /其中/.test(item.label) ? "subset" : "partition"),
        { "aria-label": "加一条关系：属于哪个空" },
      ),
    ),
  );
}

function grouped(edges) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge.kind, [...(groups.get(edge.kind) ?? []), edge]);
  return groups;
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

/* ---------------------------------------------------------------- several at once */
export function manyPanel(store, codes) {
  const items = codes.map((code) => itemOf(store.spec, code)).filter(Boolean);
  const put = (words, recipe) => changeItems(store, codes, `${codes.length} 个空的${words}`, recipe);
  const common = (name, fallback = "") =>
    items.every((item) => item[name] === items[0]?.[name]) ? (items[0]?.[name] ?? fallback) : fallback;
  const sources = new Set(items.map(sourceOf));
  const source = sources.size === 1 ? [...sources][0] : "";
  return [
    says(`一起改 ${codes.slice(0, 5).join("、")}${codes.length > 5 ? ` 等 ${codes.length} 个空` : ""}。`),
    row(
      "单位",
      unitField(store, common("unit"), (unit) => put("单位", (item) => setUnit(item, unit))),
    ),
    row(
      "小数位",
      number(
        "places",
        common("places", ""),
        (places) =>
          put("小数位", (item) => {
            item.places = Number(places);
          }),
        { min: 0, max: 4 },
      ),
    ),
    row(
      "来源",
      segments(
        "source",
        source,
        SOURCES.slice(0, 2),
        (value) =>
          put("来源", (item) => {
            item.formula = null;
            item.source = value === "records" ? { terms: [{ measure: fitting(store, item) }] } : null;
          }),
        "来源",
      ),
      source === "records"
        ? termsPart(store, items[0], (recipe) =>
            put("来源", (item) => {
              const [first] = [structuredClone(items[0].source.terms)];
              recipe(first);
              item.source = { terms: structuredClone(first) };
            }),
          )
        : null,
    ),
    row(
      "下级汇总",
      choice(
        "over",
        common("over_children"),
        [["", "（各不相同）"], ...OVER_CHILDREN],
        (value) =>
          value &&
          put("下级汇总", (item) => {
            item.over_children = value;
          }),
      ),
      tick(
        "required",
        items.every((item) => item.required ?? true),
        "必填",
        (on) =>
          put("必填", (item) => {
            item.required = on;
          }),
      ),
    ),
    row(
      "与上年比",
      tick(
        "compare",
        items.every((item) => item.change_limit),
        "变动超过 30 % 要说明",
        (on) =>
          put("与上年比", (item) => {
            item.change_limit = on ? 30 : null;
          }),
      ),
    ),
    row(
      "都属于",
      choice(
        "edge-many",
        "",
        [
          ["", "选上级空格…"],
          ...store.spec.items
            .filter((item) => !codes.includes(item.code))
            .map((item) => [item.code, `${item.code} ${item.label}`]),
        ],
        (parent) => parent && put("关系", (item, spec) => setRelation(spec, item.code, parent, "partition")),
        { "aria-label": "选中的空都是哪个空的分项" },
      ),
    ),
    h(
      "div",
      { class: "dz-buttons", key: "acts" },
      h(
        "button",
        { type: "button", class: "btn btn-sm btn-outline", on: { click: () => sumHere(store, codes) } },
        "加一个合计空",
      ),
    ),
  ];
}

/* A total of the chosen blanks: new item with formula and 分项, waiting to be placed. */
function sumHere(store, codes) {
  const first = itemOf(store.spec, codes[0]);
  const code = `${codes[0].slice(0, 12)}_T`;
  const done = store.change("加一个合计空", (spec) => {
    if (itemOf(spec, code)) throw new Refusal(`代码 ${code} 已经有了。`);
    addItems(
      spec,
      [
        newItem(code, `${first.label}等合计`, first.unit, {
          kind: first.kind,
          places: first.places,
          block: first.block,
          formula: codes.join("+"),
        }),
      ],
      codes.at(-1),
    );
    for (const child of codes) setRelation(spec, child, code, "partition");
    return `合计空 ${code} 已建好，选一个单元格放进去`;
  });
  if (done) acts.carry(store, code);
}
