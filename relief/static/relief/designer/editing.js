/* Typing inside a cell: the text with {代码} and __, what it will become is said while one types. */

import { h } from "./dom.js";
import { asText } from "./content.js";
import { cellAt, rowsOf } from "./grid.js";
import { readCell } from "./items.js";
import { writeCell } from "./typing.js";
import { addRow, write } from "./acts.js";

const HINT = "__ 新空格，{代码} 已有空格；Enter 完成，Ctrl+Enter 完成并加一行，Esc 放弃";

export const isEditing = (store) => Boolean(store.ui.editing);

/* Open a cell for typing; `text` replaces what stands there. */
export function startEditing(store, row, col, text = null) {
  if (store.narrow) return;
  const owner = cellAt(store.spec.layout, row, col);
  if (!owner) return;
  store.range = { row: owner.row, col: owner.cell.col, row2: owner.row, col2: owner.cell.col };
  store.ui.editing = { row: owner.row, col: owner.cell.col, text: text ?? asText(owner.cell.content), hint: "" };
  store.tell("edited");
  const field = document.querySelector(".dz-editor");
  field?.setSelectionRange(field.value.length, field.value.length);
}

export function editor(store) {
  const { editing } = store.ui;
  return [
    h("textarea", {
      class: "dz-editor",
      key: "editor",
      rows: Math.max(1, Math.ceil(editing.text.length / 40)),
      value: editing.text,
      "aria-label": "单元格文字：{代码} 是空格，__ 是新的空格",
      on: {
        input: (event) => onInput(store, event.target),
        keydown: (event) => onKey(store, event),
        blur: () => finish(store),
      },
    }),
    h("span", { class: "dz-hint", key: "hint", role: "status" }, editing.hint || HINT),
  ];
}

function onInput(store, field) {
  store.ui.editing.text = field.value;
  store.ui.editing.hint = foretold(store, field.value);
  const hint = field.parentElement.querySelector(".dz-hint");
  if (hint) hint.textContent = store.ui.editing.hint || HINT;
}

/* The sentence a change would end with, tried on a copy. */
function foretold(store, text) {
  try {
    return writeCell(structuredClone(store.spec), store.ui.editing.row, store.ui.editing.col, text)
      .words.replace("（可撤销）", "")
      .replace("已改文字", "");
  } catch (fault) {
    return fault.message;
  }
}

function onKey(store, event) {
  if (event.isComposing) return;
  const { row, col } = store.ui.editing;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    store.ui.editing = null;
    store.tell("edited");
  }
  if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
    event.preventDefault();
    finish(store);
    const owner = cellAt(store.spec.layout, row, col);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      addRow(store);
      store.select(store.range.row, col);
    } else if (event.key === "Enter")
      store.select(Math.min(row + (owner?.cell.rowspan ?? 1), rowsOf(store.spec.layout).length - 1), col);
    else store.select(row, Math.max(0, col + (event.shiftKey ? -1 : (owner?.cell.colspan ?? 1))));
    store.tell("edited");
  }
}

/* Write what was typed; a refused text stays open for correction. */
export function finish(store) {
  const { editing } = store.ui;
  if (!editing) return;
  store.ui.editing = null;
  try {
    readCell(store.spec, editing.row, editing.col, editing.text);
  } catch (fault) {
    store.say(fault.message, "bad");
  }
  if (!write(store, editing.row, editing.col, editing.text)) store.tell("ui");
}
