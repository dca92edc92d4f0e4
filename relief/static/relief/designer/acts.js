/* What buttons and keys of the canvas do; every one is a step that can be undone. */

import { Expired, Offline, post } from "./api.js";
import { asContent, asText, blanksOf, nudged, tidy, withBlank, without } from "./content.js";
import * as grid from "./grid.js";
import { addItems, blankBefore, freeCode, itemOf, newItem, placeOf, removeItems } from "./items.js";
import { blockOf, bracketedUnit, pastedLine, plainLabel, refine, writeCell } from "./typing.js";
import { place } from "./words.js";

const lastRow = (store) => grid.rowsOf(store.spec.layout).length - 1;
const lastCol = (store) => store.spec.layout.columns.length - 1;

export function selectAll(store) {
  store.range = { row: 0, col: 0, row2: lastRow(store), col2: lastCol(store) };
  toRange(store);
}
export function selectColumn(store, col) {
  store.range = { row: 0, col, row2: lastRow(store), col2: col };
  toRange(store);
}
export function selectRow(store, row) {
  store.range = { row, col: 0, row2: row, col2: lastCol(store) };
  toRange(store);
}
function toRange(store) {
  store.code = "";
  store.ui.tab = "cell";
  store.tell("selection");
}

/* ---------------------------------------------------------------- rows and columns */
export function addRow(store, above = false) {
  const { top, bottom } = store.box;
  const at = grid.rowsOf(store.spec.layout).length ? (above ? top : bottom + 1) : 0;
  const done = store.change(`插入第 ${at + 1} 行`, (spec) => grid.insertRow(spec.layout, at, above ? at : at - 1));
  if (done) store.select(at, store.range.col);
}
export function addCol(store, before = false) {
  const { left, right } = store.box;
  const at = before ? left : right + 1;
  if (store.change("插入一列", (spec) => grid.insertCol(spec.layout, at, before ? at : at - 1)))
    store.select(store.range.row, at);
}
export function dropRows(store) {
  const { top, bottom } = store.box;
  store.change("删除行", (spec) =>
    told(spec, grid.deleteRows(spec.layout, top, bottom), `删去 ${bottom - top + 1} 行`),
  );
  store.select(top, store.range.col);
}
export function dropCols(store) {
  const { left, right } = store.box;
  store.change("删除列", (spec) =>
    told(spec, grid.deleteCols(spec.layout, left, right), `删去 ${right - left + 1} 列`),
  );
  store.select(store.range.row, left);
}
function told(spec, codes, words) {
  removeItems(spec, codes);
  return codes.length
    ? `${words}和里面的 ${codes.length} 个空（${codes.slice(0, 6).join("、")}${codes.length > 6 ? "…" : ""}），可撤销`
    : `${words}，可撤销`;
}

export function merge(store) {
  const box = store.box;
  if (
    store.change(`合并 ${place(box.top, box.left)}:${place(box.bottom, box.right)}`, (spec) =>
      grid.merge(spec.layout, box),
    )
  )
    store.select(box.top, box.left);
}
export function split(store) {
  const box = store.box;
  store.change("拆分", (spec) => grid.split(spec.layout, box));
}

/* ---------------------------------------------------------------- look of cells */
export function paint(store, name, value, words) {
  const box = store.box;
  store.change(words, (spec) => grid.cellsIn(spec.layout, box).forEach(({ cell }) => grid.set(cell, name, value)));
}
export function align(store, value) {
  paint(store, "align", value, "对齐");
}
export function setWidth(store, col, width) {
  const right = Math.round(Math.max(4, Math.min(250, Number(width) || 4)) * 10) / 10;
  store.change(`列宽 ${right} 毫米`, (spec) => {
    spec.layout.columns[col].width = Number.isInteger(right) ? right : String(right);
  });
}
export function setHeight(store, height) {
  const { top, bottom } = store.box;
  store.change("行高", (spec) =>
    grid
      .rowsOf(spec.layout)
      .slice(top, bottom + 1)
      .forEach((line) => {
        if (height) line.height = String(height);
        else delete line.height;
      }),
  );
}

/* ---------------------------------------------------------------- content */
export function clear(store) {
  const box = store.box;
  if (store.code && store.ui.tab === "blank" && store.cellCodes().length > 1) return dropBlank(store, store.code);
  store.change("清空", (spec) => {
    const cells = grid.cellsIn(spec.layout, box);
    const codes = cells.flatMap(({ cell }) => blanksOf(cell.content));
    cells.forEach(({ cell }) => {
      cell.content = [];
    });
    return told(spec, codes, `清空 ${cells.length} 格`);
  });
}
export function dropBlank(store, code) {
  store.change("删除空格", (spec) => {
    removeItems(spec, [code]);
    return `删去空格 ${code}，可撤销`;
  });
}

