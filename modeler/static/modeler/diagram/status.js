// What the page says of itself: how much is shown, where the view is, and what went wrong.

import { html } from "./elements.js";
import { say } from "./words.js";

export class Status {
  constructor({ shown, place, notices }) {
    Object.assign(this, { shown, place, notices });
  }

  /** After an answer of the server. */
  tell(scene, { total, notices = [], stopped = [] }) {
    this.shown.textContent = say("shown", { shown: scene.tables.length, total });
    const said = [...notices];
    if (stopped.length) {
      const hubs = stopped.map(([key, degree]) => `${key} (${degree})`).join(", ");
      said.push(say("stopped", { hubs }));
    }
    if (!scene.tables.length) said.push(say("empty"));
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
