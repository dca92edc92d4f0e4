/* Drafts save themselves: compare and swap, in words. A draft that cannot be saved stays on this computer. */

import { byId, download, h, redraw } from "./dom.js";
import { Expired, Offline, post, reasonOf } from "./api.js";
import { differences } from "./compare.js";
import { clock } from "./words.js";

const PAUSE = 1500;

export class Saving {
  constructor(store, { pk, version, loginUrl }) {
    Object.assign(this, {
      store,
      version,
      loginUrl,
      key: `form-draft-${pk}`,
      timer: 0,
      running: null,
      saved: JSON.stringify(store.spec),
      theirs: null,
    });
    this.state = { words: "已保存", tone: "" };
    store.watch((what) => {
      if (what === "spec") this.changed();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.kept) event.preventDefault();
    });
  }

  get dirty() {
    return JSON.stringify(this.store.spec) !== this.saved;
  }

  changed() {
    clearTimeout(this.timer);
    if (!this.dirty) {
      this.say(`${clock()} 已保存`);
      return this.forget();
    }
    this.keep();
    if (this.theirs) return;
    this.say("有改动，尚未保存");
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /* Save now; true when the server has it. */
  async save(byHand = false) {
    clearTimeout(this.timer);
    await this.store.answered;
    if (this.running) await this.running;
    if (this.theirs) {
      this.ask();
      return false;
    }
    if (!this.dirty) {
      if (byHand) this.say(`${clock()} 已保存`);
      return true;
    }
    this.running = this.send(byHand);
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  }

  async send(byHand) {
    const sent = JSON.stringify(this.store.spec);
    this.say("正在保存…");
    try {
      const answer = await post(this.store.urls.save, { version: this.version, spec: JSON.parse(sent) });
      if (answer.status === 409 && answer.body.stale) {
        this.theirs = answer.body;
        this.say(`没有保存：${answer.body.by} 在您之后保存过`, "bad");
        this.ask();
        return false;
      }
      if (answer.status !== 200) {
        this.say(`没有保存：${reasonOf(answer)}`, "bad");
        return false;
      }
      this.version = answer.body.version;
      this.saved = sent;
      Object.assign(this.store.answers, { faults: answer.body.faults ?? [], examples: answer.body.examples ?? [] });
      this.say(`${clock()} ${byHand ? "已保存" : "已自动保存"}`);
      if (this.dirty) this.changed();
      else this.forget();
      this.store.savedVersion = answer.body.version;
      this.store.tell("answers");
      this.store.tell("saved");
      return true;
    } catch (fault) {
      if (fault instanceof Expired) this.say("登录已过期：改动留在这台电脑上，登录后回到这里继续", "bad", true);
      else if (fault instanceof Offline) {
        this.say("网络不通：改动留在这台电脑上，稍后自动再存", "warn");
        this.timer = setTimeout(() => this.save(), 15_000);
      } else throw fault;
      return false;
    }
  }

  say(words, tone = "", login = false) {
    this.state = { words, tone };
    redraw(
      byId("designer-state"),
      h("span", { class: tone ? `tone-${tone}` : null, key: "state" }, words),
      login ? h("a", { href: this.loginUrl, target: "_blank", key: "login" }, "重新登录") : null,
    );
  }

  /* A copy on this computer, until the server has the same. */
  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ version: this.version, at: clock(), spec: this.store.spec }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }
  forget() {
    this.kept = false;
    try {
      localStorage.removeItem(this.key);
    } catch {
      this.kept = false;
    }
  }

  /* After a break: offer what this computer still holds. */
  offerKept(place) {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key));
    } catch {
      kept = null;
    }
    if (!kept || JSON.stringify(kept.spec) === this.saved) return this.forget();
    const close = () => redraw(place);
    redraw(
      place,
      h(
        "div",
        { class: "notice notice-warn", role: "alert" },
        h(
          "div",
          {},
          `这台电脑上有一份没有存上的改动（${kept.at}）。`,
          kept.version !== this.version ? "之后别人保存过，恢复后请核对。" : "",
          h(
            "span",
            { class: "dz-buttons" },
            h(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-outline",
                on: {
                  click: () => {
                    close();
                    this.store.replace("恢复这台电脑上的改动", kept.spec);
                  },
                },
              },
              "恢复",
            ),
            h(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-outline",
                on: { click: () => download(`${this.store.spec.id}-kept.json`, JSON.stringify(kept.spec, null, 1)) },
              },
              "下载",
            ),
            h(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-outline",
                on: {
                  click: () => {
                    this.forget();
                    close();
                  },
                },
              },
              "不要了",
            ),
          ),
        ),
      ),
    );
  }

  /* Somebody saved in between: both versions, nothing is lost. */
  ask() {
    const box = byId("designer-stale");
    const { theirs, store } = this;
    const base = JSON.parse(this.saved);
    const side = (title, spec) => {
      const list = differences(base, spec);
      return h(
        "section",
        {},
        h("h3", {}, title),
        list.length
          ? h(
              "ul",
              {},
              list.slice(0, 12).map((line) => h("li", {}, line)),
              list.length > 12 ? h("li", {}, `另有 ${list.length - 12} 处`) : null,
            )
          : h("p", {}, "没有改动"),
      );
    };
    const done = () => {
      this.theirs = null;
      box.close();
    };
    redraw(
      box,
      h("h2", { id: "stale-title" }, `${theirs.by} 也改了这份草稿`),
      h("p", {}, `对方在 ${theirs.at} 保存。您的改动还在，没有丢；选一份接着做，另一份可以先下载。`),
      h("div", { class: "dz-two" }, side("您的改动", store.spec), side("对方的改动", theirs.spec)),
      h(
        "div",
        { class: "dz-buttons" },
        h(
          "button",
          {
            type: "button",
            class: "btn btn-primary",
            on: {
              click: () => {
                this.version = theirs.version;
                this.saved = JSON.stringify(theirs.spec);
                done();
                this.save(true);
              },
            },
          },
          "用我的",
        ),
        h(
          "button",
          {
            type: "button",
            class: "btn btn-outline",
            on: {
              click: () => {
                this.version = theirs.version;
                const mine = structuredClone(theirs.spec);
                done();
                store.replace("改用对方的版本", mine);
                this.saved = JSON.stringify(store.spec);
                this.changed();
              },
            },
          },
          "用对方的",
        ),
        h(
          "button",
          {
            type: "button",
            class: "btn btn-outline",
            on: { click: () => download(`${store.spec.id}-mine.json`, JSON.stringify(store.spec, null, 1)) },
          },
          "下载我的",
        ),
        h("button", { type: "button", class: "btn btn-outline", on: { click: () => box.close() } }, "先看一看"),
      ),
    );
    if (!box.open) box.showModal();
  }
}