/* A new blank at the end of the chosen cell, or one in each empty cell of the range. */
export function addBlank(store) {
  const box = store.box;
  const single = grid.cellsIn(store.spec.layout, box).length < 2;
  const made = [];
  store.change("插入空", (spec) => {
    for (const { row, cell } of grid.cellsIn(spec.layout, box)) {
      if (!single && (cell.content ?? []).length) continue;
      const inside = blanksOf(cell.content).at(-1);
      const near = inside ?? blankBefore(spec, row, cell.col);
      const code = freeCode(spec, near, Boolean(inside));
      const { label, unit } = namesOf(spec, row, cell);
      addItems(
        spec,
        [
          newItem(
            code,
            label ? `${label}${spec.items.some((item) => item.label === label) ? `（${code}）` : ""}` : "",
            unit,
            { block: blockOf(spec, row) },
          ),
        ],
        near,
      );
      cell.content = withBlank(cell.content ?? [], code);
      made.push(code);
    }
    if (!made.length) throw new grid.Refusal("选中的单元格都有内容了，没有可以插入的。");
    return made.length > 1 ? `插入 ${made.length} 个空：${made[0]} 至 ${made.at(-1)}` : `插入空格 ${made[0]}`;
  });
  if (made.length === 1) store.selectCode(made[0]);
}

/* Name and unit for a blank from the words to its left and the head above. */
function namesOf(spec, row, cell) {
  const owners = grid.ownersOf(spec.layout);
  const words = (owner) =>
    owner ? asText((owner.cell.content ?? []).filter((piece) => typeof piece === "string")) : "";
  const own = words({ cell });
  const left =
    own ||
    owners[row]
      .slice(0, cell.col)
      .filter(
        (one, at, all) => one && all.indexOf(one) === at && ["label", "measure"].includes(one.cell.style ?? "label"),
      )
      .map(words)
      .filter(Boolean)
      .join("：");
  const heads = owners
    .slice(0, row)
    .map((line) => line[cell.col])
    .filter((one) => one?.cell.style === "head")
    .map(words)
    .filter(Boolean);
  const head = heads.at(-1) ?? "";
  const label = [plainLabel(left), heads.length && !own ? plainLabel(head) : ""]
    .filter((word) => word && word !== "合计")
    .join("：");
  return { label, unit: bracketedUnit(left) || bracketedUnit(head) || bracketedUnit(spec.title) };
}

/* ---------------------------------------------------------------- moving blanks */
export function carry(store, code) {
  store.show({ carried: code });
  store.say(code ? `已拿起 ${code}：选一个单元格，按 Enter 或“放到这里”；Esc 放弃。` : "已放下。");
}
export function putHere(store) {
  moveBlank(store, store.ui.carried, store.range.row, store.range.col);
}
export function moveBlank(store, code, row, col, at = null) {
  const done = store.change(`移动 ${code}`, (spec) => {
    const target = grid.cellAt(spec.layout, row, col)?.cell;
    const from = placeOf(spec, code);
    if (!target || !itemOf(spec, code)) throw new grid.Refusal("这里没有单元格。");
    let spot = at;
    if (from) {
      if (from.cell === target && at) spot = shifted(target.content, code, at);
      from.cell.content = without(from.cell.content, code);
    }
    target.content = withBlank(target.content ?? [], code, spot);
    return `空格 ${code} 已放到 ${place(row, col)}`;
  });
  store.ui.carried = "";
  if (done) {
    store.selectCode(code);
    store.tell("edited");
  } else store.tell("ui");
}

/* The same place counted after the blank has left its own cell and its neighbours have grown together. */
function shifted(content, code, at) {
  const index = content.findIndex((piece) => piece.blank === code);
  if (at.piece < index) return at;
  if (at.piece === index) return { piece: index, offset: typeof content[index - 1] === "string" ? 0 : 0 };
  const joined = typeof content[index - 1] === "string" && typeof content[index + 1] === "string";
  if (joined && at.piece === index + 1) return { piece: index - 1, offset: content[index - 1].length + at.offset };
  return { piece: at.piece - (joined ? 2 : 1), offset: at.offset };
}

