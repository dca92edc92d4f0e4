/* The right edge of a column head: drag it for the width; the number field of the cell is the way without a mouse. */

import { h } from "./dom.js";
import { setWidth } from "./acts.js";
import { letters } from "./words.js";

export function handle(store, col) {
  return h("span", {
    class: "dz-handle",
    key: `handle${col}`,
    title: `拖动改 ${letters(col)} 列宽`,
    "aria-hidden": "true",
    "data-col": col,
    on: { pointerdown: (event) => begin(store, col, event) },
  });
}

function begin(store, col, event) {
  if (store.narrow) return;
  event.preventDefault();
  event.stopPropagation();
  const { scale } = store.ui;
  const grip = event.currentTarget;
  const from = event.clientX;
  const width = Number(store.spec.layout.columns[col].width);
  const table = grip.closest("table");
  const column = table.querySelectorAll("col")[col + 1];
  const wanted = (to) => Math.max(4, width + (to - from) / scale / store.ui.zoom);
  const move = (moved) => {
    column.style.width = `${wanted(moved.clientX) * scale}px`;
  };
  const end = (last) => {
    grip.removeEventListener("pointermove", move);
    grip.removeEventListener("pointerup", end);
    setWidth(store, col, wanted(last.clientX).toFixed(1));
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", end);
}
