/* Extras for pages that already work without script. No inline handlers, no eval. */
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  /* Asking before an act: <button data-confirm="…"> or <form data-confirm="…">. */
  document.addEventListener("submit", (event) => {
    const asks = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (asks && !window.confirm(asks)) event.preventDefault();
  });

  /* Unsaved changes: <form data-guard>. */
  const dirty = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.hasAttribute("data-guard")) return;
    dirty.add(form);
    all("[data-save-state]").forEach((place) => { place.textContent = "有改动，尚未保存"; place.classList.add("unsaved"); });
  });
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty.delete(event.target); });
  window.addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && event.detail.successful) dirty.delete(form);
  });

  /* Esc closes the innermost open popover or menu, and focus goes back to what opened it. */
  const closable = "details.pop[open], details.menu[open], details.shell-person[open], details.shell-menu[open]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = all(closable).pop();
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    all(closable).forEach((box) => { if (!box.contains(event.target)) box.open = false; });
    if (event.target.closest("[data-close]")) {
      const box = event.target.closest("details");
      if (box) { box.open = false; box.querySelector("summary").focus(); event.preventDefault(); }
    }
  });

  /* Many choices: a box that leaves only those whose words hold what is typed; what is ticked stays in sight. */
  all(".field-choices").forEach((field) => {
    const choices = all(".choice", field);
    if (choices.length <= 20) return;
    const box = document.createElement("input");
    box.type = "search"; box.className = "form-control find-choice";
    box.placeholder = "输入几个字，只看对得上的"; box.setAttribute("aria-label", `在${choices.length}项里查找`);
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      const words = box.value.trim().toLowerCase();
      choices.forEach((choice) => { choice.hidden = !choice.textContent.toLowerCase().includes(words) && !choice.querySelector("input").checked; });
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    field.querySelector(".choices").before(box);
  });

  /* Sheets: Enter and arrows walk between the cells, a pasted column fills downward. */
  const cells = (sheet) => all("input:not([type=hidden]):not([readonly]):not(:disabled), select:not(:disabled)", sheet).filter((cell) => cell.offsetParent);
  const column = (cell) => Math.round(cell.getBoundingClientRect().left);
  function below(sheet, cell, step) {
    const own = cell.getBoundingClientRect();
    const rest = cells(sheet).filter((other) => other !== cell && Math.sign(Math.round(other.getBoundingClientRect().top - own.top)) === step);
    const near = (other) => { const box = other.getBoundingClientRect(); return Math.abs(box.top - own.top) * 4 + Math.abs(box.left - own.left); };
    return rest.sort((a, b) => near(a) - near(b))[0];
  }
  function beside(sheet, cell, step) { const list = cells(sheet); return list[list.indexOf(cell) + step]; }
  function go(cell) { if (cell) { cell.focus(); cell.select?.(); } }
  document.addEventListener("keydown", (event) => {
    const cell = event.target, sheet = cell.closest?.("[data-sheet], .sheet");
    if (!sheet || cell.tagName !== "INPUT" || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const at = cell.selectionStart, end = cell.value.length;
    let target = null;
    if (event.key === "Enter") target = below(sheet, cell, event.shiftKey ? -1 : 1) || beside(sheet, cell, 1);
    else if (event.key === "ArrowDown") target = below(sheet, cell, 1);
    else if (event.key === "ArrowUp") target = below(sheet, cell, -1);
    else if (event.key === "ArrowLeft" && (at === 0)) target = beside(sheet, cell, -1);
    else if (event.key === "ArrowRight" && (at === end)) target = beside(sheet, cell, 1);
    if (event.key === "Enter" || target) { event.preventDefault(); go(target); }
  });
  /* 跳到下一处: the next failed cell or open explanation after the one last visited; without script the link leads to the first. */
  let visited = null;
  document.addEventListener("focusin", (event) => { if (event.target.matches("input, select, textarea")) visited = event.target; });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-fault]")) return;
    const open = all('[aria-invalid="true"], input[name^="x-"]').filter((one) => one.offsetParent && !(one.name.startsWith("x-") && one.value.trim()));
    const next = open.find((one) => visited && visited.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) || open[0];
    if (next) { event.preventDefault(); next.scrollIntoView({ block: "center" }); go(next); }
  });
  document.addEventListener("paste", (event) => {
    const cell = event.target, sheet = cell.closest?.("[data-sheet], .sheet");
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!sheet || cell.tagName !== "INPUT" || !/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    const rows = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((row) => row.split("\t"));
    const list = cells(sheet), same = list.slice(list.indexOf(cell)).filter((other) => Math.abs(column(other) - column(cell)) < 4);
    rows.forEach((row, i) => {
      const first = same[i];
      if (!first) return;
      const line = list.slice(list.indexOf(first)).filter((other) => other.closest("tr") === first.closest("tr"));
      row.forEach((value, j) => { if (line[j]) { line[j].value = value.trim(); line[j].dispatchEvent(new Event("input", { bubbles: true })); line[j].dispatchEvent(new Event("change", { bubbles: true })); } });
    });
    go(same[Math.min(rows.length, same.length) - 1]);
  });

  /* "Select all on this page": <input type=checkbox data-select-all="name">. */
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.dataset.selectAll) all(`input[type=checkbox][name="${CSS.escape(box.dataset.selectAll)}"]`).forEach((one) => { if (!one.disabled) one.checked = box.checked; });
    const name = box.dataset.selectAll || (box.type === "checkbox" && box.name);
    if (!name) return;
    const boxes = all(`input[type=checkbox][name="${CSS.escape(name)}"]`), ticked = boxes.filter((one) => one.checked).length;
    all(`[data-select-all="${CSS.escape(name)}"]`).forEach((head) => { head.checked = ticked > 0 && ticked === boxes.length; head.indeterminate = ticked > 0 && ticked < boxes.length; });
    all(`[data-count-of="${CSS.escape(name)}"]`).forEach((place) => { place.textContent = ticked; });
  });

  /* Formset rows: <button type=button data-add-row="prefix"> copies <template id="prefix-row"> into #prefix-rows. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row]");
    if (!button) return;
    const prefix = button.dataset.addRow, total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const template = document.getElementById(`${prefix}-row`), rows = document.getElementById(`${prefix}-rows`);
    if (!total || !template || !rows) return;
    /* A crowded form is built by the server: it leaves boxes out so that the request stays within its limit. */
    if (Number(total.value) >= 30 && button.type === "submit") return;
    event.preventDefault();
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const added = Array.from(holder.content.children);
    rows.append(holder.content);
    total.value = String(Number(total.value) + 1);
    go(added[0]?.querySelector("input:not([type=hidden]), select, textarea"));
  });

  /* Demo login: <button type=button data-fill-login="name" data-fill-password="…">. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-login]");
    if (!button) return;
    const login = document.getElementById("id_username"), password = document.getElementById("id_password");
    if (!login || !password) return;
    login.value = button.dataset.fillLogin;
    password.value = button.dataset.fillPassword;
    password.form.querySelector("[type=submit]").focus();
  });

  /* Choosing sends the form: <select data-submit>; printing: <button data-print>. */
  document.addEventListener("change", (event) => { if (event.target.hasAttribute?.("data-submit")) event.target.form.requestSubmit(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

  /* A refused or broken htmx request is said in words; a refusal with its own fragment may be swapped by hx-target instead. */
  document.addEventListener("htmx:responseError", (event) => {
    const place = document.getElementById("main"), answer = event.detail.xhr;
    const box = document.createElement("div"), words = document.createElement("div");
    box.className = "notice notice-bad";
    box.setAttribute("role", "alert");
    words.textContent = `这一步没有成功，没有写入。请刷新页面后再试；仍然不行，请把编号 ${answer.getResponseHeader("X-Request-Id") || "（无）"} 告诉管理员。`;
    box.append(words);
    place.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  });

  const reveal = () => {
    document.documentElement.classList.add("js");
    all(".js-only[hidden]").forEach((part) => { part.hidden = false; });
    document.querySelector("[data-focus]")?.focus();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reveal); else reveal();
  document.addEventListener("htmx:afterSwap", (event) => all(".js-only[hidden]", event.target).forEach((part) => { part.hidden = false; }));
})();
