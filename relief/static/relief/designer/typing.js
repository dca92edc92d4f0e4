/* What is read out of a typed label or sentence: new blanks with name, unit, 其中 and the printed formula. */

import { asText, blanksOf } from "./content.js";
import { cellAt, ownersOf, rowsOf } from "./grid.js";
import {
  addItems,
  blankBefore,
  freeCode,
  itemOf,
  newItem,
  readCell,
  removeItems,
  renameCode,
  placeOf,
} from "./items.js";
import { UNITS } from "./words.js";

const BY_LENGTH = [...UNITS].sort((a, b) => b.length - a.length);
const BRACKETED = /[（(]\s*([^（()）]{1,4})\s*[)）]/g;
const PRINTED = /[（(]?\s*([A-Za-z0-9_]{1,16})\s*[=＝]\s*([A-Za-z0-9_]+(?:\s*[+＋\-－]\s*[A-Za-z0-9_]+)+)\s*[)）]?/;
const OF_WHICH = /^[\s:：，,；;、]*(?:其中|其中：|其中:|of which)/;

/* The unit in brackets, if the words name one. */
export function bracketedUnit(text) {
  return (
    [...(text ?? "").matchAll(BRACKETED)]
      .map(([, word]) => word)
      .find((word) => UNITS.includes(word) || /^[万千百]?元$/.test(word)) ?? ""
  );
}
export const unitBehind = (text) => {
  const rest = (text ?? "").replace(/^\s+/, "");
  return BY_LENGTH.find((unit) => rest.startsWith(unit)) ?? (/^名/.test(rest) ? "人" : "");
};
export const plainLabel = (text) =>
  (text ?? "")
    .replace(PRINTED, "")
    .replace(BRACKETED, (whole, word) => (UNITS.includes(word) ? "" : whole))
    .replace(OF_WHICH, "其中")
    .replace(/[_＿]+/g, "")
    .replace(/^[\s:：，,；;、。]+|[\s:：，,；;、。]+$/g, "")
    .trim();

export function printedFormula(text) {
  const found = (text ?? "").match(PRINTED);
  return found
    ? {
        code: found[1],
        formula: found[2].replaceAll("＋", "+").replaceAll("－", "-").replace(/\s+/g, ""),
        printed: found[0].replace(/^[（(]|[)）]$/g, "").trim(),
      }
    : null;
}

/* Write typed text into a cell. New codes and `__` become items; a label beside empty value cells makes a blank in each. */
export function writeCell(spec, row, col, text) {
  const read = readCell(spec, row, col, text);
  const cell = cellAt(spec.layout, row, col)?.cell;
  if (!cell) return { words: "", made: [] };
  if (read.elsewhere) takeOut(spec, read.elsewhere);
  const made = [];
  let near = blankBefore(spec, row, cell.col);
  let inside = false;
  read.content.forEach((piece, at) => {
    if (piece.blank === undefined) return;
    const known = piece.blank && itemOf(spec, piece.blank);
    if (!known) {
      const code = piece.blank || (!inside && rowCode(spec, row, cell)) || freeCode(spec, near, inside);
      piece.blank = code;
      const item = itemFor(spec, code, read.content, at, row, cell.col);
      addItems(spec, [item], near);
      made.push(item);
      if (inside && /其中/.test(textBefore(read.content, at)))
        spec.relations.push({ child: code, parent: near, kind: "subset" });
    }
    near = piece.blank;
    inside = true;
  });
  cell.content = pieces(read.content, spec, made);
  if (read.dropped.length) removeItems(spec, read.dropped);
  if (!made.length && !inside && isLabel(cell)) made.push(...fillRow(spec, row, cell, text));
  return { words: told(made, read.dropped), made: made.map((item) => item.code) };
}

function takeOut(spec, code) {
  const at = placeOf(spec, code);
  if (at) at.cell.content = at.cell.content.filter((piece) => piece.blank !== code);
}
function textBefore(content, at) {
  return typeof content[at - 1] === "string" ? content[at - 1] : "";
}
function textBehind(content, at) {
  return typeof content[at + 1] === "string" ? content[at + 1] : "";
}
const isLabel = (cell) => ["label", "measure", "sentence"].includes(cell.style ?? "label");

