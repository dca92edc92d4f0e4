/* Blanks as items of the form: new ones, renaming, removing, relations, what a formula names. */

import { CODE, asContent, blanksOf, without } from "./content.js";
import { Refusal, cellAt, rowsOf } from "./grid.js";
import { MONEY } from "./words.js";

const TOKEN = /\{([^{}]*)\}|\d+\.\d+|[A-Za-z0-9_]+/g;

export const itemOf = (spec, code) => (spec.items ?? []).find((item) => item.code === code);

/* Where the value of an item comes from, in one word of SOURCES. */
export function sourceOf(item) {
  if (item.formula !== null && item.formula !== undefined && item.formula !== "") return "formula";
  if (item.source?.terms) return "records";
  if (item.source?.last_year) return "last_year";
  if (item.source?.form) return "form";
  return "typed";
}

export function newItem(code, label = "", unit = "", more = {}) {
  const kind = more.kind ?? (MONEY.includes(unit) ? "money" : "number");
  return {
    code,
    label: label || `空格 ${code}`,
    printed: label || `空格 ${code}`,
    unit,
    places: kind === "money" ? 2 : 0,
    kind,
    required: true,
    over_children: kind === "number" || kind === "money" ? "sum" : "none",
    block: "",
    formula: null,
    printed_formula: null,
    source: null,
    ...more,
  };
}

/* The codes a formula or an expression names, in order. */
export function codesIn(text, spec) {
  const known = new Set(spec.items.map((item) => item.code));
  const found = [];
  for (const [whole, braced] of (text ?? "").matchAll(TOKEN)) {
    const code = braced === undefined ? whole : braced.split(":").at(-1);
    if (known.has(code) && !found.includes(code)) found.push(code);
  }
  return found;
}

function renamedText(text, old, code) {
  return (text ?? "").replace(TOKEN, (whole, braced) => {
    if (braced === undefined) return whole === old ? code : whole;
    const parts = braced.split(":");
    if (parts[0] !== "form" && parts.at(-1) === old) parts[parts.length - 1] = code;
    return `{${parts.join(":")}}`;
  });
}

/* Only the {…} of a sentence are codes; its other words stay. */
const renamedMessage = (text, old, code) => (text ?? "").replace(/\{[^{}]*\}/g, (mark) => renamedText(mark, old, code));

function renamedExample(example, old, code) {
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [
      name === old ? code : name.startsWith("form:") ? name : name.replace(new RegExp(`:${old}$`), `:${code}`),
      value,
    ]),
  );
}

/* Give a blank another code everywhere it is named. */
export function renameCode(spec, old, code) {
  if (!CODE.test(code)) throw new Refusal("代码只能用字母、数字和下划线，最多 16 个。");
  if (itemOf(spec, code)) throw new Refusal(`代码 ${code} 已经有了，换一个。`);
  for (const item of spec.items) {
    if (item.code === old) item.code = code;
    if (item.formula) item.formula = renamedText(item.formula, old, code);
  }
  for (const edge of spec.relations ?? []) {
    if (edge.child === old) edge.child = code;
    if (edge.parent === old) edge.parent = code;
  }
  for (const check of spec.checks ?? []) {
    check.expression = renamedText(check.expression, old, code);
    check.message = renamedMessage(check.message, old, code);
    check.items = (check.items ?? []).map((one) => (one === old ? code : one));
    for (const side of ["passing", "failing"])
      if (check[side]) check[side] = check[side].map((example) => renamedExample(example, old, code));
  }
  for (const line of rowsOf(spec.layout))
    for (const cell of line.cells) {
      for (const piece of cell.content ?? []) if (piece.blank === old) piece.blank = code;
      if (cell.style === "code" && cell.content?.length === 1 && cell.content[0] === old) cell.content = [code];
    }
}

