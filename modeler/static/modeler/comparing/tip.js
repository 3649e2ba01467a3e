// What changed at the table or row under the pointer, in words.

import { html } from "../diagram/elements.js";
import { COLUMNS } from "../diagram/levels.js";
import { say } from "../diagram/words.js";

const MOST = 8; // lines

export class ChangeTip {
  constructor(diagram) {
    Object.assign(this, { diagram, about: null });
    this.node = html("div", { class: "er-tooltip er-change-tip", role: "tooltip", hidden: "" });
    diagram.canvas.append(this.node);
    diagram.gestures.hovered.on((x, y) => this.show(x, y));
    diagram.stage.shown.on((scene) => this.read(scene));
    if (diagram.stage.scene) this.read(diagram.stage.scene);
  }

  read({ data }) {
    this.show();
    const apps = data.compared?.apps ?? [];
    this.entries = new Map(apps.flatMap(({ tables }) => tables).map((table) => [table.key, table]));
  }

  show(x, y) {
    const said = x === undefined ? null : this.said(x, y);
    this.node.hidden = !said;
    if (!said) return;
    this.node.replaceChildren(html("div", { class: "er-tip-key" }, said.title), ...said.lines.map((line) => html("div", {}, line)));
    const { canvas } = this.diagram;
    const { width, height } = this.node.getBoundingClientRect();
    const left = Math.max(4, Math.min(x + 14, canvas.clientWidth - width - 4));
    const below = y + 18 + height < canvas.clientHeight;
    this.node.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 18 : y - height - 10)}px)`;
  }

  said(px, py) {
    const { stage, viewport } = this.diagram;
    if (!stage.scene?.data.compared) return null;
    const table = stage.under(px, py)?.table;
    if (!table?.change) return null;
    const [, y] = viewport.toPicture(px, py);
    const number = Math.floor((y - table.y - stage.scene.head) / stage.scene.row);
    const row = stage.painter.level === COLUMNS ? table.rows[number] : null;
    const change = row && table.changes?.[row[0]];
    if (change) return { title: `${row[0]}: ${say(`kind-${change[0]}`)}`, lines: [change[1]].filter(Boolean) };
    const entries = this.entries.get(table.key)?.entries ?? [];
    const lines = entries.slice(0, MOST).map(({ sentence }) => sentence);
    if (entries.length > MOST) lines.push(say("andMore", { count: entries.length - MOST }));
    return { title: `${table.title}: ${say(`kind-${table.change}`)}`, lines };
  }
}