/* A printed number and letter of the row give the code: 08 + （C） → 08C. */
function rowCode(spec, row, cell) {
  const owners = ownersOf(spec.layout)[row];
  const words = owners
    .slice(0, cell.col)
    .filter((one, at) => one && one.cell.col === at)
    .map(({ cell: left }) => asText(left.content).replace(/[（()）\s]/g, ""));
  const joined = words.filter((word) => /^[A-Za-z0-9]{1,3}$/.test(word)).join("");
  return joined && !itemOf(spec, joined) ? joined : "";
}

function itemFor(spec, code, content, at, row, col) {
  const before = textBefore(content, at);
  const behind = textBehind(content, at);
  const head = before || behind ? "" : headOver(spec, ownersOf(spec.layout), row, col);
  const unit = unitBehind(behind) || bracketedUnit(before) || bracketedUnit(behind) || bracketedUnit(head);
  const label = plainLabel(before.split(/[；;。]/).at(-1)) || plainLabel(behind) || plainLabel(head);
  return newItem(code, unique(spec, label || code), unit, { block: blockOf(spec, row), ...kindOf(label, unit) });
}

/* Words that name a day or a text make a blank of that kind, when no unit says otherwise. */
function kindOf(label, unit) {
  if (unit) return {};
  if (/(日期|时间|年月日)$/.test(label)) return { kind: "date", over_children: "none" };
  if (/(号|姓名|名称|单位|地址|电话|说明|备注)$/.test(label)) return { kind: "text", over_children: "none" };
  return {};
}

/* Two blanks never have one name: the second says its code. */
function unique(spec, label) {
  return spec.items.some((item) => item.label === label)
    ? `${label}（${spec.items.filter((item) => item.label.startsWith(label)).length + 1}）`
    : label;
}

export function blockOf(spec, row) {
  const rows = rowsOf(spec.layout);
  for (let at = Math.min(row, rows.length - 1); at >= 0; at -= 1) {
    const known = rows[at].cells
      .flatMap((cell) => blanksOf(cell.content))
      .map((code) => itemOf(spec, code)?.block)
      .find(Boolean);
    if (known) return known;
  }
  return spec.blocks[0]?.no ?? "";
}

/* A typed label with empty value cells to its right: a blank in each, named by label and column head. */
function fillRow(spec, row, cell, text) {
  const label = plainLabel(text);
  const owners = ownersOf(spec.layout);
  if (!label || (cell.style ?? "label") === "sentence") return [];
  const free = owners[row].filter(
    (one, at) =>
      one &&
      one.row === row &&
      one.cell.col === at &&
      at > cell.col &&
      one.cell.style === "value" &&
      !(one.cell.content ?? []).length,
  );
  const made = [];
  let near = blankBefore(spec, row, cell.col);
  const printed = printedFormula(text);
  for (const { cell: empty } of free) {
    const head = free.length > 1 ? headOver(spec, owners, row, empty.col) : "";
    const code =
      printed && free.length === 1 && !itemOf(spec, printed.code)
        ? printed.code
        : (!made.length && codeBeside(spec, owners, row, cell.col)) || freeCode(spec, near);
    const unit =
      bracketedUnit(text) || bracketedUnit(headOver(spec, owners, row, empty.col)) || bracketedUnit(spec.title);
    const item = newItem(code, unique(spec, head ? `${label}：${plainLabel(head)}` : label), unit, {
      block: blockOf(spec, row),
      ...kindOf(label, unit),
    });
    item.printed = text;
    if (printed && printed.code === code)
      Object.assign(item, { formula: printed.formula, printed_formula: printed.printed });
    empty.content = [{ blank: code }];
    const beside =
      free.length === 1 &&
      owners[row].find((one) => one?.row === row && one.cell.style === "code" && !(one.cell.content ?? []).length);
    if (beside) beside.cell.content = [code];
    addItems(spec, [item], near);
    made.push(item);
    near = code;
  }
  return made;
}

