/* Operations on the layout: rows, columns, merges. They change the layout they are given; a Refusal says why one cannot be done. */

import { blanksOf } from "./content.js";

export class Refusal extends Error {}

export const isList = (layout) => layout.kind === "list";

/* The rows as shown: those of the sheet, or the head rows and the one line of a list. */
export function rowsOf(layout) {
  return isList(layout) ? [...(layout.rows ?? []), layout.line ?? { cells: [] }] : (layout.rows ??= []);
}
export const lineRow = (layout) => (isList(layout) ? rowsOf(layout).length - 1 : -1);

/* Who owns each place: owners[row][col] = {row, cell}. */
export function ownersOf(layout) {
  const rows = rowsOf(layout);
  const owners = rows.map(() => []);
  rows.forEach((line, row) =>
    (line.cells ?? []).forEach((cell) => {
      for (let down = 0; down < (cell.rowspan ?? 1); down += 1) {
        for (let right = 0; right < (cell.colspan ?? 1); right += 1)
          if (owners[row + down]) owners[row + down][cell.col + right] = { row, cell };
      }
    }),
  );
  return owners;
}

export const cellAt = (layout, row, col) => ownersOf(layout)[row]?.[col] ?? null;
export const lastRow = (owner) => owner.row + (owner.cell.rowspan ?? 1) - 1;
export const lastCol = (owner) => owner.cell.col + (owner.cell.colspan ?? 1) - 1;

/* The range as {top, left, bottom, right}, grown until no merged cell is cut. */
export function spread(layout, range) {
  const owners = ownersOf(layout);
  let { top, left, bottom, right } = {
    top: Math.min(range.row, range.row2),
    bottom: Math.max(range.row, range.row2),
    left: Math.min(range.col, range.col2),
    right: Math.max(range.col, range.col2),
  };
  for (let grown = true; grown;) {
    grown = false;
    for (let row = top; row <= bottom; row += 1) {
      for (let col = left; col <= right; col += 1) {
        const owner = owners[row]?.[col];
        if (!owner) continue;
        const next = {
          top: Math.min(top, owner.row),
          left: Math.min(left, owner.cell.col),
          bottom: Math.max(bottom, lastRow(owner)),
          right: Math.max(right, lastCol(owner)),
        };
        if (next.top !== top || next.left !== left || next.bottom !== bottom || next.right !== right) {
          ({ top, left, bottom, right } = next);
          grown = true;
        }
      }
    }
  }
  return { top, left, bottom, right };
}

/* The cells that begin in the range, in reading order, as {row, cell}. */
export function cellsIn(layout, box) {
  return rowsOf(layout).flatMap((line, row) =>
    (line.cells ?? [])
      .filter((cell) => row >= box.top && row <= box.bottom && cell.col >= box.left && cell.col <= box.right)
      .map((cell) => ({ row, cell })),
  );
}

const sorted = (line) => line.cells.sort((a, b) => a.col - b.col);
const emptyLike = (owner, col, colspan = 1, style = owner?.cell.style ?? "label") => ({
  col,
  ...(colspan > 1 ? { colspan } : {}),
  style,
  ...(owner?.cell.align ? { align: owner.cell.align } : {}),
  content: [],
});

/* Below a head comes what the head announces: numbers, codes, labels, values. */
function styleUnder(owner, last) {
  if (!owner || owner.cell.style !== "head") return undefined;
  const words = owner.cell.content.filter((piece) => typeof piece === "string").join("");
  if (/编号|序号|行号/.test(words)) return "no";
  if (/代码/.test(words)) return "code";
  return lastCol(owner) === last || /[（(].{1,4}[)）]|数|金额|合计/.test(words) ? "value" : "label";
}

/* Rows for a change: of a sheet its own, of a list the head rows only. */
function changeable(layout, from, to = from) {
  if (isList(layout) && to >= layout.rows.length)
    throw new Refusal("一单位一行的表只有一行填数，不能再加、删或并到这一行。");
  return layout.rows;
}

export function insertRow(layout, at, like = at - 1) {
  const rows = changeable(layout, Math.min(at, (layout.rows ?? []).length - 1), isList(layout) ? at - 1 : at);
  const owners = ownersOf(layout);
  const cells = [];
  for (let col = 0; col < layout.columns.length;) {
    const above = owners[at - 1]?.[col];
    const below = owners[at]?.[col];
    const model = owners[like]?.[col];
    if (above && below && above.cell === below.cell) {
      above.cell.rowspan += 1;
      col = lastCol(above) + 1;
      continue;
    }
    const wide = model && model.cell.col === col ? (model.cell.colspan ?? 1) : 1;
    const free =
      owners[at - 1]
        ?.slice(col, col + wide)
        .every((one, i) => !one || !owners[at]?.[col + i] || one.cell !== owners[at][col + i].cell) ?? true;
    cells.push(
      emptyLike(
        model,
        col,
        free ? wide : 1,
        like === at - 1 ? styleUnder(model, layout.columns.length - 1) : undefined,
      ),
    );
    col += free ? wide : 1;
  }
  rows.splice(at, 0, { ...(rows[like]?.height ? { height: rows[like].height } : {}), cells });
}