export function nudge(store, step) {
  const at = store.code && placeOf(store.spec, store.code);
  if (!at) return store.say("先选一个空格。");
  store.change(`移动 ${store.code}`, (spec) => {
    const { cell } = placeOf(spec, store.code);
    cell.content = tidy(nudged(cell.content, store.code, step));
  });
}

/* ---------------------------------------------------------------- text and clipboard */
export function write(store, row, col, text) {
  const owner = grid.cellAt(store.spec.layout, row, col);
  if (!owner || asText(owner.cell.content) === text) return false;
  let made = [];
  const line = pastedLine(store.spec, owner.row, owner.cell.col, text);
  const codes = blanksOf(asContent(text)).filter(Boolean);
  const done = store.change("改文字", (spec) => {
    const written = writeCell(spec, owner.row, owner.cell.col, text);
    made = written.made;
    return written.words;
  });
  if (
    done &&
    made.length &&
    /[^\s_＿]/.test(text.replace(/\{[^{}]*\}/g, "")) &&
    (!codes.length || made.length === codes.length)
  )
    recognised(store, line, made, codes.length > 0);
  return done;
}

/* Milliseconds; saving waits for an answer under way, but not for ever. */
const ANSWER_WITHIN = 8_000;

/* The server reads the same words and knows more of them; without it what was read here stays.
   One question at a time, in the order typed: the answer before may rename the blank that this line is 其中 of. */
function recognised(store, text, made, keepCodes) {
  const question = { made };
  store.questions.push(question);
  store.answered = store.answered.then(async () => {
    try {
      const unread = store.questions.flatMap((each) => each.made);
      const { status, body } = await post(
        store.urls.recognise,
        { text, spec: formWithout(store.spec, unread) },
        { signal: AbortSignal.timeout(ANSWER_WITHIN) },
      );
      if (status === 200) store.amend((spec) => refine(spec, made, body, { keepCodes }));
    } catch (fault) {
      if (!(fault instanceof Expired || fault instanceof Offline)) reportError(fault);
    } finally {
      store.questions = store.questions.filter((each) => each !== question);
    }
  });
}

/* The form as it was before these blanks, so that their own codes count as free. */
function formWithout(spec, codes) {
  const before = structuredClone(spec);
  removeItems(before, codes);
  return before;
}

export function copyCells(store, event, cut = false) {
  if (event.target.tagName === "TEXTAREA") return;
  const box = store.box;
  const lines = [];
  for (const { row, cell } of grid.cellsIn(store.spec.layout, box))
    (lines[row - box.top] ??= [])[cell.col - box.left] = asText(cell.content).replaceAll("\n", " ");
  event.clipboardData.setData(
    "text/plain",
    Array.from(lines, (line) => Array.from(line ?? [], (text) => text ?? "").join("\t")).join("\n"),
  );
  event.preventDefault();
  if (cut) clear(store);
}

/* A block of texts into the cells from the chosen one on, when they stand there already. */
export function writeBlock(store, table) {
  const { row, col } = store.range;
  store.change("粘贴文字", (spec) => {
    let count = 0;
    table.forEach((line, down) =>
      line.forEach((text, right) => {
        const owner = grid.cellAt(spec.layout, row + down, col + right);
        if (!owner || owner.row !== row + down || owner.cell.col !== col + right || asText(owner.cell.content) === text)
          return;
        writeCell(spec, row + down, col + right, text);
        count += 1;
      }),
    );
    return `粘贴了 ${count} 格`;
  });
}

/* ---------------------------------------------------------------- view */
export function fold(store) {
  let { top, bottom } = store.box;
  for (let grown = true; grown;) {
    grown = false;
    for (const owner of grid
      .ownersOf(store.spec.layout)
      .slice(top, bottom + 1)
      .flat()) {
      if (owner.row < top) {
        top = owner.row;
        grown = true;
      }
      if (grid.lastRow(owner) > bottom) {
        bottom = grid.lastRow(owner);
        grown = true;
      }
    }
  }
  if (bottom - top < 1) return store.say("选两行以上再折叠。");
  store.show({
    folds: [...store.ui.folds.filter(([from, to]) => to < top || from > bottom), [top, bottom]].sort(
      (a, b) => a[0] - b[0],
    ),
  });
}
export function zoom(store, step) {
  store.show({ zoom: step ? Math.round(Math.max(0.5, Math.min(1.6, store.ui.zoom + step)) * 10) / 10 : 1 });
}
