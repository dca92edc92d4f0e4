/* A blank taken with the mouse, from its cell or from the outline, and let go inside a sentence. */

import { moveBlank } from "./acts.js";

export function startDrag(store, event, code) {
  store.dragged = code;
  event.dataTransfer.setData("text/plain", `{${code}}`);
  event.dataTransfer.effectAllowed = "move";
}

export function dropOn(store, event, row, col) {
  if (!store.dragged) return;
  event.preventDefault();
  const code = store.dragged;
  store.dragged = "";
  moveBlank(store, code, row, col, spotAt(event));
}

/* The piece of the cell under the pointer, and where inside its text; null at an empty place. */
function spotAt(event) {
  const caret =
    document.caretPositionFromPoint?.(event.clientX, event.clientY) ??
    asCaret(document.caretRangeFromPoint?.(event.clientX, event.clientY));
  const holder = (
    caret?.offsetNode?.nodeType === Node.TEXT_NODE ? caret.offsetNode.parentElement : event.target
  ).closest?.("[data-piece]");
  if (!holder || !event.currentTarget.contains(holder)) return null;
  const piece = Number(holder.dataset.piece);
  if (holder.classList.contains("dz-text") && caret?.offsetNode?.parentElement === holder)
    return { piece, offset: caret.offset };
  const box = holder.getBoundingClientRect();
  return { piece, offset: event.clientX > box.left + box.width / 2 ? 1 : 0 };
}

function asCaret(range) {
  return range && { offsetNode: range.startContainer, offset: range.startOffset };
}
