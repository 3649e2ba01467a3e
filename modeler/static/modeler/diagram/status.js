// What the page says of itself: how much is shown, where the view is, and what went wrong.

import { html } from "./elements.js";
import { say } from "./words.js";

export class Status {
  constructor({ shown, place, notices }) {
    Object.assign(this, { shown, place, notices });
  }

  /** After an answer of the server. */
  tell(scene, { total, notices = [], stopped = [] }) {
    const shown = scene.tables.length || scene.apps.reduce((sum, app) => sum + app.tables, 0);
    this.shown.textContent = say("shown", { shown, total });
    const said = [...notices];
    if (stopped.length) {
      const hubs = stopped.map(([key, degree]) => `${key} (${degree})`).join(", ");
      said.push(say("stopped", { hubs }));
    }
    if (!scene.apps.length) said.push(say("empty"));
    // The page may have said the same before the first picture was there.
    for (const old of document.querySelectorAll(".modeler-page > .modeler-notice")) {
      if (said.includes(old.textContent) || this.told) old.remove();
    }
    this.told = true;
    this.notices.replaceChildren(...said.map((text) => html("p", { class: "modeler-notice" }, text)));
  }

  fail(reason) {
    this.notices.replaceChildren(html("p", { class: "modeler-notice is-failed", role: "alert" }, say("failed", { reason })));
  }

  /** Where the view is: the app in the middle, and the zoom. */
  where(stage, viewport) {
    const { scene } = stage;
    const [number] = scene.frames.at(...viewport.centre());
    const app = number === undefined ? "" : scene.apps[number].title;
    this.place.textContent = [app, say("zoom", { percent: Math.round(viewport.scale * 100) })].filter(Boolean).join(" · ");
  }
}
