// The dialog of saved views: the open one with what can be done with it, and the list of all.

import { html } from "../diagram/elements.js";
import { say } from "../diagram/words.js";
import { copied } from "./clipboard.js";

export class ViewsDialog {
  /** @param {HTMLDialogElement} dialog @param {HTMLElement} button of the page's bar */
  constructor(dialog, button, views) {
    Object.assign(this, { dialog, button, views, mayShare: false });
    const on = (selector, type, act) => dialog.querySelector(selector).addEventListener(type, act);
    on("[data-save]", "click", () => this.then(views.save()));
    on("[data-rename]", "click", () => this.then(views.rename()));
    on("[data-delete]", "click", () => this.then(views.remove()));
    on("[data-copy]", "click", (event) => this.copy(event.target));
    on("[data-share]", "change", async (event) => {
      await views.share(event.target.checked);
      this.refresh();
    });
    on("[data-start]", "change", async (event) => {
      await views.startOf(event.target.value);
      this.refresh();
    });
    on("[data-save-as]", "submit", (event) => {
      event.preventDefault();
      const input = event.target.elements.name;
      if (input.value.trim()) this.then(views.saveAs(input.value.trim()));
    });
    on("[data-list]", "click", (event) => {
      const row = event.target.closest("[data-id]");
      if (row) this.openView(Number(row.dataset.id));
    });
    on("[data-automatic]", "click", () => this.openView(null));
    views.changed.on(() => this.show());
    this.show();
  }

  async open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.show();
    const input = this.dialog.querySelector("[data-save-as] input");
    input.value = "";
    await this.refresh();
  }

  async then(done) {
    // At once: the next name may be typed while the list is still on its way.
    if (await done) this.dialog.querySelector("[data-save-as] input").value = "";
    await this.refresh();
  }

  async openView(id) {
    if (await this.views.open(id)) this.dialog.close();
  }

  async copy(button) {
    button.textContent = say((await copied(this.views.link)) ? "copied" : "copyFailed");
    setTimeout(() => (button.textContent = say("copyLink")), 1500);
  }

  async refresh() {
    const listed = await this.views.tried(() => this.views.list());
    if (!listed) return;
    this.mayShare = listed.mayShare;
    this.fill(listed.views);
    this.show();
  }

  fill(all) {
    const place = this.dialog.querySelector("[data-list]");
    const group = (title, views) =>
      views.length ? [html("h3", {}, title), html("ul", { class: "er-view-list" }, ...views.map((view) => this.row(view)))] : [];
    place.replaceChildren(
      ...group(say("viewsChangeable"), all.filter((view) => view.mayChange)),
      ...group(say("viewsOthers"), all.filter((view) => !view.mayChange)),
    );
    this.dialog.querySelector("[data-none]").hidden = all.length > 0;
  }

  row(view) {
    const open = view.id === this.views.current?.id;
    const facts = [
      view.shared ? say("sharedBy", { owner: view.owner || say("nobody") }) : say("private"),
      say("savedBy", { who: view.updatedBy || say("nobody"), when: time(view.updatedAt) }),
      view.defaultFor ? say("startPicture", { what: startText(view.defaultFor) || view.defaultFor }) : "",
    ];
    return html("li", {},
      html("button", { type: "button", "data-id": view.id, "aria-current": open ? "true" : null },
        html("strong", {}, view.name), html("small", {}, facts.filter(Boolean).join(" · "))));
  }

  /** Shows the open view, here and in the page's bar. */
  show() {
    const { current, dirty, arrangement } = this.views;
    const unsaved = current ? dirty : arrangement.dirty;
    this.button.querySelector("[data-name]").textContent = current?.name ?? say("views");
    this.button.querySelector("[data-unsaved]").hidden = !unsaved;
    const section = this.dialog.querySelector("[data-current]");
    section.hidden = !current;
    this.dialog.querySelector("[data-unsaved-text]").hidden = !unsaved;
    this.dialog.querySelector("[data-automatic]").hidden = !current;
    if (!current) return;
    section.querySelector("h3").textContent = current.name;
    section.querySelector("[data-facts]").textContent = [
      current.owner ? say("ownedBy", { owner: current.owner }) : "",
      say("savedBy", { who: current.updatedBy || say("nobody"), when: time(current.updatedAt) }),
    ].filter(Boolean).join(" · ");
    section.querySelector("[data-save]").disabled = !current.mayChange || !dirty;
    for (const name of ["rename", "delete"]) section.querySelector(`[data-${name}]`).disabled = !current.mayChange;
    const sharing = section.querySelector("[data-sharing]");
    sharing.hidden = !this.mayShare || !current.mayChange;
    sharing.querySelector("[data-share]").checked = current.shared;
    const start = sharing.querySelector("[data-start]");
    start.disabled = !current.shared;
    start.replaceChildren(...starts().map(([value, title]) => html("option", { value }, title)));
    start.value = current.defaultFor;
  }
}

const time = (iso) => new Date(iso).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });

const apps = () => [...document.querySelectorAll("#er-drawer [name=app]")].map(({ value, labels }) => [value, labels[0].textContent.trim()]);

const starts = () => [["", say("startOfNothing")], ["*", say("startOfProject")], ...apps().filter(([value]) => value).map(([value, title]) => [value, say("startOfApp", { app: title })])];

const startText = (app) => starts().find(([value]) => value && value === app)?.[1] ?? "";
