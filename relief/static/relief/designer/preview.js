/* The same layout as entry page, workbook and PDF with example data, drawn by the server. */

import { h, redraw } from "./dom.js";
import { itemOf } from "./items.js";
import { latest, post, reasonOf } from "./api.js";

const TABS = [
  ["page", "填报页"],
  ["excel", "Excel"],
  ["pdf", "PDF"],
];

export function mountPreview(store, root) {
  const shown = { page: "", excel: "", pdf: null, faults: [], busy: true };
  const head = h("div", { class: "dz-tabs", role: "tablist", "aria-label": "预览" });
  const body = h("div", { class: "dz-preview", id: "preview-body", role: "tabpanel", tabindex: "0" });
  const foot = h("p", { class: "dz-previewfoot" });
  root.append(head, body, foot);
  const draw = () => {
    const { preview } = store.ui;
    redraw(
      head,
      TABS.map(([value, words]) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `preview-${value}`,
            key: value,
            "aria-controls": "preview-body",
            "aria-selected": value === preview ? "true" : "false",
            tabindex: value === preview ? "0" : "-1",
            on: {
              click: () => {
                store.show({ preview: value });
                shown.busy = true;
                draw();
                ask();
              },
              keydown: (event) => step(event),
            },
          },
          words,
        ),
      ),
      h("span", { class: "dz-sample" }, "示例数据"),
    );
    body.setAttribute("aria-labelledby", `preview-${preview}`);
    fill(preview);
    redraw(
      foot,
      shown.faults.length
        ? h("span", { class: "tone-bad" }, `有 ${shown.faults.length} 处问题，先改正再看预览`)
        : shown.busy
          ? "正在更新预览…"
          : h(
              "span",
              { class: "tone-ok" },
              "三种输出用同一份版面",
              shown.pages
                ? `：${store.spec.layout.orientation === "landscape" ? "A4 横向" : "A4 纵向"} ${shown.pages} 页`
                : "",
            ),
    );
  };
  const fill = (tab) => {
    if (shown.faults.length)
      return redraw(
        clean(body),
        h(
          "ul",
          { class: "dz-faultlist" },
          shown.faults.slice(0, 8).map((fault) => h("li", {}, fault)),
        ),
      );
    if (tab === "pdf")
      return redraw(
        clean(body),
        shown.pdf
          ? h(
              "div",
              { class: "dz-pdf" },
              h(
                "p",
                {},
                `${shown.pages ? `${shown.pages} 页，` : ""}${Math.ceil(shown.pdf.size / 1024)} KB，A4，和报送件同样的字体和页脚。`,
              ),
              h("a", { class: "btn btn-outline", href: shown.address, target: "_blank" }, "打开 PDF"),
              h("a", { class: "btn btn-outline", href: shown.address, download: `${store.spec.id}.pdf` }, "下载 PDF"),
            )
          : h("p", { class: "quiet" }, "正在排版…"),
      );
    // From our own server, drawn by the templates of the entry page, without script; fields are for looking only.
    const wanted = shown[tab] || '<p class="quiet">正在更新预览…</p>';
    if (body.dataset.drawn !== wanted.length + tab) {
      body.innerHTML = wanted;
      body.dataset.drawn = wanted.length + tab;
      body.querySelectorAll("input, textarea").forEach((field) => {
        field.readOnly = true;
      });
      point(store, body);
    }
  };
  const ask = latest(async (signal) => {
    const tab = store.ui.preview;
    shown.busy = true;
    const answer = await post(store.urls[`preview_${tab}`], { spec: store.spec }, { signal });
    shown.busy = false;
    shown.faults =
      answer.status === 200 ? [] : (answer.body?.faults?.map((fault) => fault.message ?? fault) ?? [reasonOf(answer)]);
    if (answer.status === 200) await take(tab, answer.body);
    delete body.dataset.drawn;
    draw();
  }, 700);
  const take = async (tab, answer) => {
    if (tab === "page") shown.page = answer;
    if (tab === "excel") shown.excel = answer.html;
    if (tab !== "pdf") return;
    if (shown.address) URL.revokeObjectURL(shown.address);
    Object.assign(shown, { pdf: answer, address: URL.createObjectURL(answer), pages: pagesOf(await answer.text()) });
  };
  store.watch((what) => {
    if (what === "spec") {
      Object.assign(shown, { pdf: null, excel: "", pages: 0, faults: [], busy: true });
      ask();
      draw();
    }
  });
  store.watch((what) => {
    if (what === "selection") point(store, body);
  });
  body.addEventListener("click", (event) => {
    const code = event.target.closest("[aria-label]")?.getAttribute("aria-label").split(" ")[0];
    if (itemOf(store.spec, code)) store.selectCode(code);
  });
  draw();
  ask();
}

/* The chosen blank is in sight on the entry page too. */
function point(store, body) {
  body.querySelector(".dz-pointed")?.classList.remove("dz-pointed");
  const field =
    store.code && store.ui.preview === "page" && body.querySelector(`[aria-label^="${CSS.escape(store.code)} "]`);
  if (!field) return;
  field.classList.add("dz-pointed");
  body.scrollTop += field.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 2;
}

/* Another renderer takes over the place. */
function clean(body) {
  if (body.dataset.drawn !== undefined) {
    body.textContent = "";
    delete body.dataset.drawn;
  }
  return body;
}
function step(event) {
  const way = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  const next = way && event.target[way];
  if (next?.getAttribute("role") === "tab") {
    event.preventDefault();
    next.focus();
    next.click();
  }
}
const pagesOf = (text) =>
  Number(text.match(/\/Type\s*\/Pages[^>]*?\/Count\s+(\d+)/)?.[1] ?? text.match(/\/Count\s+(\d+)/)?.[1] ?? 0);
