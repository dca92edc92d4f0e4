/* The table of checks: each with its passing and failing examples and what they gave; below it what stands in the way. */

import { h, icon, redraw } from "./dom.js";
import { codesIn, itemOf } from "./items.js";
import { exampleText, findExample, readExample, reader } from "./examples.js";
import { CHECK_KINDS, SEVERITIES, SEVERITY_TONES, WHEN_EMPTY, labelOf } from "./words.js";
import { choice, link, text } from "./fields.js";

const OPERATORS = { "<=": "不大于", ">=": "不小于", "==": "等于", "<": "小于", ">": "大于", "!=": "不等于" };

export function mountChecks(store, root) {
  let opened = "";
  store.watch((what) => {
    if (what === "selection") return;
    redraw(root, panel(store));
    if (store.ui.check && store.ui.check !== opened)
      root.querySelector(".dz-open")?.scrollIntoView({ block: "nearest" });
    opened = store.ui.check;
  });
  redraw(root, panel(store));
}

const results = (store, key, kind) => store.answers.examples.filter((one) => one.check === key && one.kind === kind);
const isGood = (one) => one.holds === (one.kind === "passing");
/* Counter-examples that slip through, and examples that do not pass. */
const failed = (store) => store.answers.examples.filter((one) => !isGood(one));

function panel(store) {
  const { checks } = store.spec;
  const good = store.answers.examples.filter(isGood).length;
  const bad = failed(store).length;
  return [
    h(
      "div",
      { class: "dz-panel-head", key: "head" },
      h("h2", {}, "检查"),
      h("span", { class: "count" }, checks.length),
      h("span", { class: "card-note" }, "每条至少一个正例、一个反例，保存时全部运行"),
      h("span", { class: "dz-push" }),
      good ? h("span", { class: "pill pill-ok" }, `例子通过 ${good}`) : null,
      bad ? h("span", { class: "pill pill-bad" }, `失败 ${bad}`) : null,
      link("+ 新检查", () => addCheck(store)),
    ),
    checks.length
      ? h(
          "div",
          { class: "dz-tablebox", tabindex: "0", role: "region", "aria-label": "检查表", key: "table" },
          h(
            "table",
            { class: "dz-checks" },
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["", "级别", "种类", "算式", "提示语", "正例，应通过", "反例，应拦住"].map((words, at) =>
                  h("th", { scope: "col" }, words || h("span", { class: "visually-hidden" }, at ? "" : "编号")),
                ),
              ),
            ),
            h(
              "tbody",
              {},
              checks.map((check) => [line(store, check), store.ui.check === check.key ? form(store, check) : null]),
            ),
          ),
        )
      : h(
          "p",
          { class: "dz-none", key: "none" },
          "还没有检查。“其中”“分项”和公式自己会查，这里写其余的：例如 05 >= 05_1。选两个空再按“+ 新检查”，算式、例子和提示语先替您写好。",
        ),
    stops(store),
  ];
}

function line(store, check) {
  const open = store.ui.check === check.key;
  const bad =
    failed(store).some((one) => one.check === check.key) ||
    store.answers.faults.some((fault) => fault.check === check.key);
  const toggle = () => store.show({ check: open ? "" : check.key });
  return h(
    "tr",
    { key: `k-${check.key}`, class: [bad ? "row-bad" : "", open ? "dz-open" : ""].filter(Boolean).join(" ") || null },
    h(
      "th",
      { scope: "row" },
      h(
        "button",
        { type: "button", class: "link-button", "aria-expanded": open ? "true" : "false", on: { click: toggle } },
        check.key,
      ),
    ),
    h(
      "td",
      {},
      h("span", { class: `pill pill-${SEVERITY_TONES[check.severity]}` }, labelOf(SEVERITIES, check.severity)),
    ),
    h("td", {}, labelOf(CHECK_KINDS, check.kind)),
    h("td", { class: "dz-expression" }, check.expression),
    h("td", { class: "dz-message", title: check.message }, h("span", {}, `“${check.message}”`)),
    h("td", {}, examples(store, check, "passing")),
    h("td", {}, examples(store, check, "failing")),
  );
}

function examples(store, check, kind) {
  const told = results(store, check.key, kind);
  const list = check[kind] ?? [];
  if (!list.length) return h("span", { class: "tone-bad" }, kind === "passing" ? "缺正例" : "缺反例");
  return list.slice(0, 2).map((example, at) => {
    const result = told.find((one) => one.number === at + 1);
    const state = !result ? "wait" : isGood(result) ? "ok" : "bad";
    const words = {
      wait: "还没运行",
      ok: kind === "passing" ? "通过" : "拦住了",
      bad: kind === "passing" ? "没有通过" : "没有拦住",
    }[state];
    return h(
      "div",
      {
        class: `dz-example ${state}`,
        title: `${exampleText(example)}：${words}${result?.message ? `。${result.message}` : ""}`,
      },
      icon(state === "bad" ? "x-circle" : state === "ok" ? "check-circle" : "minus"),
      h("span", { class: "visually-hidden" }, words),
      h("span", {}, Object.values(example).join("，")),
    );
  });
}

