/* A whole sheet of labels in one step: text is recognised by the server, shown, and taken over with one confirmation. */

import { byId, h, redraw } from "./dom.js";
import { Expired, Offline, latest, post, reasonOf } from "./api.js";
import { isList, ownersOf, lastRow, fitPaper } from "./grid.js";
import { itemOf } from "./items.js";
import { setUnit } from "./settings.js";
import { RELATIONS, labelOf } from "./words.js";
import * as acts from "./acts.js";

export function mountPaste(store) {
  const box = byId("designer-paste");
  const held = { text: "", proposal: null, fault: "", where: "after" };
  const ask = latest(async (signal) => {
    try {
      const answer = await post(store.urls.recognise, { text: held.text, spec: store.spec }, { signal });
      Object.assign(
        held,
        answer.status === 200 ? { proposal: answer.body, fault: "" } : { proposal: null, fault: reasonOf(answer) },
      );
    } catch (fault) {
      if (fault instanceof Expired || fault instanceof Offline) held.fault = "现在连不上服务器，稍后再试。";
      else throw fault;
    }
    held.busy = false;
    draw();
  }, 250);
  const type = (text) => {
    Object.assign(held, { text, busy: Boolean(text.trim()), proposal: null, fault: "" });
    draw();
    if (held.busy) ask();
  };
  const draw = () => redraw(box, dialog(store, box, held, type, draw));
  return (text = "") => {
    held.where = isEmpty(store) ? "replace" : "after";
    type(text);
    box.showModal();
    byId("paste-text").value = text;
    byId(text ? "paste-take" : "paste-text")?.focus();
  };
}

/* Text pasted onto the paper: several lines are a sheet, one line goes into the cells. */
export function listenPaste(store, root, open) {
  root.addEventListener("paste", (event) => {
    if (event.target.tagName === "TEXTAREA" || store.narrow) return;
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r/g, "").replace(/\n+$/, "");
    if (!text) return;
    event.preventDefault();
    const table = text.split("\n").map((line) => line.split("\t"));
    // One row is a table, too, where there is nothing yet: the heads of a list.
    const whole = table.length > 1 || (isEmpty(store) && table[0].length > 2);
    if (whole && !/\{[A-Za-z0-9_]+\}/.test(text)) open(text);
    else acts.writeBlock(store, table);
  });
}

const isEmpty = (store) => !store.spec.items.length;

function dialog(store, box, held, type, draw) {
  const { proposal } = held;
  const count = proposal?.items?.length ?? 0;
  return [
    h("h2", { id: "paste-title", key: "title" }, "粘贴整张表"),
    h(
      "p",
      { key: "how" },
      "从 Excel、Word 或通知里复制整张表，粘在这里。单位（括号里的）、“其中”、印出的公式、____ 和句子里的空会认出来；看过再加进表里。",
    ),
    h("textarea", {
      id: "paste-text",
      key: "text",
      class: "form-control",
      rows: proposal ? 5 : 12,
      value: held.text,
      "aria-label": "表里的文字",
      spellcheck: "false",
      on: { input: (event) => type(event.target.value) },
    }),
    h(
      "div",
      { key: "result", class: "dz-result", role: "status" },
      held.fault
        ? h("p", { class: "tone-bad" }, held.fault)
        : held.busy
          ? h("p", { class: "quiet" }, "正在认…")
          : proposal
            ? found(proposal, draw)
            : null,
    ),
    proposal?.line && !isEmpty(store)
      ? h("p", { class: "tone-warn", key: "where" }, "清单每个单位一行，会换掉现在的表（可撤销）。")
      : null,
    proposal && !proposal.line && !isEmpty(store)
      ? h(
          "div",
          { class: "dz-where", key: "where" },
          [
            [
              "after",
              `放在第 ${lastRow(ownersOf(store.spec.layout)[store.box.bottom]?.[0] ?? { row: store.box.bottom, cell: {} }) + 1} 行后面`,
            ],
            ["end", "放在表的最后"],
            ["replace", "换掉整张表"],
          ].map(([value, words]) =>
            h(
              "label",
              { class: "dz-tick" },
              h("input", {
                type: "radio",
                name: "paste-where",
                key: value,
                ...(held.where === value ? { checked: true } : {}),
                on: {
                  change: () => {
                    held.where = value;
                  },
                },
              }),
              words,
            ),
          ),
        )
      : null,
    h(
      "div",
      { class: "dz-buttons", key: "acts" },
      h(
        "button",
        {
          type: "button",
          id: "paste-take",
          class: "btn btn-primary",
          disabled: !count && !proposal?.rows?.length,
          on: {
            click: () => {
              take(store, proposal, held.where);
              box.close();
            },
          },
        },
        count ? `加入 ${count} 个空` : "加入",
      ),
      h("button", { type: "button", class: "btn btn-outline", on: { click: () => box.close() } }, "放弃"),
    ),
  ];
}

