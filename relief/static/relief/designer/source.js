/* Where a value comes from, picked from lists: measures with filters and period, last year's figure, another form's figure. */

import { h } from "./dom.js";
import { choice, link, says, text } from "./fields.js";
import { changeItems, fitting } from "./settings.js";

export function sourceParts(store, item, source) {
  const put = (words, recipe) => changeItems(store, [item.code], `${item.code} ${words}`, recipe);
  if (source === "records") return termsPart(store, item, (recipe) => put("来源", (one) => recipe(one.source.terms)));
  if (source === "formula") return against(store, item, put);
  if (source === "last_year") return lastYear(store, item, put);
  if (source === "form") return otherForm(store, item, put);
  return null;
}

/* The terms of a source; `put` takes what changes the list of terms. */
export function termsPart(store, item, put, words = "台账取数") {
  const terms = item.source?.terms ?? [];
  return h(
    "div",
    { class: "dz-terms", key: "terms" },
    terms.map((term, at) => termPart(store, item, term, at, put, terms.length)),
    h(
      "div",
      { class: "dz-termacts", key: "more" },
      link("+ 再加一项", () =>
        put((list) => {
          list.push({ measure: list.at(-1)?.measure ?? fitting(store, item) });
        }),
      ),
      terms.length > 1
        ? h("span", { class: "unit" }, "各项相加；不重复的按键合并")
        : h("span", { class: "unit" }, words),
    ),
  );
}

function termPart(store, item, term, at, put, count) {
  const { catalogue } = store;
  const measure = catalogue.measures.find((one) => one.name === term.measure);
  const money = item.kind === "money";
  const fit = catalogue.measures.filter((one) => (one.base === "fen") === money);
  const shown = measure && !fit.includes(measure) ? [measure, ...fit] : fit;
  return h(
    "fieldset",
    { class: "dz-term", key: `t${at}` },
    h("legend", { class: "visually-hidden" }, `第 ${at + 1} 项取数`),
    h(
      "div",
      { class: "dz-termline", key: "line" },
      choice(
        `measure${at}`,
        term.measure,
        shown.map((one) => [one.name, one.label]),
        (name) =>
          put((list) => {
            list[at].measure = name;
            prune(list[at], catalogue);
          }),
        { "aria-label": `第 ${at + 1} 项数什么` },
      ),
      count > 1
        ? link(
            "去掉",
            () =>
              put((list) => {
                list.splice(at, 1);
              }),
            `drop${at}`,
          )
        : null,
    ),
    (measure?.filters ?? []).map((name) => filterPart(store, term, at, name, put)),
    h(
      "div",
      { class: "dz-termline", key: "period" },
      h("span", { class: "dz-filtername" }, "统计期"),
      choice(
        `period${at}`,
        term.period ?? "main",
        (catalogue.periods ?? []).map((one) => [one.value, one.label]),
        (value) =>
          put((list) => {
            if (value === "main") delete list[at].period;
            else list[at].period = value;
          }),
        { "aria-label": `第 ${at + 1} 项的统计期` },
      ),
    ),
  );
}

function prune(term, catalogue) {
  const allowed = catalogue.measures.find((one) => one.name === term.measure)?.filters ?? [];
  for (const name of Object.keys(term.where ?? {})) if (!allowed.includes(name)) delete term.where[name];
}

/* A filter shut says what it lets through; open, its words are ticked. */
function filterPart(store, term, at, name, put) {
  const filter = store.catalogue.filters[name] ?? { label: name, words: [] };
  const chosen = term.where?.[name] ?? [];
  const names = chosen.map((value) => filter.words.find((word) => word.value === value)?.label ?? value);
  const set = (values) =>
    put((list) => {
      const where = { ...(list[at].where ?? {}) };
      if (values.length) where[name] = values;
      else delete where[name];
      if (Object.keys(where).length) list[at].where = where;
      else delete list[at].where;
    });
  if (!filter.words.length)
    return h(
      "div",
      { class: "dz-termline", key: `f${name}` },
      h("span", { class: "dz-filtername" }, filter.label),
      text(
        `filter${at}${name}`,
        chosen.join("、"),
        (value) =>
          set(
            value
              .split(/[、,，]/)
              .map((one) => one.trim())
              .filter(Boolean),
          ),
        { placeholder: "全部", "aria-label": filter.label },
      ),
    );
  return h(
    "details",
    { class: "dz-filter", key: `f${name}` },
    h(
      "summary",
      {},
      h("span", { class: "dz-filtername" }, filter.label),
      h("span", { class: names.length ? "dz-chosen" : "unit" }, names.length ? names.join("、") : "全部"),
    ),
    h(
      "div",
      { class: "dz-words" },
      filter.words.map((word) =>
        h(
          "label",
          { class: "dz-tick", key: word.value },
          h("input", {
            type: "checkbox",
            class: "form-check-input",
            key: `w${at}${name}${word.value}`,
            ...(chosen.includes(word.value) ? { checked: true } : {}),
            on: {
              change: (event) =>
                set(event.target.checked ? [...chosen, word.value] : chosen.filter((one) => one !== word.value)),
            },
          }),
          word.label,
        ),
      ),
    ),
  );
}

/* A computed blank may still be held against the records. */
function against(store, item, put) {
  if (!item.against?.terms)
    return h(
      "p",
      { class: "dz-says", key: "against" },
      link("仍与台账对照", () =>
        put("与台账对照", (one) => {
          one.against = { terms: [{ measure: fitting(store, one) }] };
        }),
      ),
    );
  return h(
    "div",
    { key: "against" },
    says("仍与台账对照，只显示差，不改合计："),
    termsPart(
      store,
      { ...item, source: item.against },
      (recipe) => put("与台账对照", (one) => recipe(one.against.terms)),
      "与台账对照",
    ),
    link("不再对照", () =>
      put("与台账对照", (one) => {
        delete one.against;
      }),
    ),
  );
}

function lastYear(store, item, put) {
  const codes = store.previous?.codes ?? store.spec.items.map(({ code, label }) => ({ code, label }));
  return h(
    "div",
    { class: "dz-terms", key: "last" },
    choice(
      "last-code",
      item.source.last_year,
      codes.map((one) => [one.code, `${one.code} ${one.label}`]),
      (code) =>
        put("来源", (one) => {
          one.source = { last_year: code };
        }),
      { "aria-label": "上年的哪个空" },
    ),
    says("取本单位上年已接收的数"),
  );
}

function otherForm(store, item, put) {
  const forms = store.catalogue.forms ?? [];
  const chosen = forms.find((form) => form.id === item.source.form);
  if (!forms.length) return says("还没有别的表样可取。", "warn");
  return h(
    "div",
    { class: "dz-terms", key: "form" },
    choice(
      "form-id",
      item.source.form,
      [["", "选一张表…"], ...forms.map((form) => [form.id, form.title])],
      (id) =>
        put("来源", (one) => {
          one.source = { form: id, code: forms.find((form) => form.id === id)?.codes[0]?.code ?? "" };
        }),
      { "aria-label": "哪张表" },
    ),
    choice(
      "form-code",
      item.source.code,
      (chosen?.codes ?? []).map((one) => [one.code, `${one.code} ${one.label}`]),
      (code) =>
        put("来源", (one) => {
          one.source = { ...one.source, code };
        }),
      { "aria-label": "哪个空" },
    ),
    says("取同一活动、本单位那张表的数"),
  );
}
