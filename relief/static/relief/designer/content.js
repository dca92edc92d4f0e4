/* The inside of a cell: pieces (text, blank, printed formula, field of a list line) and the same as one line of text. */

import { FIELDS, labelOf } from "./words.js";

export const CODE = /^[A-Za-z0-9_]{1,16}$/;
const MARK = /\{=([^{}]*)\}|\{([^{}]*)\}|(_{2,}|＿{2,})/g;

export const blanksOf = (content) => (content ?? []).filter((piece) => piece.blank).map((piece) => piece.blank);

/* "为 {08A} 名职工" for the pieces of a cell; a printed formula as {=B=B1+B2}. */
export function asText(content) {
  return (content ?? [])
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece.blank) return `{${piece.blank}}`;
      if (piece.formula !== undefined) return `{=${piece.formula}}`;
      return `{${labelOf(FIELDS, piece.field)}}`;
    })
    .join("");
}

/* The pieces of a text; `__` is a blank that has no code yet ({blank: ""}). */
export function asContent(text) {
  const pieces = [];
  const push = (piece) => {
    if (piece === "") return;
    if (typeof piece === "string" && typeof pieces.at(-1) === "string") pieces[pieces.length - 1] += piece;
    else pieces.push(piece);
  };
  let from = 0;
  for (const found of text.matchAll(MARK)) {
    push(text.slice(from, found.index));
    from = found.index + found[0].length;
    const field = FIELDS.find(([, words]) => words === found[2]);
    if (found[1] !== undefined) push({ formula: found[1] });
    else if (found[3]) push({ blank: "" });
    else if (field) push({ field: field[0] });
    else if (CODE.test(found[2])) push({ blank: found[2] });
    else push(found[0]);
  }
  push(text.slice(from));
  return pieces;
}

/* Take a blank out of a cell; the texts around it grow together. */
export function without(content, code) {
  return tidy(content.filter((piece) => piece.blank !== code));
}

/* The pieces with a blank at `at` = {piece, offset}; at the end, but before a closing stop, when no place is named. */
export function withBlank(content, code, at = null) {
  const next = structuredClone(content ?? []);
  if (!at || at.piece >= next.length) {
    const last = next.at(-1);
    const stop = typeof last === "string" ? last.search(/[。；;，,]?\s*$/) : -1;
    if (stop < 0) return [...next, { blank: code }];
    return tidy([...next.slice(0, -1), last.slice(0, stop), { blank: code }, last.slice(stop)]);
  }
  const hit = next[at.piece];
  const parts =
    typeof hit === "string"
      ? [hit.slice(0, at.offset), { blank: code }, hit.slice(at.offset)]
      : at.offset
        ? [hit, { blank: code }]
        : [{ blank: code }, hit];
  next.splice(at.piece, 1, ...parts);
  return tidy(next);
}

/* Move a blank one sign to the left (-1) or right (1) inside its sentence. */
export function nudged(content, code, step) {
  const at = content.findIndex((piece) => piece.blank === code);
  const side = content[at + step];
  if (at < 0 || side === undefined) return content;
  const next = structuredClone(content);
  if (typeof side !== "string") {
    [next[at], next[at + step]] = [next[at + step], next[at]];
    return next;
  }
  const moved = step > 0 ? side.slice(0, 1) : side.slice(-1);
  const rest = step > 0 ? side.slice(1) : side.slice(0, -1);
  next.splice(
    Math.min(at, at + step),
    2,
    ...(step > 0 ? [moved, { blank: code }, rest] : [rest, { blank: code }, moved]),
  );
  return tidy(next);
}

export function tidy(content) {
  const next = [];
  for (const piece of content) {
    if (piece === "") continue;
    if (typeof piece === "string" && typeof next.at(-1) === "string") next[next.length - 1] += piece;
    else next.push(piece);
  }
  return next;
}
