// The diagram page: puts the parts together. Each part knows only what it is given here.

import { Query, keepView, readHash } from "./address.js";
import { Drawer } from "./drawer.js";
import { Finder } from "./finder.js";
import { Gestures } from "./gestures.js";
import { Keyboard } from "./keyboard.js";
import { fillLegend } from "./legend.js";
import { MAP, mapWorthy } from "./levels.js";
import { Minimap } from "./minimap.js";
import { Palette } from "./palette.js";
import { Panel } from "./panel.js";
import { Selection } from "./selection.js";
import { signal } from "./signal.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";
import { Tooltip } from "./tooltip.js";
import { Viewport } from "./viewport.js";
import { showWays } from "./ways.js";
import { count, say } from "./words.js";

const FOLDED = "app"; // the kind of a box that stands for a whole app
const MANY = 80; // tables above which the app map comes first

const at = (id) => document.getElementById(id);
const page = at("er-diagram");
const canvas = at("er-canvas");
const { panelUrl, sceneUrl, searchUrl } = page.dataset;

const viewport = new Viewport();
const selection = new Selection();
const query = new Query();
const stage = new Stage(canvas, viewport, selection);
const gestures = new Gestures(canvas, viewport);
const tooltip = new Tooltip(canvas);
const minimap = new Minimap(at("er-minimap"), viewport);
const status = new Status({ shown: at("er-shown"), place: at("er-place"), notices: at("er-notices") });

let finding = null;
const finder = () => (finding ??= fetch(searchUrl).then((answer) => answer.json()).then((data) => Finder.read(data)));
const drawer = new Drawer(at("er-drawer"), query, finder);
const panel = new Panel(at("er-panel"), (key) => `${panelUrl.split("?")[0].replace("__key__", encodeURIComponent(key))}?${query}`);
const palette = new Palette(at("er-palette"), finder, (key) => stage.scene?.byKey.has(key));
const fit = () => viewport.flyToRectangle(viewport.bounds);
const keyboard = new Keyboard(canvas, { viewport, stage, selection, panel, live: at("er-live"), fit });

/** What other parts of the page, such as editing and comparing, build on. */
export const diagram = {
  page, viewport, selection, query, stage, gestures, panel, canvas, minimap, status,
  live: at("er-live"),
  /** Asks for the scene of the query; arranging by hand asks in its own way. */
  ask: (signal) => fetch(`${sceneUrl.split("?")[0]}?${query}`, { signal }),
  load: (view) => load(diagram.ask, view),
  choose: (table, options) => choose(table, options),
  openDrawer: (open) => openDrawer(open),
  drawerOpened: signal(),
  actions: {}, // more of what data-do names
};

// ---- The scene

let request = null;

const load = async (ask, view) => {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  canvas.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(signal);
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(data.error ?? `${answer.status} ${answer.statusText}`);
    if (!data.tables) throw new Error(say("noScene"));
    await show(data, view);
  } catch (error) {
    if (error.name === "AbortError") return;
    status.fail(error.message);
  }
  if (!signal.aborted) canvas.removeAttribute("aria-busy");
};

const show = async (data, view = {}) => {
  const before = anchor();
  await stage.show(data);
  const { scene } = stage;
  if (data.query !== undefined) query.settle(data.query, data.spelled);
  drawer.show();
  status.tell(scene, data);
  showWays(at("er-ways"), query, data.paths);
  selection.set(...[...selection.keys].filter((key) => scene.byKey.has(key)));
  minimap.show(scene);
  const named = view.table && scene.byKey.get(view.table);
  if (view.at) viewport.show(...view.at);
  else if (named) {
    start(data);
    choose(named);
  } else if (!hold(before, scene)) start(data);
  stage.draw();
};

/** The chosen table and where it stands on screen, so that it can stay there. */
const anchor = () => {
  const table = stage.scene?.byKey.get(selection.current);
  return table ? { key: table.key, point: viewport.toScreen(table.x, table.y), scale: viewport.scale } : null;
};

const hold = (before, scene) => {
  const table = before && scene.byKey.get(before.key);
  if (!table) return false;
  const { point, scale } = before;
  viewport.show(
    table.x + (viewport.width / 2 - point[0]) / scale,
    table.y + (viewport.height / 2 - point[1]) / scale,
    scale,
  );
  return true;
};

const start = ({ map }) => {
  const { scene } = stage;
  viewport.fit(scene.bounds);
  if ((map || scene.tables.length > MANY) && mapWorthy(scene)) viewport.fit(scene.bounds, 0.17);
};

query.changed.on((_, view) => diagram.load(view));

// ---- Pointing and choosing

const choose = (table, { focus = false } = {}) => {
  selection.set(table.key);
  panel.open(table.key, { focus });
  // On a small screen the panel is a sheet over the lower part of the canvas.
  const sheet = at("er-panel").getBoundingClientRect();
  const covered = canvas.getBoundingClientRect().bottom - sheet.top;
  stage.flyTo(table, sheet.left < canvas.getBoundingClientRect().right ? Math.max(0, covered) : 0);
};

