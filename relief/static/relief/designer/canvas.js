/* The paper form: rows and columns with heads, cells, blanks as chips; selection, keys, typing, dragging. */

import { h, redraw } from "./dom.js";
import { asText, blanksOf } from "./content.js";
import { cellAt, isList, lastCol, lastRow, lineRow, ownersOf, rowsOf, totalWidth } from "./grid.js";
import { codesIn, itemOf, sourceOf } from "./items.js";
import { DEFAULT_ALIGNS, FIELDS, LETTERS, SOURCES, labelOf, letters, place } from "./words.js";
import * as acts from "./acts.js";
import { editor, isEditing, startEditing } from "./editing.js";
import { dropOn, startDrag } from "./dragging.js";
import { handle } from "./widths.js";

const HEAD_WORDS = { "{union}": " ", "{filer}": " ", "{phone}": " ", "{date}": "　　年　　月　　日" };

export function mountCanvas(store, root, openPaste) {
  const draw = () => redraw(root, paper(store), welcome(store, openPaste));
  let hadFocus = false;
  let drawn = "";
  root.addEventListener("focusin", () => {
    hadFocus = true;
  });
  root.addEventListener("focusout", (event) => {
    hadFocus = root.contains(event.relatedTarget);
  });
  root.addEventListener("keydown", (event) => onKey(store, event));
  root.addEventListener("mousedown", (event) => onDown(store, event));
  document.addEventListener("mouseup", () => {
    store.marking = false;
  });
  root.addEventListener("mouseover", (event) => onOver(store, event));
  // A click beside the cells means the paper too: what is pasted next has to arrive.
  root.addEventListener("click", () => {
    if (root.contains(document.activeElement) || document.querySelector("dialog[open]")) return;
    root.querySelector("td.active")?.focus({ preventScroll: true });
  });
  root.addEventListener("dblclick", (event) => {
    const at = spotOf(event.target);
    if (at && !store.narrow) startEditing(store, at.row, at.col);
  });
  root.addEventListener("copy", (event) => acts.copyCells(store, event));
  root.addEventListener("cut", (event) => acts.copyCells(store, event, true));
  store.watch((what) => {
    if (what === "answers") return paintFaults(store, root);
    if (what === "spec") fit(store, root, draw);
    const looks = `${store.ui.folds}|${store.ui.editing?.row}`;
    if (what === "selection" && looks === drawn) paintSelection(store, root);
    else draw();
    drawn = looks;
    if (what === "selection" || what === "spec" || what === "edited")
      follow(store, root, hadFocus || what === "edited");
  });
  new ResizeObserver(() => fit(store, root, draw)).observe(root);
  draw();
}

/* An empty form says how to begin. */
function welcome(store, openPaste) {
  if (store.spec.items.length || store.narrow) return null;
  return h(
    "div",
    { class: "dz-empty", key: "welcome" },
    h("p", {}, "还没有空格。最快的办法：从 Excel 或 Word 复制整张表，点一下这张纸，按 Ctrl+V。"),
    h(
      "div",
      { class: "dz-buttons" },
      h("button", { type: "button", class: "btn btn-outline", on: { click: () => openPaste() } }, "粘贴整张表"),
      h("button", { type: "button", class: "btn btn-outline", on: { click: () => acts.addRow(store) } }, "加一行"),
    ),
  );
}

/* Pixels of a millimetre, so that the sheet fills the room it has. */
function fit(store, root, draw) {
  const millimetres = totalWidth(store.spec.layout);
  const scale = Math.max(2.8, Math.min(4.6, (root.clientWidth - 36) / millimetres));
  if (!root.clientWidth || Math.abs(scale - store.ui.scale) < 0.02) return;
  store.ui.scale = scale;
  draw();
}

