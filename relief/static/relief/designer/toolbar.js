/* Above the paper: the acts on the chosen cells, and the chosen cell as one line of text. Below it: what the signs mean. */

import { h, icon, redraw } from "./dom.js";
import { asText, blanksOf } from "./content.js";
import { cellAt } from "./grid.js";
import { itemOf } from "./items.js";
import { ALIGNS, place } from "./words.js";
import * as acts from "./acts.js";

export function mountToolbar(store, { bar, line, legend }, openPaste) {
  bar.addEventListener("keydown", (event) => rove(event, bar));
  store.watch((what) => {
    if (what !== "answers") {
      redraw(bar, tools(store, openPaste));
      redraw(line, sentence(store));
      if (what === "ui" || what === "spec") redraw(legend, signs(store));
    }
  });
  redraw(bar, tools(store, openPaste));
  redraw(line, sentence(store));
  redraw(legend, signs(store));
}

/* Arrow keys walk through the toolbar, as its role promises. */
function rove(event, bar) {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key) || event.target.tagName !== "BUTTON") return;
  const all = Array.from(bar.querySelectorAll("button:not(:disabled), summary"));
  const at = all.indexOf(event.target);
  all[(at + (event.key === "ArrowRight" ? 1 : -1) + all.length) % all.length]?.focus();
  event.preventDefault();
}

function tool(words, name, act, more = {}) {
  const { bare = false, ...attributes } = more;
  return h(
    "button",
    {
      type: "button",
      class: name ? "dz-tool" : "dz-tool words",
      key: words,
      title: words,
      "aria-label": bare ? words : null,
      on: { click: act },
      ...attributes,
    },
    name ? icon(name) : null,
    bare ? null : h("span", {}, words),
  );
}

function menu(words, name, ...choices) {
  return h(
    "details",
    { class: "menu dz-menu", key: words },
    h("summary", { class: "dz-tool", title: words }, icon(name), h("span", {}, words)),
    h(
      "div",
      { class: "menu-list" },
      choices.map(([label, act, danger]) =>
        h(
          "button",
          {
            type: "button",
            class: danger ? "tone-bad" : null,
            on: {
              click: (event) => {
                event.currentTarget.closest("details").open = false;
                act();
              },
            },
          },
          label,
        ),
      ),
    ),
  );
}

function tools(store, openPaste) {
  const { ui } = store;
  const gap = h("span", { class: "dz-gap", "aria-hidden": "true" });
  const undone = store.past.at(-1)?.words;
  const redone = store.future.at(-1)?.words;
  return [
    tool("撤销", "arrow-uturn-left", () => store.undo(), {
      bare: true,
      disabled: !undone,
      title: undone ? `撤销：${undone}（Ctrl+Z）` : "没有可撤销的步骤",
    }),
    tool("重做", "arrow-uturn-right", () => store.redo(), {
      bare: true,
      disabled: !redone,
      title: redone ? `重做：${redone}（Ctrl+Y）` : "没有可重做的步骤",
    }),
    gap,
    menu(
      "插入行",
      "table-cells",
      ["在下面加一行", () => acts.addRow(store)],
      ["在上面加一行", () => acts.addRow(store, true)],
      ["在右边加一列", () => acts.addCol(store)],
      ["在左边加一列", () => acts.addCol(store, true)],
      ["删除选中的行", () => acts.dropRows(store), true],
      ["删除选中的列", () => acts.dropCols(store), true],
    ),
    tool("插入空", "squares-plus", () => acts.addBlank(store)),
    tool("合并", "arrows-pointing-in", () => acts.merge(store)),
    tool("拆分", "arrows-pointing-out", () => acts.split(store)),
    gap.cloneNode(),
    menu("对齐", "bars-3-bottom-left", ...ALIGNS.map(([value, words]) => [words, () => acts.align(store, value)]), [
      "按样式",
      () => acts.align(store, ""),
    ]),
    tool("折叠", "view-columns", () => acts.fold(store), { title: "把选中的行折叠起来" }),
    tool("粘贴整表", "clipboard-document-list", () => openPaste()),
    h("span", { class: "dz-push", key: "push" }),
    tool("缩小", "minus", () => acts.zoom(store, -0.1), { bare: true }),
    tool(`${Math.round(ui.zoom * 100)}%`, "", () => acts.zoom(store, 0), {
      key: "zoom",
      title: "恢复 100%",
      "aria-label": `放大 ${Math.round(ui.zoom * 100)}%，按下恢复 100%`,
    }),
    tool("放大", "plus", () => acts.zoom(store, 0.1), { bare: true }),
  ];
}

function sentence(store) {
  const { box, spec, ui } = store;
  const owner = cellAt(spec.layout, store.range.row, store.range.col);
  const one = place(box.top, box.left);
  const other = place(box.bottom, box.right);
  const count = store.cellCodes().length;
  const text = owner ? asText(owner.cell.content) : "";
  return [
    h("b", { class: "dz-at" }, one === other ? one : `${one}:${other}`),
    h("span", { class: "dz-count" }, count ? `${count} 个空` : owner ? "没有空" : "没有单元格"),
    ui.carried
      ? h(
          "span",
          { class: "dz-carry", key: "carry" },
          h("b", {}, `${ui.carried} `),
          itemOf(spec, ui.carried)?.label ?? "",
          h(
            "button",
            { type: "button", class: "btn btn-sm btn-outline", on: { click: () => acts.putHere(store) } },
            "放到这里",
          ),
          h("button", { type: "button", class: "link-button", on: { click: () => acts.carry(store, "") } }, "放弃"),
        )
      : h("input", {
          class: "dz-sentence",
          key: "sentence",
          type: "text",
          value: text,
          disabled: !owner || store.narrow,
          "aria-label": `${one} 的文字，{代码} 是空格，__ 是新的空格`,
          spellcheck: "false",
          on: {
            change: (event) => write(store, owner, event),
            keydown: (event) => {
              if (event.key === "Escape") {
                event.target.value = text;
                event.target.blur();
              }
              if (event.key === "Enter" && !event.isComposing) event.target.blur();
            },
          },
        }),
  ];
}

function write(store, owner, event) {
  const done = acts.write(store, owner.row, owner.cell.col, event.target.value);
  if (!done) event.target.value = asText(owner.cell.content);
}

function signs(store) {
  const chip = (name, letter, code, words) =>
    h("li", {}, h("span", { class: `dz-chip from-${name}` }, h("i", {}, letter), code), words);
  const used = store.spec.items.find((item) => item.formula)?.code;
  return [
    h(
      "ul",
      { class: "dz-signs", key: "signs" },
      chip("records", "账", "代码", "台账取数"),
      chip("formula", "ƒ", "代码", "公式"),
      chip("typed", "手", "代码", "手填"),
      chip("last_year", "年", "代码", "上年数"),
      chip("form", "表", "代码", "其他表"),
      used
        ? h("li", {}, h("span", { class: "dz-chip from-records used" }, h("i", {}, "账"), "代码"), "被所选公式引用")
        : null,
    ),
    h(
      "span",
      { class: "dz-carryhint" },
      store.code &&
        blanksOf(cellAt(store.spec.layout, store.range.row, store.range.col)?.cell.content).includes(store.code)
        ? "Alt+← → 在句中移动空格；拖动可放进别的句子"
        : "空格随句子排，宽度按单位留",
    ),
  ];
}