/* Take blanks out of the form: items, relations and their places; formulas that named them are told as faults. */
export function removeItems(spec, codes) {
  const gone = new Set(codes);
  spec.items = spec.items.filter((item) => !gone.has(item.code));
  spec.relations = (spec.relations ?? []).filter((edge) => !gone.has(edge.child) && !gone.has(edge.parent));
  for (const line of rowsOf(spec.layout))
    for (const cell of line.cells)
      for (const code of blanksOf(cell.content)) if (gone.has(code)) cell.content = without(cell.content, code);
}

/* The cell a blank stands in as {row, cell}, or null while it stands nowhere. */
export function placeOf(spec, code) {
  const rows = rowsOf(spec.layout);
  for (let row = 0; row < rows.length; row += 1)
    for (const cell of rows[row].cells ?? []) if (blanksOf(cell.content).includes(code)) return { row, cell };
  return null;
}

export const unplaced = (spec) => {
  const placed = new Set(
    rowsOf(spec.layout).flatMap((line) => (line.cells ?? []).flatMap((cell) => blanksOf(cell.content))),
  );
  return spec.items.filter((item) => !placed.has(item.code));
};

/* A code nobody has yet: B6 → B7, 09A → 09B, 08C → 08C1; `near` is the blank it follows, `inside` means another blank of its sentence. */
export function freeCode(spec, near = "", inside = false, taken = new Set()) {
  const free = (code) => CODE.test(code) && !itemOf(spec, code) && !taken.has(code);
  const root = near || "S0";
  if (inside)
    for (let n = 1; n < 500; n += 1) {
      const code = /\d$/.test(root) ? `${root}_${n}` : `${root}${n}`;
      if (free(code)) return code;
    }
  const letter = root.match(/^(.*\d)?([A-Y])$/);
  if (letter)
    for (let n = letter[2].charCodeAt(0) + 1; n <= 90; n += 1) {
      const code = (letter[1] ?? "") + String.fromCharCode(n);
      if (free(code)) return code;
    }
  const [, stem, digits] = root.match(/^(.*?)(\d*)$/);
  for (let n = Number(digits || 0) + 1; n < 10_000; n += 1) {
    const code = stem + String(n).padStart(digits.length, "0");
    if (free(code)) return code;
  }
  throw new Refusal("没有空着的代码了。");
}

/* The blank before a place in reading order, to name the next one after it. */
export function blankBefore(spec, row, col) {
  let found = "";
  rowsOf(spec.layout).forEach((line, at) =>
    line.cells.forEach((cell) => {
      if (at < row || (at === row && cell.col < col)) found = blanksOf(cell.content).at(-1) ?? found;
    }),
  );
  return found || spec.items.at(-1)?.code || "";
}

/* Put new items behind the one they follow, so that the list keeps the order of the paper. */
export function addItems(spec, items, behind = "") {
  const at = spec.items.findIndex((item) => item.code === behind);
  spec.items.splice(at < 0 ? spec.items.length : at + 1, 0, ...items);
}

export function setRelation(spec, child, parent, kind) {
  spec.relations = (spec.relations ?? []).filter((edge) => !(edge.child === child && edge.parent === parent));
  if (!kind) return;
  if (child === parent) throw new Refusal("一个空不能属于自己。");
  spec.relations.push({ child, parent, kind });
}

/* What the typed text of a cell brings: its pieces, and which of its blanks are new. Blanks left out of the text are told too. */
export function readCell(spec, row, col, text) {
  const owner = cellAt(spec.layout, row, col);
  const before = blanksOf(owner?.cell.content);
  const content = asContent(text);
  const codes = blanksOf(content).filter(Boolean);
  const twice = codes.find((code, at) => codes.indexOf(code) !== at);
  if (twice) throw new Refusal(`空格 ${twice} 在这一格里写了两次，只能有一次。`);
  const elsewhere = codes.find((code) => !before.includes(code) && itemOf(spec, code) && placeOf(spec, code));
  return {
    content,
    dropped: before.filter((code) => !codes.includes(code)),
    unknown: codes.filter((code) => !itemOf(spec, code)),
    unnamed: content.filter((piece) => piece.blank === "").length,
    elsewhere,
  };
}
