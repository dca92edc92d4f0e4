/* Elements from calls, and one way to bring a drawn part up to date without losing focus, caret, scroll or a running click. */

const ICONS = () => document.getElementById("designer-icons");

/* h("button", {class: "btn", on: {click: act}, key: "undo"}, "撤销"): an element; text is always text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") listen(made, value);
    else if (name === "key") made.dataset.key = value;
    else if (name === "value") {
      made.value = value;
      made.wantedValue = String(value);
    } else if (name === "checked") {
      made.checked = true;
      made.wantedChecked = true;
    } else if (name === "look") {
      Object.assign(made.style, value);
    } else made.setAttribute(name, value === true ? "" : String(value));
  }
  if (made.type === "checkbox" && made.wantedChecked === undefined) made.wantedChecked = false;
  made.append(
    ...children
      .flat(4)
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map(asNode),
  );
  if (tag === "select" && made.wantedValue !== undefined) made.value = made.wantedValue;
  return made;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/* A copy of an icon of the page; icons are drawn by the server, so that there is one set of them. */
export function icon(name) {
  const found = ICONS()?.content.querySelector(`[data-icon="${name}"] > *`);
  const copy = found ? found.cloneNode(true) : document.createElement("span");
  copy.setAttribute("aria-hidden", "true");
  return copy;
}

/* Handlers stand in a table of the element: a redrawn part only swaps the table. */
function listen(node, handlers) {
  node.handlers ??= {};
  for (const [type, act] of Object.entries(handlers)) {
    if (!act) continue;
    if (!(type in node.handlers)) node.addEventListener(type, dispatch);
    node.handlers[type] = act;
  }
}
function dispatch(event) {
  return event.currentTarget.handlers[event.type]?.(event);
}

/* Make what stands in `place` look like `wanted`, changing only what differs. */
export function redraw(place, ...wanted) {
  const holder = document.createElement("div");
  holder.append(...wanted.flat(3).filter(Boolean).map(asNode));
  patchChildren(place, holder);
}

const sameKind = (old, made) =>
  old.nodeType === made.nodeType &&
  old.nodeName === made.nodeName &&
  (old.dataset?.key ?? "") === (made.dataset?.key ?? "");

function patchChildren(place, wanted) {
  const keyed = new Map();
  for (const child of place.childNodes) if (child.dataset?.key) keyed.set(child.dataset.key, child);
  let spot = place.firstChild;
  for (const made of Array.from(wanted.childNodes)) {
    const byKey = made.dataset?.key ? keyed.get(made.dataset.key) : null;
    if (byKey && byKey !== spot && sameKind(byKey, made)) {
      place.insertBefore(byKey, spot);
      spot = byKey;
    }
    if (spot && sameKind(spot, made)) {
      const next = spot.nextSibling;
      patch(spot, made);
      spot = next;
    } else place.insertBefore(made, spot);
  }
  while (spot) {
    const next = spot.nextSibling;
    spot.remove();
    spot = next;
  }
}

function patch(old, made) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== made.nodeValue) old.nodeValue = made.nodeValue;
    return;
  }
  for (const { name } of Array.from(old.attributes))
    if (!made.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS") && name !== "style")
      old.removeAttribute(name);
  for (const { name, value } of Array.from(made.attributes))
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.style && old.style.cssText !== made.style.cssText) old.style.cssText = made.style.cssText;
  for (const type of Object.keys(old.handlers ?? {})) old.handlers[type] = null;
  listen(old, made.handlers ?? {});
  if (old.dataset.still === undefined || made.dataset.still !== old.dataset.still) patchChildren(old, made);
  patchValue(old, made);
}

/* A field that is being typed into keeps its text unless the form itself has changed it. */
function patchValue(old, made) {
  if (made.wantedValue !== undefined && old.wantedValue !== made.wantedValue) {
    old.wantedValue = made.wantedValue;
    old.value = made.wantedValue;
  } else if (made.wantedValue !== undefined && document.activeElement !== old && old.value !== made.wantedValue)
    old.value = made.wantedValue;
  if (made.wantedChecked !== undefined) {
    old.wantedChecked = made.wantedChecked;
    old.checked = made.wantedChecked;
  }
}

export const byId = (id) => document.getElementById(id);
export const readJson = (id) => JSON.parse(byId(id).textContent);

/* A file for the person, made in the browser. */
export function download(name, text, type = "application/json") {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
