/* The form under work: its data, what is selected, and every step back and forth. */

import { rowsOf, spread, Refusal } from "./grid.js";
import { placeOf, itemOf } from "./items.js";
import { blanksOf } from "./content.js";

const STEPS_KEPT = 300;

export class Store {
  constructor({ spec, catalogue, state }) {
    this.spec = withParts(spec);
    this.catalogue = catalogue;
    this.previous = state.previous;
    this.urls = state.urls;
    this.savedVersion = state.version;
    this.answers = { faults: state.faults ?? [], examples: state.examples ?? [], formulas: state.formulas ?? {} };
    this.range = { row: 0, col: 0, row2: 0, col2: 0 };
    this.code = "";
    this.ui = {
      tab: "blank",
      preview: "page",
      zoom: 1,
      scale: 3.6,
      query: "",
      closed: new Set(),
      folds: [],
      carried: "",
      editing: null,
      check: "",
      compare: false,
    };
    this.said = { text: "", tone: "" };
    this.past = [];
    this.future = [];
    this.listeners = [];
    this.questions = [];
    this.answered = Promise.resolve();
    this.narrow = false;
  }

  watch(listener) {
    this.listeners.push(listener);
    return this;
  }

  /* Tell every part what has changed: "spec", "selection", "answers", "saved" or "ui". */
  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  /* One step that can be undone: `recipe` changes a copy and may refuse with a sentence; what it returns is said or answered. */
  change(words, recipe) {
    if (this.narrow) return this.say("窄屏上只能看，不能改。", "warn");
    const next = structuredClone(this.spec);
    let answer;
    try {
      answer = recipe(next);
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      this.say(fault.message, "bad");
      return false;
    }
    if (JSON.stringify(next) === JSON.stringify(this.spec)) return false;
    this.past.push({ spec: this.spec, words, range: this.range, code: this.code });
    if (this.past.length > STEPS_KEPT) this.past.shift();
    this.future = [];
    this.spec = next;
    this.mend();
    this.say(typeof answer === "string" ? answer : `完成：${words}`);
    this.tell("spec");
    return true;
  }

  /* Something the server adds to the step just done; it goes back together with that step. */
  amend(recipe) {
    const next = structuredClone(this.spec);
    let said;
    try {
      said = recipe(next);
    } catch (fault) {
      if (fault instanceof Refusal) return;
      throw fault;
    }
    if (JSON.stringify(next) === JSON.stringify(this.spec)) return;
    this.spec = next;
    this.mend();
    if (said) this.say(said);
    this.tell("spec");
  }

  undo() {
    this.step(this.past, this.future, "已撤销");
  }
  redo() {
    this.step(this.future, this.past, "已重做");
  }

  step(from, to, said) {
    const back = from.pop();
    if (!back) return this.say("没有可以" + said.slice(1) + "的步骤。");
    to.push({ spec: this.spec, words: back.words, range: this.range, code: this.code });
    this.spec = back.spec;
    this.range = back.range;
    this.code = back.code;
    this.mend();
    this.say(`${said}：${back.words}`);
    this.tell("spec");
  }

  /* Another spec as a whole (theirs after a stale save, a copy kept on this computer): a step like any other. */
  replace(words, spec) {
    return this.change(words, (draft) => {
      for (const key of Object.keys(draft)) delete draft[key];
      Object.assign(draft, withParts(structuredClone(spec)));
    });
  }

  say(text, tone = "") {
    this.said = { text, tone, at: Date.now() };
    this.tell("ui");
    return false;
  }

  show(changes) {
    Object.assign(this.ui, changes);
    this.tell("ui");
  }

  select(row, col, { extend = false, code = "" } = {}) {
    const rows = rowsOf(this.spec.layout).length;
    const cols = this.spec.layout.columns.length;
    const clamp = (n, most) => Math.max(0, Math.min(n, most - 1));
    const [toRow, toCol] = [clamp(row, rows), clamp(col, cols)];
    this.range = extend
      ? { ...this.range, row2: toRow, col2: toCol }
      : { row: toRow, col: toCol, row2: toRow, col2: toCol };
    const inside = this.cellCodes();
    this.code =
      code ||
      (extend ? (inside.length === 1 ? inside[0] : "") : inside.includes(this.code) ? this.code : (inside[0] ?? ""));
    this.ui.tab = inside.length ? "blank" : "cell";
    this.tell("selection");
  }

  /* Show a blank wherever it stands. */
  selectCode(code) {
    const at = placeOf(this.spec, code);
    if (at) this.range = { row: at.row, col: at.cell.col, row2: at.row, col2: at.cell.col };
    this.code = code;
    this.ui.tab = "blank";
    if (at) this.ui.folds = this.ui.folds.filter(([from, to]) => at.row < from || at.row > to);
    this.tell("selection");
  }

  get box() {
    return spread(this.spec.layout, this.range);
  }
  get item() {
    return itemOf(this.spec, this.code);
  }

  /* The blanks of the selected cells, in reading order. */
  cellCodes() {
    const box = this.box;
    return rowsOf(this.spec.layout).flatMap((line, row) =>
      row < box.top || row > box.bottom
        ? []
        : line.cells
            .filter((cell) => cell.col >= box.left && cell.col <= box.right)
            .flatMap((cell) => blanksOf(cell.content)),
    );
  }

  /* After a step back the selection may point outside. */
  mend() {
    const rows = rowsOf(this.spec.layout).length;
    const cols = this.spec.layout.columns.length;
    const inside = (n, most) => Math.max(0, Math.min(n, most - 1));
    const { row, col, row2, col2 } = this.range;
    this.range = { row: inside(row, rows), col: inside(col, cols), row2: inside(row2, rows), col2: inside(col2, cols) };
    if (this.code && !itemOf(this.spec, this.code)) this.code = "";
    this.ui.folds = this.ui.folds.filter(([, to]) => to < rows);
    if (this.ui.carried && !itemOf(this.spec, this.ui.carried)) this.ui.carried = "";
  }
}

/* A spec with every list there, so that the parts need not ask. */
function withParts(spec) {
  spec.items ??= [];
  spec.relations ??= [];
  spec.checks ??= [];
  spec.blocks ??= [];
  spec.head ??= [];
  spec.layout ??= {};
  spec.layout.columns ??= [];
  spec.layout.rows ??= [];
  spec.layout.footnotes ??= [];
  if (!spec.layout.columns.length) spec.layout.columns = [{ width: 14 }, { width: 110 }, { width: 40 }];
  return spec;
}
