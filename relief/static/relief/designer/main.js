/* The form designer: reads what the page brought, ties the parts together. */

import { byId, h, icon, readJson, redraw } from "./dom.js";
import { Expired, Offline, latest, post, reasonOf } from "./api.js";
import { Store } from "./state.js";
import { Saving } from "./saving.js";
import { mountCanvas } from "./canvas.js";
import { mountToolbar } from "./toolbar.js";
import { mountOutline } from "./outline.js";
import { mountInspector } from "./inspector.js";
import { goTo, mountChecks } from "./checks.js";
import { mountPreview } from "./preview.js";
import { listenPaste, mountPaste } from "./paste.js";
import { openComparison } from "./compare.js";
import { finish } from "./editing.js";

const state = readJson("form-state");
const root = byId("designer");
const store = new Store({ spec: readJson("form-spec"), catalogue: readJson("form-catalogue"), state });
const saving = new Saving(store, { pk: root.dataset.draft, version: state.version, loginUrl: root.dataset.login });
const narrow = window.matchMedia("(max-width: 860px)");

function follow() {
  store.narrow = narrow.matches;
  root.classList.toggle("narrow", narrow.matches);
  store.tell("ui");
}

/* Faults, examples and formulas of what stands here, asked again after every step. */
const check = latest(async (signal) => {
  const answer = await post(store.urls.check, { spec: store.spec }, { signal });
  if (answer.status !== 200) return store.say(reasonOf(answer), "bad");
  store.answers = answer.body;
  store.tell("answers");
}, 350);

function heading() {
  const count = store.answers.faults.length;
  const enable = byId("designer-enable");
  const why = byId("designer-why");
  byId("designer-title").textContent = store.spec.title || "没有标题的表";
  byId("designer-sums").textContent = `${store.spec.items.length} 个空`;
  if (enable) enable.setAttribute("aria-disabled", count || !store.spec.items.length ? "true" : "false");
  if (why) why.textContent = count ? `还有 ${count} 处问题` : store.spec.items.length ? "" : "还没有空格";
}

function words() {
  const { text, tone } = store.said;
  redraw(
    byId("designer-words"),
    text ? h("span", { class: tone ? `tone-${tone}` : null }, tone === "bad" ? icon("x-circle") : null, text) : "",
  );
}

async function enable() {
  if (store.answers.faults.length) {
    store.say(`还有 ${store.answers.faults.length} 处问题，改正后才能启用。`, "bad");
    byId("designer-checks").scrollIntoView({ behavior: "smooth" });
    return goTo(store, store.answers.faults[0]);
  }
  if (!(await saving.save())) return;
  try {
    const answer = await post(store.urls.enable, { version: saving.version });
    if (answer.status === 200) {
      saving.forget();
      saving.saved = JSON.stringify(store.spec);
      window.location.assign(answer.body.url);
      return;
    }
    if (answer.body?.stale) {
      saving.theirs = answer.body;
      saving.ask();
      return;
    }
    if (answer.body?.faults) {
      store.answers.faults = answer.body.faults;
      store.tell("answers");
    }
    store.say(`没有启用：${reasonOf(answer)}`, "bad");
  } catch (fault) {
    if (!(fault instanceof Expired || fault instanceof Offline)) throw fault;
    store.say(fault instanceof Expired ? "登录已过期，请重新登录后再启用。" : "网络不通，没有启用。", "bad");
  }
}

function onKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const typing =
    event.target.matches?.("input:not([type=checkbox]):not([type=radio]), textarea") &&
    event.target.value !== (event.target.wantedValue ?? event.target.value);
  if (key === "s") {
    event.preventDefault();
    finish(store);
    document.activeElement?.blur?.();
    saving.save(true);
  }
  if (typing || document.querySelector("dialog[open]")) return;
  if (key === "z" && !event.shiftKey) {
    event.preventDefault();
    store.undo();
  }
  if (key === "y" || (key === "z" && event.shiftKey)) {
    event.preventDefault();
    store.redo();
  }
}

store.watch((what) => {
  if (what === "spec") check();
  heading();
  words();
});
const openPaste = mountPaste(store);
const canvas = byId("designer-canvas");
mountCanvas(store, canvas, openPaste);
listenPaste(store, canvas, openPaste);
mountToolbar(
  store,
  { bar: byId("designer-tools"), line: byId("designer-line"), legend: byId("designer-legend") },
  openPaste,
);
mountOutline(store, byId("designer-outline"));
mountInspector(store, byId("designer-inspector"));
mountChecks(store, byId("designer-checks"));
mountPreview(store, byId("designer-preview"));
document.addEventListener("keydown", onKey);
byId("designer-save").addEventListener("click", () => {
  finish(store);
  saving.save(true);
});
byId("designer-enable")?.addEventListener("click", enable);
byId("designer-import").addEventListener("click", () => openPaste());
byId("designer-diff")?.addEventListener("click", () => openComparison(store));
byId("designer-export").addEventListener("click", async (event) => {
  if (saving.dirty) {
    event.preventDefault();
    if (await saving.save()) window.location.assign(event.target.closest("a").href);
  }
});
narrow.addEventListener("change", follow);
saving.offerKept(byId("designer-kept"));
saving.say("已保存");
follow();
check();
root.dataset.ready = "yes";
