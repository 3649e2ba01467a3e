// Comparing on the diagram page: what is compared, the list of changes, the walk through migrations.

import { diagram } from "../diagram/main.js";
import { html } from "../diagram/elements.js";
import { count, say } from "../diagram/words.js";
import { SourceChoice } from "./choice.js";
import { ChangeList } from "./list.js";
import { ChangeTip } from "./tip.js";
import { MigrationWalk } from "./walk.js";

const panel = document.getElementById("er-compare");
const button = document.getElementById("er-compare-button");
const { page, stage, query, selection, canvas, live } = diagram;
const { sourcesUrl, stepsUrl, snapshotsUrl } = panel.dataset;

const choice = new SourceChoice(panel, query, { sources: sourcesUrl, snapshots: snapshotsUrl });
const list = new ChangeList(panel.querySelector("[data-result]"));
const walk = new MigrationWalk(panel.querySelector("[data-migrations]"), diagram, { steps: stepsUrl, arrange: page.dataset.arrangeUrl });
new ChangeTip(diagram);

// ---- The panel takes the drawer's place

const open = async (opened) => {
  if (opened) diagram.openDrawer(false);
  page.classList.toggle("has-compare", opened);
  button.setAttribute("aria-expanded", String(opened));
  if (!opened || choice.data) return;
  const data = await choice.load();
  if (data) walk.fill(data.apps);
};
diagram.actions.compare = () => open(!page.classList.contains("has-compare"));
choice.stopped.on(() => {
  if (walk.isCurrent()) walk.start("");
  else query.with({ compare: null, changed: null });
  canvas.focus({ preventScroll: true });
});
diagram.drawerOpened.on(() => open(false));
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open(false);
  button.focus();
});

// ---- The picture of a comparison

const wide = matchMedia("(min-width: 901px)");
let shown = null;

const show = () => {
  const { scene } = stage;
  const compared = scene?.data.compared;
  stage.root.classList.toggle("is-compared", Boolean(compared));
  canvas.classList.toggle("is-compared", Boolean(compared));
  panel.querySelector("[data-result]").hidden = !compared;
  choice.show();
  if (!compared) return;
  // On a small screen it would lie over the picture.
  if (compared !== shown && wide.matches) open(true);
  shown = compared;
  panel.querySelector("[data-what]").open = false;
  list.show(compared.apps, (key) => scene.byKey.has(key));
  const unseen = panel.querySelector("[data-unseen]");
  unseen.hidden = !compared.unseen.length;
  unseen.querySelector("ul").replaceChildren(...compared.unseen.map((text) => html("li", {}, text)));
  live.textContent = compared.count ? count("changes", compared.count) : say("noChanges");
};
stage.shown.on(show);

list.chosen.on((key) => {
  const table = stage.scene.byKey.get(key);
  if (!table) {
    live.textContent = say("notInPicture");
    return;
  }
  if (!wide.matches) open(false);
  selection.set(key);
  stage.flyTo(table);
  stage.light.show({ table });
});

const step = (by) => {
  const found = list.step(by);
  if (!found) return;
  const { table, at, of } = found;
  live.textContent = say("changeAt", { at, of, table: table.key, sentences: table.entries.slice(0, 3).map(({ sentence }) => sentence).join("; ") });
};
panel.querySelector("[data-result]").addEventListener("click", (event) => {
  const by = event.target.closest("[data-by]")?.dataset.by;
  if (by) step(Number(by));
});
document.addEventListener("keydown", (event) => {
  if (!stage.scene?.data.compared || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input:not([type=range]), textarea, select")) return;
  if (event.key === "]") step(1);
  else if (event.key === "[") step(-1);
  else return;
  event.preventDefault();
});

show();
