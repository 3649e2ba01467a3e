// The diagram page: puts the parts together. Each part knows only what it is given here.

import { Gestures } from "./gestures.js";
import { Selection } from "./selection.js";
import { Stage } from "./stage.js";
import { Viewport } from "./viewport.js";

const page = document.getElementById("er-diagram");
const canvas = document.getElementById("er-canvas");

const viewport = new Viewport();
const selection = new Selection();
const stage = new Stage(canvas, viewport, selection);
const gestures = new Gestures(canvas, viewport);
Object.assign(window, { viewport, stage });

new ResizeObserver(() => viewport.resize(canvas.clientWidth, canvas.clientHeight)).observe(canvas);
viewport.resize(canvas.clientWidth, canvas.clientHeight);

gestures.hovered.on((x, y) => stage.light.show(x === undefined ? null : stage.under(x, y)));
gestures.tapped.on((x, y) => {
  const hit = stage.under(x, y);
  if (hit?.app) return viewport.flyToRectangle(hit.app, 0.5);
  if (hit?.table) selection.set(hit.table.key);
  else if (!hit) selection.clear();
});

const answer = await fetch(page.dataset.scene);
await stage.show(await answer.json());
viewport.fit();
