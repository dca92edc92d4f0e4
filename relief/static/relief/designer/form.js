/* Settings of the form as a whole: title, head lines, rounding, blocks, footnotes, seal, paper, one line per union. */

import { h } from "./dom.js";
import { Refusal, fitPaper, isList, totalWidth } from "./grid.js";
import { ORIENTATIONS, ROUNDINGS } from "./words.js";
import { choice, link, number, row, says, segments, text, tick } from "./fields.js";

const WORDS = [
  ["填报单位", "{union}"],
  ["填报人", "{filer}"],
  ["电话", "{phone}"],
  ["日期", "{date}"],
];

export function formPanel(store) {
  const { spec } = store;
  const { layout } = spec;
  const put = (words, recipe) => store.change(words, recipe);
  return [
    row(
      "标题",
      text(
        "title",
        spec.title,
        (title) =>
          put("标题", (draft) => {
            if (!title) throw new Refusal("标题不能空。");
            draft.title = title;
          }),
        { maxlength: 120, area: true },
      ),
    ),
    row(
      "标识",
      text(
        "id",
        spec.id,
        (id) =>
          put("标识", (draft) => {
            if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(id)) throw new Refusal("标识只能用小写字母、数字和连字符。");
            draft.id = id;
          }),
        { disabled: Boolean(store.previous), spellcheck: "false" },
      ),
      says(store.previous ? "新的一版沿用原来的标识" : `第 ${spec.version} 版`),
    ),
    row(
      "年度",
      number(
        "year",
        spec.titles_year ?? "",
        (year) =>
          put("年度", (draft) => {
            draft.titles_year = year === "" ? null : Number(year);
          }),
        { min: 1990, max: 2100 },
      ),
      h("span", { class: "unit" }, "标题里的年份"),
    ),
    row(
      "万元取整",
      choice("rounding", spec.rounding ?? "round_sum", ROUNDINGS, (value) =>
        put("取整方式", (draft) => {
          draft.rounding = value;
        }),
      ),
    ),
    row(
      "纸张",
      segments(
        "orientation",
        layout.orientation ?? "portrait",
        ORIENTATIONS,
        (value) =>
          put("纸张方向", (draft) => {
            draft.layout.orientation = value;
            fitPaper(draft.layout);
          }),
        "纸张",
      ),
      says(
        `各列共 ${totalWidth(layout)} 毫米`,
        totalWidth(layout) > (layout.orientation === "landscape" ? 277 : 190) ? "warn" : "",
      ),
    ),
    row(
      "一单位一行",
      tick("list", isList(layout), "各单位各印一行，上级的表列出单位和合计", (on) =>
        put("一单位一行", (draft) => (on ? toList(draft.layout) : toSheet(draft.layout))),
      ),
      isList(layout)
        ? tick("total", Boolean(layout.total), "印合计行", (on) =>
            put("合计行", (draft) => {
              draft.layout.total = on ? { label: "合计" } : null;
            }),
          )
        : null,
    ),
    row(
      "表头行",
      lines(
        spec.head.map((line) => line.join(" | ")),
        "head",
        (list) =>
          put("表头行", (draft) => {
            draft.head = list
              .map((line) =>
                line
                  .split("|")
                  .map((part) => part.trim())
                  .filter(Boolean),
              )
              .filter((line) => line.length);
          }),
      ),
      says("一行一行写，同一行用 | 隔开；{union} {filer} {phone} {date} 由系统填"),
    ),
    row(
      "插入",
      h(
        "div",
        { class: "dz-buttons" },
        WORDS.map(([words, mark]) =>
          link(words, () =>
            put("表头行", (draft) => {
              draft.head.push(words === "日期" ? [mark] : [`${words}：`, mark]);
            }),
          ),
        ),
      ),
    ),
    row(
      "分块",
      lines(
        spec.blocks.map((block) => `${block.no} ${block.title}`),
        "blocks",
        (list) =>
          put("分块", (draft) => {
            draft.blocks = list.map((line) => {
              const [no, ...title] = line.trim().split(/\s+/);
              return { no, title: title.join("") || no };
            });
          }),
      ),
      says("一行一块：编号 空格 名称"),
    ),
    row(
      "表下注",
      lines(layout.footnotes, "notes", (list) =>
        put("表下注", (draft) => {
          draft.layout.footnotes = list;
        }),
      ),
    ),
    row(
      "盖章处",
      tick("seal", layout.seal, "印“单位（盖章）”", (on) =>
        put("盖章处", (draft) => {
          draft.layout.seal = on;
        }),
      ),
    ),
  ];
}

function lines(list, key, act) {
  return text(
    key,
    list.join("\n"),
    (value) =>
      act(
        value
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
      ),
    { area: true, rows: Math.min(8, Math.max(2, list.length + 1)) },
  );
}

/* Head rows stay; the last row becomes the line that every union fills. */
function toList(layout) {
  const heads = layout.rows.filter((line) => line.cells.length && line.cells.every((cell) => cell.style === "head"));
  const rest = layout.rows.filter((line) => !heads.includes(line));
  if (rest.length > 1) throw new Refusal("一单位一行的表，表头下面只能有一行。先删去多余的行。");
  const cells =
    rest[0]?.cells ??
    layout.columns.map((_, col) => ({
      col,
      content: col === 0 ? [{ field: "no" }] : col === 1 ? [{ field: "union" }] : [],
    }));
  Object.assign(layout, {
    kind: "list",
    rows: heads,
    line: {
      ...(rest[0]?.height ? { height: rest[0].height } : {}),
      cells: cells.map(({ style, ...cell }) => ({ ...cell, ...(cell.rowspan ? { rowspan: 1 } : {}) })),
    },
    total: { label: "合计" },
  });
  if (!layout.rows.length) throw new Refusal("先给表头的单元格选“表头”样式，再改成一单位一行。");
}

function toSheet(layout) {
  layout.rows = [
    ...layout.rows,
    {
      ...layout.line,
      cells: layout.line.cells.map((cell) => ({
        style: (cell.content ?? []).some((piece) => piece.blank) ? "value" : "label",
        ...cell,
        content: (cell.content ?? []).filter((piece) => !piece.field),
      })),
    },
  ];
  for (const key of ["kind", "line", "total"]) delete layout[key];
}