function found(proposal, draw) {
  const { items, relations = [], rows = [], notes = [], blocks = [] } = proposal;
  const formulas = items.filter((item) => item.formula).length;
  const edges = RELATIONS.map(([kind]) => [kind, relations.filter((edge) => edge.kind === kind).length]).filter(
    ([, count]) => count,
  );
  return [
    h(
      "p",
      { class: "dz-tally" },
      h("b", {}, `${items.length} 个空`),
      `，${rows.length} 行`,
      blocks.length ? `，${blocks.length} 块` : "",
      formulas ? `，${formulas} 条公式` : "",
      proposal.checks?.length ? `，${proposal.checks.length} 条检查` : "",
      edges.map(([kind, count]) => `，${labelOf(RELATIONS, kind).split("，")[0]} ${count} 条`),
    ),
    notes.length
      ? h(
          "ul",
          { class: "dz-notes" },
          notes.slice(0, 6).map((note) => h("li", {}, note)),
          notes.length > 6 ? h("li", {}, `另有 ${notes.length - 6} 条`) : null,
        )
      : null,
    h(
      "div",
      { class: "dz-tablebox", tabindex: "0", role: "region", "aria-label": "认出的空格" },
      h(
        "table",
        { class: "dz-found" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["代码", "名称", "单位", "关系", "公式"].map((words) => h("th", { scope: "col" }, words)),
          ),
        ),
        h(
          "tbody",
          {},
          items.map((item) =>
            h(
              "tr",
              {},
              h("td", { class: "mono" }, item.code),
              h("td", {}, item.label),
              unitCell(item),
              h(
                "td",
                {},
                relations.filter((edge) => edge.child === item.code).map((edge) => edgeField(proposal, edge, draw)),
              ),
              h("td", { class: "mono" }, item.formula || ""),
            ),
          ),
        ),
      ),
    ),
  ];
}

/* A unit that was not recognised may be written here at once. */
function unitCell(item) {
  item.asked ??= item.kind === "number" && !item.unit;
  return h(
    "td",
    {},
    item.asked
      ? h("input", {
          class: "form-control dz-unit",
          key: `unit-${item.code}`,
          list: "dz-units",
          placeholder: "没认出",
          value: item.unit,
          "aria-label": `${item.code} 的单位`,
          on: { input: (event) => setUnit(item, event.target.value.trim()) },
        })
      : item.unit,
  );
}

/* A relation that was read wrongly is changed or dropped before it is taken over. */
function edgeField(proposal, edge, draw) {
  return h(
    "span",
    { class: "dz-foundedge" },
    h(
      "select",
      {
        class: "form-select",
        key: `edge-${edge.child}-${edge.parent}`,
        value: edge.kind,
        "aria-label": `${edge.child} 与 ${edge.parent} 的关系`,
        on: {
          change: (event) => {
            if (event.target.value) edge.kind = event.target.value;
            else proposal.relations.splice(proposal.relations.indexOf(edge), 1);
            draw();
          },
        },
      },
      [...RELATIONS, ["", "不要"]].map(([value, words]) => h("option", { value }, words)),
    ),
    edge.parent,
  );
}

/* The proposal becomes part of the form, as one step. */
function take(store, proposal, where) {
  store.change("粘贴整张表", (spec) => {
    const { layout } = spec;
    const width = Math.max(
      0,
      ...proposal.rows.flatMap((line) => line.cells.map((cell) => cell.col + (cell.colspan ?? 1))),
    );
    if (isList(layout)) {
      Object.assign(layout, { rows: layout.rows.filter((line) => line.cells.length) });
      for (const key of ["kind", "line", "total"]) delete layout[key];
    }
    if (proposal.line) where = "replace";
    if (proposal.columns) layout.columns = proposal.columns;
    const heads = layout.rows.length && layout.rows.every((line) => line.cells.every((cell) => cell.style === "head"));
    const bringsHead = proposal.rows[0]?.cells.length && proposal.rows[0].cells.every((cell) => cell.style === "head");
    if (where === "replace") {
      Object.assign(spec, { items: [], relations: [], checks: [], blocks: [] });
      layout.rows = heads && !bringsHead ? layout.rows : [];
    }
    while (layout.columns.length < width) layout.columns.push({ width: 22 });
    if (!layout.rows.length && width) {
      layout.columns = layout.columns.slice(0, Math.max(width, proposal.columns?.length ?? 0));
    }
    fitPaper(layout);
    const after =
      where === "after" && layout.rows.length
        ? Math.max(...(ownersOf(layout)[store.box.bottom] ?? []).map(lastRow), store.box.bottom) + 1
        : layout.rows.length;
    layout.rows.splice(after, 0, ...proposal.rows.map((line) => filled(line, layout.columns.length)));
    if (proposal.line) Object.assign(layout, { kind: "list", line: proposal.line, total: proposal.total });
    if (where === "replace" && proposal.title) spec.title = proposal.title;
    for (const note of proposal.footnotes ?? []) if (!layout.footnotes.includes(note)) layout.footnotes.push(note);
    for (const { asked, ...item } of proposal.items) if (!itemOf(spec, item.code)) spec.items.push(item);
    spec.relations.push(
      ...(proposal.relations ?? []).filter(
        (edge) => !spec.relations.some((one) => one.child === edge.child && one.parent === edge.parent),
      ),
    );
    for (const check of proposal.checks ?? [])
      if (!spec.checks.some((one) => one.key === check.key)) spec.checks.push(check);
    for (const block of proposal.blocks ?? [])
      if (!spec.blocks.some((one) => one.no === block.no)) spec.blocks.push(block);
    return `加入 ${proposal.items.length} 个空、${proposal.rows.length} 行（可撤销）`;
  });
  if (proposal.items[0]) store.selectCode(proposal.items[0].code);
}

/* A proposed row reaches over all columns of the form: its last cell is drawn wider. */
function filled(line, width) {
  const cells = [...line.cells].sort((a, b) => a.col - b.col);
  const last = cells.at(-1);
  if (!last) return { ...line, cells: Array.from({ length: width }, (_, col) => ({ col, content: [] })) };
  const end = last.col + (last.colspan ?? 1);
  if (end < width) last.colspan = (last.colspan ?? 1) + width - end;
  return { ...line, cells };
}
