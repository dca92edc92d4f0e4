/* The settings of several blanks at once. */

import { h } from "./dom.js";
import { Refusal } from "./grid.js";
import { addItems, itemOf, newItem, setRelation, sourceOf } from "./items.js";
import { OVER_CHILDREN, SOURCES } from "./words.js";
import { choice, number, row, says, segments, tick } from "./fields.js";
import { changeItems, fitting, setUnit } from "./settings.js";
import { unitField } from "./blank.js";
import { termsPart } from "./source.js";
import * as acts from "./acts.js";

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
