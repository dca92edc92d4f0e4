/* Questions to the server: JSON there and back, with the answer's status told apart. */

const token = () => document.querySelector("#designer input[name=csrfmiddlewaretoken]")?.value ?? "";

export class Expired extends Error {}
export class Offline extends Error {}

/* {status, body} of a POST; body is JSON or text as the server sent it. */
export async function post(url, sent, { signal } = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      redirect: "manual",
      credentials: "same-origin",
      signal,
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": token(),
        Accept: "application/json, text/html",
      },
      body: JSON.stringify(sent),
    });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Offline();
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new Expired();
  const type = answer.headers.get("Content-Type") ?? "";
  const body = type.includes("json") ? await answer.json() : await answer.text();
  if (answer.status === 403 && typeof body === "string") throw new Expired();
  return { status: answer.status, body };
}

/* What an answer says went wrong, as one sentence. */
export function reasonOf({ status, body }) {
  if (body?.faults?.length) return body.faults.map((fault) => fault.message ?? fault).join("；");
  if (body?.refused) return [body.refused, body.next].filter(Boolean).join("");
  return status >= 500 ? "服务器出错，没有完成。请稍后再试。" : "没有办成，请刷新页面后再试。";
}

/* Only the last of several quick questions counts. */
export function latest(ask, wait) {
  let timer = 0;
  let running = null;
  return (...args) => {
    clearTimeout(timer);
    running?.abort();
    timer = setTimeout(() => {
      running = new AbortController();
      ask(running.signal, ...args).catch((fault) => {
        if (fault.name !== "AbortError" && !(fault instanceof Expired) && !(fault instanceof Offline)) throw fault;
      });
    }, wait);
  };
}
