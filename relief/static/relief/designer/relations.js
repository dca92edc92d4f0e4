/* What a blank is part of, and what is part of it. */

import { h } from "./dom.js";
import { setRelation } from "./items.js";
import { RELATIONS, labelOf } from "./words.js";
import { choice, row } from "./fields.js";

export function relations(store, item) {
  const { spec } = store;
  const up = spec.relations.filter((edge) => edge.child === item.code);
  const down = spec.relations.filter((edge) => edge.parent === item.code);
  const byKind = Map.groupBy ? Map.groupBy(down, (edge) => edge.kind) : grouped(down);
  const set = (child, parent, kind) =>
    store.change(`关系 ${child} → ${parent}`, (draft) => setRelation(draft, child, parent, kind));
  const others = spec.items.filter((one) => one.code !== item.code && !up.some((edge) => edge.parent === one.code));
  return row(
    "关系",
    up.length || down.length
      ? h(
          "div",
          { class: "dz-edges", key: "edges" },
          up.map((edge) =>
            h(
              "div",
              { key: `u${edge.parent}` },
              h("span", {}, "属于"),
              h(
                "button",
                { type: "button", class: "dz-codelink", on: { click: () => store.selectCode(edge.parent) } },
                edge.parent,
              ),
              choice(
                `edge-${edge.parent}`,
                edge.kind,
                [...RELATIONS, ["", "去掉"]],
                (kind) => set(item.code, edge.parent, kind),
                { "aria-label": `${item.code} 属于 ${edge.parent} 的关系` },
              ),
            ),
          ),
          Array.from(byKind, ([kind, edges]) =>
            h(
              "div",
              { key: `d${kind}` },
              h("span", {}, "分为"),
              h(
                "span",
                { class: "dz-codelinks" },
                edges.map((edge) =>
                  h(
                    "button",
                    {
                      type: "button",
                      class: "dz-codelink",
                      key: edge.child,
                      on: { click: () => store.selectCode(edge.child) },
                    },
                    edge.child,
                  ),
                ),
              ),
              h("span", { class: "unit" }, labelOf(RELATIONS, kind)),
            ),
          ),
        )
      : null,
    h(
      "div",
      { class: "dz-addedge", key: "add" },
      h("span", {}, "+"),
      choice(
        "edge-new",
        "",
        [["", "加一条关系：属于…"], ...others.map((one) => [one.code, `${one.code} ${one.label}`])],
        (parent) => parent && set(item.code, parent, /其中/.test(item.label) ? "subset" : "partition"),
        { "aria-label": "加一条关系：属于哪个空" },
      ),
    ),
  );
}

function grouped(edges) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge.kind, [...(groups.get(edge.kind) ?? []), edge]);
  return groups;
}