/* ---------------------------------------------------------------- editing one check */
function form(store, check) {
  const put = (words, recipe) =>
    store.change(`${check.key} ${words}`, (spec) => {
      const one = spec.checks.find((each) => each.key === check.key);
      if (one) {
        recipe(one, spec);
        one.items = codesIn(one.expression, spec);
      }
    });
  const cell = (words, field) =>
    h("div", { class: "dz-checkfield" }, h("label", { class: "dz-label", for: field.id }, words), field);
  return h(
    "tr",
    { key: `form-${check.key}`, class: "dz-checkform" },
    h(
      "td",
      { colspan: 7 },
      h(
        "div",
        { class: "dz-checkgrid" },
        cell(
          "级别",
          choice(`sev-${check.key}`, check.severity, SEVERITIES, (value) =>
            put("级别", (one) => {
              one.severity = value;
            }),
          ),
        ),
        cell(
          "种类",
          choice(`kind-${check.key}`, check.kind ?? "within", CHECK_KINDS, (value) =>
            put("种类", (one) => {
              one.kind = value;
            }),
          ),
        ),
        cell(
          "遇空",
          choice(`empty-${check.key}`, check.when_empty ?? "skip", WHEN_EMPTY, (value) =>
            put("遇空", (one) => {
              one.when_empty = value;
            }),
          ),
        ),
        cell(
          "算式（成立为对）",
          text(
            `exp-${check.key}`,
            check.expression,
            (value) =>
              put("算式", (one, spec) => {
                const own = one.message === sentence(one.expression, spec);
                one.expression = value;
                if (own) one.message = sentence(value, spec);
                refill(one, spec);
              }),
            { spellcheck: "false" },
          ),
        ),
        cell(
          "提示语，{代码} 处填数",
          text(`msg-${check.key}`, check.message, (value) =>
            put("提示语", (one) => {
              one.message = value;
            }),
          ),
        ),
        side(check, "passing", "正例，应通过", put),
        side(check, "failing", "反例，应拦住", put),
        h(
          "div",
          { class: "dz-buttons" },
          h(
            "button",
            {
              type: "button",
              class: "btn btn-sm btn-outline",
              on: { click: () => put("例子", (one, spec) => refill(one, spec, true)) },
            },
            "替我配例子",
          ),
          h(
            "button",
            {
              type: "button",
              class: "btn btn-sm btn-danger-outline",
              on: {
                click: () =>
                  store.change(`删除检查 ${check.key}`, (spec) => {
                    spec.checks = spec.checks.filter((one) => one.key !== check.key);
                  }),
              },
            },
            "删除检查",
          ),
          h(
            "button",
            { type: "button", class: "btn btn-sm btn-outline", on: { click: () => store.show({ check: "" }) } },
            "收起",
          ),
        ),
      ),
    ),
  );
}

function side(check, kind, words, put) {
  const list = check[kind] ?? [];
  return h(
    "div",
    { class: "dz-checkfield dz-side" },
    h("span", { class: "dz-label" }, words),
    [...list, null].map((example, at) =>
      text(
        `${kind}-${check.key}-${at}`,
        example ? exampleText(example) : "",
        (value) =>
          put(words, (one) => {
            one[kind] = [...(one[kind] ?? [])];
            if (value) one[kind][at] = readExample(value);
            else one[kind].splice(at, 1);
          }),
        { "aria-label": `${words} 第 ${at + 1} 例`, placeholder: "代码=数，代码=数", spellcheck: "false" },
      ),
    ),
  );
}

/* Examples for an expression that has none that fit its codes. */
function refill(check, spec, anyway = false) {
  const known = new Set(spec.items.map((item) => item.code));
  for (const [kind, wanted] of [
    ["passing", true],
    ["failing", false],
  ]) {
    if (
      !anyway &&
      check[kind]?.length &&
      check[kind].every((example) => codesIn(check.expression, spec).every((code) => code in example))
    )
      continue;
    const found = findExample(check.expression, known, wanted);
    if (found) check[kind] = [found];
  }
}

