/* Changes of one or more blanks' settings, each as one step. */

import { MONEY } from "./words.js";
import { itemOf, sourceOf } from "./items.js";

/* Change items by code as one step. */
export function changeItems(store, codes, words, recipe) {
  return store.change(words, (spec) => {
    for (const code of codes) {
      const item = itemOf(spec, code);
      if (item) recipe(item, spec);
    }
  });
}

export function setUnit(item, unit) {
  const before = MONEY.includes(item.unit);
  item.unit = unit;
  if (MONEY.includes(unit)) {
    item.kind = "money";
    if (!before) item.places = 2;
  } else if (item.kind === "money") {
    item.kind = "number";
    item.places = 0;
  }
}

export function setKind(item, kind) {
  item.kind = kind;
  if (kind === "text" || kind === "date")
    Object.assign(item, { unit: "", places: 0, over_children: "none", formula: null, source: null });
  else if (item.over_children === "none") item.over_children = "sum";
  if (kind === "money" && !MONEY.includes(item.unit)) {
    item.unit = "万元";
    item.places = 2;
  }
}

export function setSource(store, code, value) {
  changeItems(store, [code], `${code} 来源`, (item, spec) => {
    if (sourceOf(item) === value) return;
    const parts = spec.relations
      .filter((edge) => edge.parent === code && edge.kind === "partition")
      .map((edge) => edge.child);
    item.formula =
      value === "formula" ? item.formula || item.printed_formula?.split("=").at(-1) || parts.join("+") || "0" : null;
    item.source =
      {
        records: { terms: [{ measure: fitting(store, item) }] },
        last_year: { last_year: code },
        form: { form: store.catalogue.forms?.[0]?.id ?? "", code: store.catalogue.forms?.[0]?.codes?.[0]?.code ?? "" },
      }[value] ?? null;
    if (value !== "formula") delete item.against;
  });
}

/* A measure of the right kind to begin with. */
export function fitting(store, item) {
  const money = item.kind === "money";
  return (
    (store.catalogue.measures.find((measure) => (measure.base === "fen") === money) ?? store.catalogue.measures[0])
      ?.name ?? ""
  );
}
