/* The words of the designer: one place for every list of choices. */

export const SOURCES = [
  ["typed", "手填"],
  ["records", "台账"],
  ["formula", "公式"],
  ["last_year", "上年"],
  ["form", "其他表"],
];
export const LETTERS = { typed: "手", records: "账", formula: "ƒ", last_year: "年", form: "表" };
export const KINDS = [
  ["number", "数"],
  ["money", "金额"],
  ["text", "文字"],
  ["date", "日期"],
];
export const OVER_CHILDREN = [
  ["sum", "相加"],
  ["distinct_household", "不重复户"],
  ["distinct_person", "不重复人"],
  ["none", "不汇总"],
];
export const RELATIONS = [
  ["subset", "其中，≤"],
  ["partition", "分项，="],
  ["memo", "备注，不查"],
];
export const SEVERITIES = [
  ["refuse", "错误"],
  ["ask", "核实"],
  ["hint", "提示"],
];
export const SEVERITY_TONES = { refuse: "bad", ask: "warn", hint: "info" };
export const CHECK_KINDS = [
  ["within", "表内"],
  ["between", "表间"],
  ["ledger", "与台账"],
  ["last_year", "与上年"],
];
export const WHEN_EMPTY = [
  ["skip", "有空着的就不查"],
  ["zero", "空着当作 0"],
];
export const ROUNDINGS = [
  ["round_sum", "先相加再取整"],
  ["sum_of_rounded", "各项取整后相加"],
];
export const ORIENTATIONS = [
  ["portrait", "A4 纵向"],
  ["landscape", "A4 横向"],
];
export const STYLES = [
  ["head", "表头"],
  ["no", "编号"],
  ["code", "代码"],
  ["label", "项目"],
  ["measure", "计量"],
  ["value", "数值"],
  ["sentence", "句子"],
  ["row_no", "行号"],
  ["letter", "字母"],
];
export const ALIGNS = [
  ["left", "靠左"],
  ["center", "居中"],
  ["right", "靠右"],
];
export const FIELDS = [
  ["no", "序号"],
  ["union", "单位"],
];
export const DEFAULT_ALIGNS = { label: "left", measure: "left", sentence: "left", value: "right" };
export const UNITS = [
  "家",
  "人",
  "人次",
  "户",
  "户次",
  "对",
  "件",
  "场次",
  "场",
  "个",
  "张",
  "列",
  "节",
  "辆",
  "艘",
  "架",
  "份",
  "元",
  "万元",
];
export const MONEY = ["元", "万元"];

export const labelOf = (pairs, value) => pairs.find(([one]) => one === value)?.[1] ?? value;

/* Columns as letters: 0 → A, 26 → AA. */
export function letters(col) {
  return col < 26 ? String.fromCharCode(65 + col) : letters(Math.floor(col / 26) - 1) + letters(col % 26);
}
export const place = (row, col) => `${letters(col)}${row + 1}`;
export const clock = (date = new Date()) =>
  `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