gestures.hovered.on((x, y) => {
  const hit = x === undefined ? null : stage.under(x, y);
  stage.light.show(hit);
  tooltip.show(hit?.edge ?? null, x, y);
  canvas.classList.toggle("is-over", Boolean(hit));
});
gestures.tapped.on((x, y) => {
  canvas.focus({ preventScroll: true });
  const hit = stage.under(x, y);
  if (hit?.app && !stage.scene.tables.length) query.add("app", hit.app.label);
  else if (hit?.table?.kind === FOLDED) query.drop("fold", hit.table.key);
  else if (hit?.app && stage.painter.level === MAP) viewport.flyToRectangle(hit.app, 0.6);
  else if (hit?.table) {
    selection.set(hit.table.key);
    panel.open(hit.table.key);
  } else {
    selection.clear();
    tooltip.show(hit?.edge ?? null, x, y);
    stage.light.show(hit);
  }
});
selection.changed.on(() => {
  if (!selection.current) panel.close();
});
panel.closed.on((inside) => {
  if (inside) canvas.focus({ preventScroll: true });
});

/** Shows a table that may not be in the picture yet. */
const go = (key) => {
  const table = stage.scene.byKey.get(key);
  if (table) return choose(table);
  selection.set(key);
  panel.open(key);
  const changed = query.changed.on(() => changed());
  query.add("grow", key);
};
stage.shown.on((scene) => {
  const table = scene.byKey.get(panel.key);
  if (panel.isOpen && table && !selection.has(table.key)) selection.set(table.key);
});

/** Shows all columns of one table, or none, whatever the others show. */
const showColumns = (key, how) => {
  const other = how === "open" ? "closed" : "open";
  const without = (name) => query.all(name).filter((each) => each !== key);
  query.with({ [how]: [...without(how), key], [other]: without(other) });
};

panel.asked.on((action, key) => {
  if (action === "grow") query.add("grow", key);
  else if (action === "focus") query.with({ focus: key, from: null, to: null, way: null });
  else if (action === "pathFrom") {
    at("er-from").value = key;
    openDrawer(true);
    at("er-path").open = true;
    at("er-to").focus();
  } else if (action === "fold") query.add("fold", key);
  else if (action === "open" || action === "closed") showColumns(key, action);
  else go(key);
});
palette.chosen.on((hit) => {
  go(hit.table.key);
  canvas.focus({ preventScroll: true });
});

// ---- Buttons and keys of the page

const openDrawer = (open) => {
  page.classList.toggle("has-drawer", open);
  at("er-drawer-button").setAttribute("aria-expanded", String(open));
  if (open) diagram.drawerOpened.emit();
};

const printing = () => import("./print.js"); // seldom needed: fetched when it is

const title = () => document.title.split("|")[0].trim();

const actions = {
  in: () => viewport.zoomAt(1.25),
  out: () => viewport.zoomAt(0.8),
  fit,
  full: () => viewport.zoomAt(1 / viewport.scale),
  search: () => palette.open(),
  help: () => at("er-legend").showModal(),
  drawer: () => openDrawer(!page.classList.contains("has-drawer")),
  minimap: (button) => {
    const hidden = at("er-minimap").classList.toggle("is-hidden");
    button.setAttribute("aria-expanded", String(!hidden));
  },
  svg: async () => {
    const { asSvg, save } = await import("./picture.js");
    save(await asSvg(stage), "diagram.svg");
  },
  png: async () => {
    const { asPng, save } = await import("./picture.js");
    save(await asPng(stage), "diagram.png");
  },
  print: async () => {
    const { tilesOf } = await printing();
    const pages = (rectangle) => count("pages", tilesOf(stage.scene, rectangle).tiles.length);
    at("er-print-all-pages").textContent = pages(stage.scene.bounds);
    at("er-print-view-pages").textContent = pages(viewport.rectangle());
    at("er-print").showModal();
  },
  printAll: async () => (await printing()).printTiles(stage.scene, stage.scene.bounds, title()),
  printView: async () => (await printing()).printTiles(stage.scene, viewport.rectangle(), title()),
  close: (button) => button.closest("dialog").close(),
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  if (button.closest("#er-print")) at("er-print").close();
  button.closest("details.er-menu")?.removeAttribute("open");
  (actions[button.dataset.do] ?? diagram.actions[button.dataset.do])?.(button);
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (document.querySelector("dialog[open]")) return;
  if ((event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing)) palette.open();
  else if (event.key === "?" && !typing) actions.help();
  else return;
  event.preventDefault();
});
addEventListener("hashchange", () => {
  const view = readHash();
  if (view.table) go(view.table);
  else if (view.at) viewport.show(...view.at);
});

// ---- Size, and the start

const resize = () => {
  const { top } = page.getBoundingClientRect();
  const room = innerHeight - Math.max(0, top + scrollY) - 14;
  page.style.height = `${Math.max(460, room)}px`;
  viewport.resize(canvas.clientWidth, canvas.clientHeight);
};
addEventListener("resize", resize);
// What is said above the picture takes room from it.
const above = new ResizeObserver(() => resize());
for (const id of ["er-notices", "er-notice"]) above.observe(at(id));
new ResizeObserver(() => viewport.resize(canvas.clientWidth, canvas.clientHeight)).observe(canvas);
page.classList.add("is-ready");
openDrawer(matchMedia("(min-width: 1200px)").matches);
resize();
fillLegend(at("er-legend"));
stage.settled.on(() => status.where(stage, viewport));
await load((signal) => fetch(sceneUrl, { signal }), readHash());
requestAnimationFrame(() => setTimeout(() => performance.mark("er-first-picture")));
keepView(viewport);
