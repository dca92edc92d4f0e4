/* The panel at the right: the chosen blank, several blanks at once, the chosen cells, or the form as a whole. */

import { h, redraw } from "./dom.js";
import { cellsIn, isList, rowsOf } from "./grid.js";
import { itemOf } from "./items.js";
import { ALIGNS, DEFAULT_ALIGNS, STYLES, letters, place } from "./words.js";
import * as acts from "./acts.js";
import { choice, number, row, says, segments } from "./fields.js";
import { blankPanel } from "./blank.js";
import { manyPanel } from "./many.js";
import { formPanel } from "./form.js";

const TABS = [
  ["blank", "空格"],
  ["cell", "单元格"],
  ["form", "整表"],
];

export function mountInspector(store, root) {
  store.watch(() => redraw(root, inspector(store)));
  redraw(root, inspector(store));
}

function inspector(store) {
  const { tab } = store.ui;
  const codes = store.cellCodes();
  const many = tab === "blank" && !store.code && codes.length > 1;
  return [
    h(
      "div",
      { class: "dz-panel-head", key: "head" },
      h("h2", {}, titleOf(store, tab, many ? codes.length : 0)),
      segments("tab", tab, TABS, (one) => open(store, one, codes), "面板"),
    ),
    h(
      "div",
      { class: "dz-fields", key: `panel-${tab}-${many ? "many" : store.code}` },
      panelOf(store, tab, codes, many),
    ),
  ];
}

function titleOf(store, tab, many) {
  if (tab === "form") return "整表";
  if (tab === "cell") return `单元格 ${spot(store)}`;
  if (many) return `${many} 个空`;
  return store.code ? `空格 ${store.code}` : "空格";
}

function panelOf(store, tab, codes, many) {
  if (tab === "form") return formPanel(store);
  if (tab === "cell") return cellPanel(store);
  if (many) return manyPanel(store, codes);
  return itemOf(store.spec, store.code) ? blankPanel(store, store.item) : nothing(store, codes);
}

function open(store, tab, codes) {
  if (tab === "blank" && !store.code && codes.length === 1) store.code = codes[0];
  store.show({ tab });
}

function spot(store) {
  const { top, left, bottom, right } = store.box;
  return top === bottom && left === right ? place(top, left) : `${place(top, left)}:${place(bottom, right)}`;
}

function nothing(store, codes) {
  return [
    says(codes.length ? "这一格有空格，点其中一个看它的设置。" : "这一格没有空格。"),
    says("在单元格里打字：__ 是一个新空，{代码} 是已有的空；单位和“其中”会自己认出来。也可以按“插入空”。"),
    h(
      "button",
      { type: "button", class: "btn btn-outline", on: { click: () => acts.addBlank(store) } },
      "在这一格插入空",
    ),
  ];
}

function cellPanel(store) {
  const { box, spec } = store;
  const cells = cellsIn(spec.layout, box);
  const first = cells[0]?.cell;
  const cols = [];
  for (let col = box.left; col <= box.right; col += 1) cols.push(col);
  const height = rowsOf(spec.layout)[box.top]?.height;
  const codes = store.cellCodes();
  return [
    row(
      "样式",
      choice("style", first?.style ?? "label", STYLES, (value) => acts.paint(store, "style", value, "样式")),
    ),
    row(
      "对齐",
      segments(
        "align",
        first?.align ?? DEFAULT_ALIGNS[first?.style ?? "label"] ?? "center",
        ALIGNS,
        (value) => acts.align(store, value),
        "对齐",
      ),
    ),
    row(
      "行高",
      number("height", height ?? "", (value) => acts.setHeight(store, value), {
        min: 4,
        max: 100,
        step: 0.1,
        placeholder: "自动",
        "aria-label": "行高，毫米",
      }),
      h("span", { class: "unit" }, "毫米，空着随文字"),
    ),
    cols.slice(0, 8).map((col) =>
      row(
        `${letters(col)} 列宽`,
        number(`width${col}`, spec.layout.columns[col].width, (value) => acts.setWidth(store, col, value), {
          min: 4,
          max: 250,
          step: 0.5,
        }),
        h("span", { class: "unit" }, "毫米"),
      ),
    ),
    h(
      "div",
      { class: "dz-buttons", key: "acts" },
      button("合并", () => acts.merge(store)),
      button("拆分", () => acts.split(store)),
      button("上面加行", () => acts.addRow(store, true)),
      button("下面加行", () => acts.addRow(store)),
      button("左边加列", () => acts.addCol(store, true)),
      button("右边加列", () => acts.addCol(store)),
      button("删除行", () => acts.dropRows(store), true),
      button("删除列", () => acts.dropCols(store), true),
    ),
    codes.length > 1 ? says(`选中的单元格里有 ${codes.length} 个空；按“空格”一起改它们。`) : null,
    isList(spec.layout) ? says("一单位一行：表头可以改，填数的一行各单位各印一次。") : null,
  ];
}

function button(words, act, danger = false) {
  return h(
    "button",
    {
      type: "button",
      class: `btn btn-sm ${danger ? "btn-danger-outline" : "btn-outline"}`,
      key: words,
      on: { click: act },
    },
    words,
  );
}