function codeBeside(spec, owners, row, col) {
  const words = owners[row]
    .slice(0, col)
    .map((one) => (one?.cell.style === "code" ? asText(one.cell.content).trim() : ""))
    .find(Boolean);
  return words && !itemOf(spec, words) ? words : "";
}

function headOver(spec, owners, row, col) {
  for (let at = row - 1; at >= 0; at -= 1)
    if (owners[at]?.[col]?.cell.style === "head") return asText(owners[at][col].cell.content);
  return "";
}

/* The printed formula of a sentence stands as a piece of its own, so that the paper prints it small. */
function pieces(content, spec, made) {
  for (const item of made) {
    const printed = printedFormula(asText(content.filter((piece) => typeof piece === "string")));
    if (printed?.code === item.code)
      Object.assign(item, { formula: printed.formula, printed_formula: printed.printed });
  }
  return content;
}

/* The line as it would be pasted: number and letter of its row, then the words with ____ for each blank. */
export function pastedLine(spec, row, col, text) {
  const owners = ownersOf(spec.layout);
  const left = owners[row]
    .slice(0, col)
    .filter((one, at, all) => one && all.indexOf(one) === at)
    .map((one) => asText(one.cell.content).trim());
  let number = "";
  for (let at = row; at >= 0 && !number; at -= 1)
    number =
      owners[at]
        .slice(0, col)
        .map((one) => asText(one?.cell.content).trim())
        .find((word) => /^\d{1,2}$/.test(word)) ?? "";
  const mark = left.filter((word) => word && word !== number).at(-1) ?? "";
  return [number, mark, text.replace(/\{[A-Za-z0-9_]+\}|_{2,}|＿{2,}/g, "____")].filter(Boolean).join("\t");
}

/* Take names, units and relations that the server read out of the same words; codes too, while they are only proposals. */
export function refine(spec, codes, proposal, { keepCodes }) {
  if (proposal.items.length !== codes.length || codes.some((code) => !itemOf(spec, code))) return "";
  const now = new Map();
  codes.forEach((code, at) => {
    const {
      code: wanted,
      label,
      printed,
      measure,
      unit,
      places,
      kind,
      over_children: over,
      formula,
      printed_formula: line,
    } = proposal.items[at];
    const item = itemOf(spec, code);
    Object.assign(item, {
      label: spec.items.some((one) => one !== item && one.label === label) ? item.label : label,
      printed,
      unit: unit || item.unit,
    });
    if (measure) item.measure = measure;
    if (unit) Object.assign(item, { places, kind, over_children: over });
    if (formula && !item.formula) Object.assign(item, { formula, printed_formula: line });
    if (!keepCodes && wanted !== code && !itemOf(spec, wanted)) {
      renameCode(spec, code, wanted);
      now.set(wanted, wanted);
    } else now.set(wanted, code);
  });
  const mine = new Set(now.values());
  const edges = proposal.relations
    .map((edge) => ({ ...edge, child: now.get(edge.child) ?? edge.child, parent: now.get(edge.parent) ?? edge.parent }))
    .filter((edge) => mine.has(edge.child) && itemOf(spec, edge.parent));
  spec.relations = [...spec.relations.filter((edge) => !mine.has(edge.child)), ...edges];
  // A printed comparison becomes a check when it still speaks of the blanks by their own codes.
  for (const check of proposal.checks ?? [])
    if (
      check.items.every((code) => (now.get(code) ?? code) === code && itemOf(spec, code)) &&
      !spec.checks.some((one) => one.key === check.key)
    )
      spec.checks.push(check);
  const made = [...mine].map((code) => itemOf(spec, code));
  return told(made, []);
}

function told(made, dropped) {
  const parts = [];
  if (made.length)
    parts.push(`新建 ${made.length} 个空：${made.map((item) => `${item.code} ${item.unit}`).join("、")}`);
  if (dropped.length) parts.push(`去掉 ${dropped.join("、")}`);
  return parts.length ? `${parts.join("；")}（可撤销）` : "已改文字";
}
