/* The same layout as entry page, workbook and PDF with example data, drawn by the server. */

import { h, redraw } from "./dom.js";
import { itemOf } from "./items.js";
import { latest, post, reasonOf } from "./api.js";

const TABS = [
  ["page", "填报页"],
  ["excel", "Excel"],
  ["pdf", "PDF"],
];
const PAUSE = 700;

export function mountPreview(store, root) {
  const preview = new Preview(store, root);
  store.watch((what) => preview.follow(what));
  preview.draw();
  preview.ask();
}

/* Entry page and workbook show what stands in the browser; the PDF, in a frame, shows the draft as it was saved last. */
class Preview {
  constructor(store, root) {
    this.store = store;
    this.shown = { page: "", excel: "" };
    this.faults = [];
    this.busy = true;
    this.head = h("div", { class: "dz-tabs", role: "tablist", "aria-label": "预览" });
    this.body = h("div", { class: "dz-preview", id: "preview-body", role: "tabpanel", tabindex: "0" });
    this.foot = h("p", { class: "dz-previewfoot" });
    this.ask = latest((signal) => this.fetch(signal), PAUSE);
    this.body.addEventListener("click", (event) => this.choose(event));
    root.append(this.head, this.body, this.foot);
  }

  get tab() {
    return this.store.ui.preview;
  }

  follow(what) {
    if (what === "selection") this.point();
    if (what === "saved" && this.tab === "pdf") this.draw();
    if (what !== "spec") return;
    this.shown.excel = "";
    this.faults = [];
    this.open(this.tab);
  }

  open(tab) {
    this.store.ui.preview = tab;
    this.busy = tab !== "pdf";
    this.draw();
    if (this.busy) this.ask();
  }

  async fetch(signal) {
    const { tab } = this;
    if (tab === "pdf") return;
    const answer = await post(this.store.urls[`preview_${tab}`], { spec: this.store.spec }, { signal });
    const good = answer.status === 200;
    this.busy = false;
    this.faults = good ? [] : (answer.body?.faults?.map((fault) => fault.message ?? fault) ?? [reasonOf(answer)]);
    if (good) this.shown[tab] = tab === "excel" ? answer.body.html : answer.body;
    delete this.body.dataset.drawn;
    this.draw();
  }

  draw() {
    redraw(
      this.head,
      TABS.map(([value, words]) => this.tabButton(value, words)),
      h("span", { class: "dz-sample" }, "示例数据"),
    );
    this.body.setAttribute("aria-labelledby", `preview-${this.tab}`);
    this.drawBody();
    redraw(this.foot, this.footWords());
  }

  tabButton(value, words) {
    const chosen = value === this.tab;
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `preview-${value}`,
        key: value,
        "aria-controls": "preview-body",
        "aria-selected": chosen ? "true" : "false",
        tabindex: chosen ? "0" : "-1",
        on: { click: () => this.open(value), keydown: step },
      },
      words,
    );
  }

  drawBody() {
    this.body.classList.toggle("dz-framed", this.tab === "pdf");
    if (this.tab === "pdf") return redraw(this.cleared(), this.pdf());
    if (this.faults.length) return redraw(this.cleared(), faultList(this.faults));
    // From our own server, drawn by the templates of the entry page, without script; fields are for looking only.
    const wanted = this.shown[this.tab] || '<p class="quiet">正在更新预览…</p>';
    const mark = wanted.length + this.tab;
    if (this.body.dataset.drawn === mark) return;
    this.body.innerHTML = wanted;
    this.body.dataset.drawn = mark;
    for (const field of this.body.querySelectorAll("input, textarea")) field.readOnly = true;
    this.point();
  }

  /* A new address after each save makes the frame load the document again. */
  pdf() {
    const { spec, urls, savedVersion } = this.store;
    const address = `${urls.preview_pdf}?v=${savedVersion}`;
    return [
      h(
        "p",
        { class: "dz-pdflinks", key: "links" },
        h("a", { class: "btn btn-sm btn-outline", href: address, target: "_blank" }, "打开 PDF"),
        h("a", { class: "btn btn-sm btn-outline", href: address, download: `${spec.id}.pdf` }, "下载 PDF"),
      ),
      h("iframe", { class: "dz-pdf", key: "frame", src: `${address}#view=FitH`, title: `${spec.title} PDF 预览` }),
    ];
  }

  footWords() {
    const paper = this.store.spec.layout.orientation === "landscape" ? "A4 横向" : "A4 纵向";
    if (this.tab === "pdf") return `已保存的草稿，${paper}；保存后自动更新`;
    if (this.faults.length) {
      return h("span", { class: "tone-bad" }, `有 ${this.faults.length} 处问题，先改正再看预览`);
    }
    return this.busy ? "正在更新预览…" : h("span", { class: "tone-ok" }, `三种输出用同一份版面：${paper}`);
  }

  /* The chosen blank is in sight on the entry page too. */
  point() {
    const { body, store } = this;
    body.querySelector(".dz-pointed")?.classList.remove("dz-pointed");
    if (!store.code || this.tab !== "page") return;
    const field = body.querySelector(`[aria-label^="${CSS.escape(store.code)} "]`);
    if (!field) return;
    field.classList.add("dz-pointed");
    body.scrollTop += field.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 2;
  }

  choose(event) {
    const code = event.target.closest("[aria-label]")?.getAttribute("aria-label").split(" ")[0];
    if (itemOf(this.store.spec, code)) this.store.selectCode(code);
  }

  /* The place without what the server drew, for elements of our own. */
  cleared() {
    if (this.body.dataset.drawn !== undefined) {
      this.body.textContent = "";
      delete this.body.dataset.drawn;
    }
    return this.body;
  }
}

function faultList(faults) {
  return h(
    "ul",
    { class: "dz-faultlist" },
    faults.slice(0, 8).map((fault) => h("li", {}, fault)),
  );
}

function step(event) {
  const way = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key];
  const next = way && event.target[way];
  if (next?.getAttribute("role") !== "tab") return;
  event.preventDefault();
  next.focus();
  next.click();
}