/* Take rows away; answers the codes of the blanks that stood in them. */
export function deleteRows(layout, from, to) {
  const rows = changeable(layout, from, to);
  const gone = [];
  for (const { row, cell } of cellsIn(layout, {
    top: 0,
    left: 0,
    bottom: rows.length - 1,
    right: layout.columns.length - 1,
  })) {
    const end = row + (cell.rowspan ?? 1) - 1;
    if (end < from || row > to) continue;
    const lost = Math.min(end, to) - Math.max(row, from) + 1;
    const left = (cell.rowspan ?? 1) - lost;
    if (!left) {
      gone.push(...blanksOf(cell.content));
      continue;
    }
    cell.rowspan = left;
    if (row >= from) {
      rows[row].cells.splice(rows[row].cells.indexOf(cell), 1);
      rows[to + 1].cells.push(cell);
      sorted(rows[to + 1]);
    }
  }
  rows.splice(from, to - from + 1);
  return gone;
}

export function insertCol(layout, at, like = at - 1) {
  const rows = rowsOf(layout);
  const owners = ownersOf(layout);
  const seen = new Set();
  rows.forEach((line, row) => {
    const before = owners[row][at - 1];
    const after = owners[row][at];
    const model = owners[row][like];
    if (before && after && before.cell === after.cell) {
      if (!seen.has(before.cell)) {
        before.cell.colspan += 1;
        seen.add(before.cell);
      }
      return;
    }
    line.cells.push({ ...emptyLike(model, at), fresh: true });
  });
  rows.forEach((line) => {
    line.cells.forEach((cell) => {
      if (cell.fresh) delete cell.fresh;
      else if (cell.col >= at) cell.col += 1;
    });
    sorted(line);
  });
  const width = layout.columns[like]?.width ?? 20;
  layout.columns.splice(at, 0, { width });
  fitPaper(layout);
}

export function deleteCols(layout, from, to) {
  if (to - from + 1 >= layout.columns.length) throw new Refusal("表至少要留一列。");
  const gone = [];
  rowsOf(layout).forEach((line) => {
    line.cells = line.cells.filter((cell) => {
      const end = cell.col + (cell.colspan ?? 1) - 1;
      const lost = Math.max(0, Math.min(end, to) - Math.max(cell.col, from) + 1);
      const left = (cell.colspan ?? 1) - lost;
      if (!left) {
        gone.push(...blanksOf(cell.content));
        return false;
      }
      if (lost) cell.colspan = left;
      if (cell.col > to) cell.col -= to - from + 1;
      else if (cell.col >= from) cell.col = from;
      return true;
    });
  });
  layout.columns.splice(from, to - from + 1);
  return gone;
}

/* One cell from all cells of the range: their contents follow each other, the first one gives style and place. */
export function merge(layout, box) {
  changeable(layout, box.top, isList(layout) && box.top === box.bottom ? box.top - 1 : box.bottom);
  const inside = cellsIn(layout, box);
  const rows = rowsOf(layout);
  if (inside.length < 2) throw new Refusal("先选两个以上的单元格，再合并。");
  const [first, ...others] = inside;
  const head = first.cell;
  for (const { row, cell } of others) {
    if (cell.content?.length)
      head.content = [
        ...(head.content ?? []),
        ...(head.content?.length && typeof head.content.at(-1) === "string" ? [""] : []),
        ...cell.content,
      ].filter((piece) => piece !== "");
    rows[row].cells.splice(rows[row].cells.indexOf(cell), 1);
  }
  head.col = box.left;
  set(head, "colspan", box.right - box.left + 1);
  set(head, "rowspan", box.bottom - box.top + 1);
}

/* A merged cell back into single ones; the content stays in the first. */
export function split(layout, box) {
  const rows = rowsOf(layout);
  const merged = cellsIn(layout, box).filter(({ cell }) => (cell.colspan ?? 1) > 1 || (cell.rowspan ?? 1) > 1);
  if (!merged.length) throw new Refusal("选中的单元格没有合并过。");
  for (const { row, cell } of merged) {
    const [wide, high] = [cell.colspan ?? 1, cell.rowspan ?? 1];
    set(cell, "colspan", 1);
    set(cell, "rowspan", 1);
    for (let down = 0; down < high; down += 1) {
      for (let right = 0; right < wide; right += 1)
        if (down || right) rows[row + down].cells.push(emptyLike({ cell }, cell.col + right));
      sorted(rows[row + down]);
    }
  }
}

export function set(cell, name, value) {
  if (value === 1 || value === "" || value === null) delete cell[name];
  else cell[name] = value;
}

/* Keep the columns on the paper: when they are too wide together, all shrink alike (whole tenths of a millimetre). */
export function fitPaper(layout) {
  const most = layout.orientation === "landscape" ? 273 : 186;
  const total = layout.columns.reduce((sum, column) => sum + Number(column.width), 0);
  if (total > most)
    layout.columns.forEach((column) => {
      column.width = Math.max(5, Math.floor((Number(column.width) * most * 10) / total) / 10);
    });
}

export const totalWidth = (layout) =>
  Math.round(layout.columns.reduce((sum, column) => sum + Number(column.width), 0) * 10) / 10;