/* The chosen cell is in sight and, while one works in the grid, has the focus. */
function follow(store, root, focus) {
  if (isEditing(store)) return root.querySelector("textarea")?.focus();
  const cell = root.querySelector("td.active");
  if (!cell) return;
  if (focus && !root.closest("[inert]")) cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/* ---------------------------------------------------------------- drawing */
function paper(store) {
  const { spec, ui } = store;
  const layout = spec.layout;
  const cols = layout.columns.length;
  const widths = layout.columns.map((column) => Math.round(Number(column.width) * ui.scale));
  const total = widths.reduce((sum, width) => sum + width, 34);
  return h(
    "div",
    { class: "dz-zoomed", key: "zoomed", look: { zoom: String(ui.zoom) } },
    h(
      "table",
      {
        class: "dz-paper",
        role: "grid",
        "aria-label": "表样版面",
        "aria-multiselectable": "true",
        look: { width: `${total}px` },
        key: "paper",
      },
      h(
        "colgroup",
        {},
        h("col", { class: "dz-no" }),
        widths.map((width, col) => h("col", { look: { width: `${width}px` }, key: `w${col}` })),
      ),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h(
            "th",
            { class: "dz-corner" },
            h("button", {
              type: "button",
              class: "dz-all",
              "aria-label": "全选",
              tabindex: "-1",
              on: { click: () => acts.selectAll(store) },
            }),
          ),
          widths.map((width, col) => columnHead(store, col)),
        ),
      ),
      h("tbody", {}, titleRows(store, cols), rows(store), listTotal(store, cols), footRows(store, cols)),
    ),
  );
}

function columnHead(store, col) {
  const { left, right } = store.box;
  const on = col >= left && col <= right;
  return h(
    "th",
    { scope: "col", class: on ? "on" : null, key: `h${col}` },
    h(
      "button",
      {
        type: "button",
        tabindex: "-1",
        title: `选第 ${letters(col)} 列，宽 ${store.spec.layout.columns[col].width} 毫米`,
        on: { click: () => acts.selectColumn(store, col) },
      },
      letters(col),
    ),
    handle(store, col),
  );
}