function addCheck(store) {
  const codes = store.cellCodes();
  const [first, second] = codes.length > 1 ? codes : [store.code || store.spec.items[0]?.code];
  if (!first) return store.say("先有空格，才能写检查。", "warn");
  const expression = second ? `${first} >= ${second}` : `${first} >= 0`;
  let key = "";
  store.change("新检查", (spec) => {
    for (let n = spec.checks.length + 1; !key; n += 1) {
      const wanted = `K${String(n).padStart(2, "0")}`;
      if (!spec.checks.some((check) => check.key === wanted)) key = wanted;
    }
    const check = {
      key,
      kind: "within",
      severity: "ask",
      items: codesIn(expression, spec),
      expression,
      message: sentence(expression, spec),
      passing: [],
      failing: [],
    };
    refill(check, spec, true);
    spec.checks.push(check);
  });
  store.show({ check: key });
}

/* "05 服务（{05}）应不小于 05_1 场次（{05_1}）。" */
function sentence(expression, spec) {
  const [, left, sign, right] = expression.match(/^\s*([A-Za-z0-9_]+)\s*(<=|>=|==|!=|<|>)\s*([A-Za-z0-9_]+)\s*$/) ?? [];
  const named = (code) => {
    const item = itemOf(spec, code);
    return item ? `${code} ${item.label}（{${code}}）` : code;
  };
  return sign ? `${named(left)}应${OPERATORS[sign]}${named(right)}，请核实。` : "请核实。";
}

/* ---------------------------------------------------------------- what stands in the way */
function stops(store) {
  const seen = new Set();
  const slipped = failed(store).filter((one) => {
    const id = `${one.check}${one.kind}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
  const shown = new Set(slipped.map((one) => one.message).filter(Boolean));
  const faults = store.answers.faults.filter((fault) => !shown.has(fault.message));
  return h(
    "div",
    { class: "dz-stops", key: "stops", role: "region", "aria-label": "改正后才能启用" },
    slipped.map((one) =>
      h(
        "div",
        { class: "dz-slip", key: `s-${one.check}-${one.kind}` },
        icon("x-circle"),
        h(
          "p",
          {},
          h("b", {}, one.kind === "failing" ? `${one.check} 的反例没有拦住：` : `${one.check} 的正例没有通过：`),
          whyOf(one),
          one.proposal ? h("b", { class: "dz-expression" }, one.proposal) : "",
        ),
        one.proposal
          ? h(
              "button",
              { type: "button", class: "btn btn-sm btn-outline", on: { click: () => adopt(store, one) } },
              "采用",
            )
          : h(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-outline",
                on: { click: () => store.show({ check: one.check }) },
              },
              "去改",
            ),
      ),
    ),
    faults.length
      ? h(
          "div",
          { class: "dz-faults", key: "faults" },
          h("h3", {}, `${faults.length} 处问题，改正后才能启用`),
          h(
            "ul",
            {},
            faults
              .slice(0, 60)
              .map((fault, at) =>
                h(
                  "li",
                  { key: `f${at}` },
                  h("button", { type: "button", on: { click: () => goTo(store, fault) } }, fault.message),
                ),
              ),
          ),
        )
      : null,
    !faults.length && !slipped.length && store.spec.items.length
      ? h("p", { class: "dz-fine", key: "fine" }, icon("check-circle"), "没有问题，可以启用。")
      : null,
  );
}

/* The server's sentence without its beginning, which stands in bold, and without the proposal, which follows. */
function whyOf({ message, proposal }) {
  const rest = (message ?? "")
    .replace(/^[^：]*没有(拦住|通过)：/, "")
    .replace(proposal || "\u0000", "")
    .replace(/[。\s]+$/, "");
  return rest.endsWith("：") || !proposal ? rest : `${rest}。改成即可：`;
}

function adopt(store, one) {
  store.change(`采用 ${one.check} 的改法`, (spec) => {
    const check = spec.checks.find((each) => each.key === one.check);
    check.expression = one.proposal;
    check.items = codesIn(one.proposal, spec);
    complete(check, spec);
  });
}

/* Examples written before a code came in: it is 0 there, where that still gives what the example shows. */
function complete(check, spec) {
  const read = reader(check.expression, new Set(spec.items.map((item) => item.code)));
  for (const [kind, wanted] of [
    ["passing", true],
    ["failing", false],
  ])
    check[kind] = (check[kind] ?? []).map((example) => {
      const full = {
        ...example,
        ...Object.fromEntries(check.items.filter((code) => !(code in example)).map((code) => [code, 0])),
      };
      const numbers = Object.fromEntries(Object.entries(full).map(([name, value]) => [name, Number(value)]));
      return !read || read.run(numbers) === wanted ? full : example;
    });
}

/* Where a fault is: its check, its blank or its cell. */
export function goTo(store, fault) {
  if (fault.check && store.spec.checks.some((check) => check.key === fault.check))
    return store.show({ check: fault.check });
  const code = (fault.codes ?? []).find((one) => itemOf(store.spec, one));
  if (code) return store.selectCode(code);
  if (fault.cell) return store.select(...fault.cell);
  store.show({ tab: "form" });
}