function titleRows(store, cols) {
  const { title, head } = store.spec;
  const open = () => store.show({ tab: "form" });
  return [
    h(
      "tr",
      { key: "title", class: "dz-outside" },
      h("th", { scope: "row" }, "题"),
      h("td", { colspan: cols, class: "dz-title", on: { click: open } }, title || "（还没有标题）"),
    ),
    head.map((line, at) =>
      h(
        "tr",
        { key: `head${at}`, class: "dz-outside" },
        h("th", { scope: "row" }, "头"),
        h(
          "td",
          { colspan: cols, on: { click: open } },
          h(
            "div",
            { class: "dz-headline" },
            pairs(line).map((pair) =>
              h(
                "span",
                {},
                pair.map((text) =>
                  h("span", { class: HEAD_WORDS[text] === " " ? "dz-line" : null }, HEAD_WORDS[text] ?? text),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  ];
}

/* A word and the blank behind it stay together. */
function pairs(line) {
  const joined = [];
  for (const text of line)
    if (HEAD_WORDS[text] === " " && joined.length && joined.at(-1).length === 1) joined.at(-1).push(text);
    else joined.push([text]);
  return joined;
}

function footRows(store, cols) {
  const { footnotes, seal } = store.spec.layout;
  const open = () => store.show({ tab: "form" });
  return [
    footnotes.map((note, at) =>
      h(
        "tr",
        { key: `foot${at}`, class: "dz-outside" },
        h("th", { scope: "row" }, "注"),
        h("td", { colspan: cols, class: "dz-note", on: { click: open } }, note),
      ),
    ),
    seal
      ? h(
          "tr",
          { key: "seal", class: "dz-outside" },
          h("th", { scope: "row" }, "章"),
          h("td", { colspan: cols, class: "dz-note", on: { click: open } }, "单位（盖章）"),
        )
      : null,
  ];
}

function listTotal(store, cols) {
  if (!isList(store.spec.layout)) return null;
  const total = store.spec.layout.total;
  return h(
    "tr",
    { key: "total", class: "dz-outside" },
    h("th", { scope: "row" }, "合"),
    h("td", { colspan: cols, class: "dz-note" }, total ? `${total.label}（各单位相加，自动）` : "没有合计行"),
  );
}

function rows(store) {
  const drawn = [];
  const { folds } = store.ui;
  const all = rowsOf(store.spec.layout);
  const owners = ownersOf(store.spec.layout);
  const used = new Set(store.item?.formula ? codesIn(store.item.formula, store.spec) : []);
  const faults = faultPlaces(store);
  const box = store.box;
  const active = owners[store.range.row]?.[store.range.col]?.cell;
  for (let row = 0; row < all.length; row += 1) {
    const fold = folds.find(([from]) => from === row);
    if (fold) {
      drawn.push(foldLine(store, fold));
      row = fold[1];
      continue;
    }
    const height = all[row].height ? `${Math.max(24, Math.round(Number(all[row].height) * store.ui.scale))}px` : null;
    drawn.push(
      h(
        "tr",
        {
          key: `r${row}`,
          class: row === lineRow(store.spec.layout) ? "dz-list-line" : null,
          look: height ? { height } : {},
        },
        h(
          "th",
          { scope: "row", class: row >= box.top && row <= box.bottom ? "on" : null },
          h(
            "button",
            {
              type: "button",
              tabindex: "-1",
              "aria-label": `选第 ${row + 1} 行`,
              on: { click: () => acts.selectRow(store, row) },
            },
            row === lineRow(store.spec.layout) ? "每单位" : String(row + 1),
          ),
        ),
        owners[row]
          .filter((owner, col) => owner && owner.row === row && owner.cell.col === col)
          .map(({ cell }) => cellBox(store, row, cell, { used, faults, box, active })),
      ),
    );
  }
  return drawn;
}

function foldLine(store, [from, to]) {
  const codes = rowsOf(store.spec.layout)
    .slice(from, to + 1)
    .flatMap((line) => line.cells.flatMap((cell) => blanksOf(cell.content)));
  return h(
    "tr",
    { key: `f${from}`, class: "dz-fold" },
    h("th", { scope: "row" }, "⋮"),
    h(
      "td",
      { colspan: store.spec.layout.columns.length },
      `第 ${from + 1} 至 ${to + 1} 行（共 ${codes.length} 个空）已折叠 `,
      h(
        "button",
        {
          type: "button",
          class: "link-button",
          on: { click: () => store.show({ folds: store.ui.folds.filter(([one]) => one !== from) }) },
        },
        "展开",
      ),
    ),
  );
}

function cellBox(store, row, cell, { used, faults, box, active }) {
  const inside = row >= box.top && row <= box.bottom && cell.col >= box.left && cell.col <= box.right;
  const top = active === cell;
  const style = cell.style ?? "label";
  const align = cell.align ?? DEFAULT_ALIGNS[style] ?? "center";
  const editing = store.ui.editing?.row === row && store.ui.editing?.col === cell.col;
  const codes = blanksOf(cell.content);
  const bad = codes.some((code) => faults.codes.has(code)) || faults.cells.has(place(row, cell.col));
  const name = `${place(row, cell.col)} ${asText(cell.content) || "空单元格"}`;
  return h(
    "td",
    {
      key: `c${row}-${cell.col}`,
      class: [
        `sheet-${style.replace("_", "-")}`,
        `sheet-${align}`,
        inside ? "in" : "",
        top ? "active" : "",
        bad ? "bad" : "",
        editing ? "editing" : "",
        tight(store, cell) ? "tight" : "",
      ]
        .filter(Boolean)
        .join(" "),
      colspan: cell.colspan ?? 1,
      rowspan: spanShown(store, row, cell),
      "data-row": row,
      "data-col": cell.col,
      tabindex: top ? "0" : "-1",
      "aria-selected": inside ? "true" : "false",
      "aria-label": editing ? null : name,
      on: {
        dragover: (event) => {
          if (store.dragged) event.preventDefault();
        },
        drop: (event) => dropOn(store, event, row, cell.col),
      },
    },
    editing ? editor(store) : (cell.content ?? []).map((piece, at) => pieceOf(store, piece, at, used)),
  );
}

/* What stands in a narrow column is drawn small. */
function tight(store, cell) {
  const width = store.spec.layout.columns
    .slice(cell.col, cell.col + (cell.colspan ?? 1))
    .reduce((sum, column) => sum + Number(column.width), 0);
  return (
    width * store.ui.scale < 40 ||
    (width * store.ui.scale < 76 && cell.content?.length === 1 && blanksOf(cell.content).length === 1)
  );
}

/* A merged cell is drawn shorter by the rows folded away inside it. */
function spanShown(store, row, cell) {
  const end = row + (cell.rowspan ?? 1) - 1;
  return (
    (cell.rowspan ?? 1) - store.ui.folds.reduce((sum, [from, to]) => sum + (from > row && to <= end ? to - from : 0), 0)
  );
}

function pieceOf(store, piece, at, used) {
  if (typeof piece === "string") return h("span", { "data-piece": at, class: "dz-text" }, piece);
  if (piece.formula !== undefined) return h("span", { "data-piece": at, class: "dz-printed" }, piece.formula);
  if (piece.field) return h("span", { "data-piece": at, class: "dz-field" }, labelOf(FIELDS, piece.field));
  return chip(store, piece.blank, at, used);
}

function chip(store, code, at, used) {
  const item = itemOf(store.spec, code);
  const source = item ? sourceOf(item) : "typed";
  const chosen = store.code === code;
  const classes = [
    "dz-chip",
    `from-${source}`,
    chosen ? "chosen" : "",
    used.has(code) ? "used" : "",
    item ? "" : "lost",
    store.ui.carried === code ? "carried" : "",
  ];
  return h(
    "span",
    {
      class: classes.filter(Boolean).join(" "),
      role: "button",
      tabindex: "-1",
      draggable: store.narrow ? null : "true",
      "data-piece": at,
      "data-code": code,
      key: `b${code}`,
      "aria-pressed": chosen ? "true" : "false",
      title: item
        ? `${code} ${item.label}${item.unit ? `（${item.unit}）` : ""}，${labelOf(SOURCES, source)}`
        : `${code} 不是本表的项目`,
      on: {
        dragstart: (event) => startDrag(store, event, code),
        dragend: () => {
          store.dragged = "";
        },
      },
    },
    h("i", {}, LETTERS[source]),
    code,
  );
}

function faultPlaces(store) {
  const codes = new Set();
  const cells = new Set();
  for (const fault of store.answers.faults) {
    for (const code of fault.codes ?? []) codes.add(code);
    if (fault.cell) cells.add(place(...fault.cell));
  }
  return { codes, cells };
}

/* Another selection moves a few classes; the paper itself is not drawn again. */
function paintSelection(store, root) {
  const { box, spec } = store;
  const active = cellAt(spec.layout, store.range.row, store.range.col);
  const used = new Set(store.item?.formula ? codesIn(store.item.formula, spec) : []);
  for (const cell of root.querySelectorAll("td[data-row]")) {
    const row = Number(cell.dataset.row);
    const col = Number(cell.dataset.col);
    const top = Boolean(active) && active.row === row && active.cell.col === col;
    const inside = row >= box.top && row <= box.bottom && col >= box.left && col <= box.right;
    cell.classList.toggle("in", inside);
    cell.classList.toggle("active", top);
    cell.tabIndex = top ? 0 : -1;
    if (cell.ariaSelected !== String(inside)) cell.ariaSelected = String(inside);
  }
  root
    .querySelectorAll("thead th:not(.dz-corner)")
    .forEach((head, col) => head.classList.toggle("on", col >= box.left && col <= box.right));
  for (const head of root.querySelectorAll("tbody tr[data-key^=r] > th")) {
    const row = Number(head.parentElement.dataset.key.slice(1));
    head.classList.toggle("on", row >= box.top && row <= box.bottom);
  }
  for (const chip of root.querySelectorAll(".dz-chip")) {
    chip.classList.toggle("chosen", chip.dataset.code === store.code);
    chip.classList.toggle("used", used.has(chip.dataset.code));
    chip.ariaPressed = String(chip.dataset.code === store.code);
  }
}

function paintFaults(store, root) {
  const { codes, cells } = faultPlaces(store);
  for (const box of root.querySelectorAll("td[data-row]")) {
    const inside = Array.from(box.querySelectorAll("[data-code]"), (one) => one.dataset.code);
    box.classList.toggle(
      "bad",
      inside.some((code) => codes.has(code)) || cells.has(place(Number(box.dataset.row), Number(box.dataset.col))),
    );
  }
}

/* ---------------------------------------------------------------- hands */
function spotOf(target) {
  const box = target.closest?.("td[data-row]");
  return (
    box && {
      row: Number(box.dataset.row),
      col: Number(box.dataset.col),
      code: target.closest("[data-code]")?.dataset.code ?? "",
    }
  );
}

function onDown(store, event) {
  const at = spotOf(event.target);
  if (!at || event.button !== 0 || event.target.closest("textarea")) return;
  store.marking = !at.code;
  store.select(at.row, at.col, { extend: event.shiftKey, code: at.code });
  event.currentTarget.querySelector("td.active")?.focus({ preventScroll: true });
  if (!at.code) event.preventDefault();
}

function onOver(store, event) {
  if (!store.marking || event.buttons !== 1) return;
  const at = spotOf(event.target);
  if (at && (at.row !== store.range.row2 || at.col !== store.range.col2))
    store.select(at.row, at.col, { extend: true });
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(store, event) {
  if (event.target.tagName === "TEXTAREA" || event.isComposing || !event.target.closest("td, .dz-chip")) return;
  const command = event.ctrlKey || event.metaKey;
  const move = MOVES[event.key];
  if (move && event.altKey) {
    event.preventDefault();
    return acts.nudge(store, move[1] || move[0]);
  }
  if (move) {
    event.preventDefault();
    return walk(store, move, event.shiftKey, command);
  }
  if (command || event.altKey) return;
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    if (store.ui.carried) return acts.putHere(store);
    return startEditing(store, store.range.row, store.range.col);
  }
  if (event.key === "Escape") {
    if (store.ui.carried) acts.carry(store, "");
    else store.select(store.range.row, store.range.col);
    return;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    return acts.clear(store);
  }
  if (event.key === " ") {
    event.preventDefault();
    return nextBlank(store);
  }
  if (event.key === "Home" || event.key === "End") {
    event.preventDefault();
    return store.select(store.range.row2, event.key === "Home" ? 0 : store.spec.layout.columns.length - 1, {
      extend: event.shiftKey,
    });
  }
  if (event.key.length === 1 && !store.narrow) startEditing(store, store.range.row, store.range.col, "");
}

/* One step, over a whole merged cell and over what is folded. */
function walk(store, [down, right], extend, far) {
  const { layout } = store.spec;
  const at = extend ? [store.range.row2, store.range.col2] : [store.range.row, store.range.col];
  const owner = cellAt(layout, ...at);
  let row = down > 0 ? (owner ? lastRow(owner) : at[0]) + 1 : down < 0 ? (owner?.row ?? at[0]) - 1 : at[0];
  let col = right > 0 ? (owner ? lastCol(owner) : at[1]) + 1 : right < 0 ? (owner?.cell.col ?? at[1]) - 1 : at[1];
  if (far) {
    if (down) row = down > 0 ? rowsOf(layout).length - 1 : 0;
    if (right) col = right > 0 ? layout.columns.length - 1 : 0;
  }
  const fold = store.ui.folds.find(([from, to]) => row >= from && row <= to);
  if (fold) row = down < 0 ? fold[0] - 1 : fold[1] + 1;
  if (row < 0 || col < 0) return;
  store.select(row, col, { extend });
}

/* The blanks of the cell one after the other: Space. */
function nextBlank(store) {
  const codes = store.cellCodes();
  if (!codes.length) return;
  store.code = codes[(codes.indexOf(store.code) + 1) % codes.length];
  store.ui.tab = "blank";
  store.tell("selection");
}
