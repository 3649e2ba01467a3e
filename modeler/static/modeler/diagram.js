// The picture on the diagram page: moving, zooming, flying to a table, and the list's filter.

const canvas = document.getElementById("modeler-canvas");
const picture = canvas?.querySelector("svg");

if (picture) {
  const whole = picture.viewBox.baseVal;
  const size = { width: whole.width, height: whole.height };
  const view = { x: 0, y: 0, scale: 1 }; // scale: screen pixels a unit of the picture

  const draw = () => {
    const { width, height } = canvas.getBoundingClientRect();
    picture.setAttribute("viewBox", `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
  };

  const fit = () => {
    const { width, height } = canvas.getBoundingClientRect();
    const margin = 32; // pixels, both sides together
    view.scale = Math.min((width - margin) / size.width, (height - margin) / size.height, 1);
    view.scale = Math.max(view.scale, 0.05);
    view.x = (size.width - width / view.scale) / 2;
    view.y = (size.height - height / view.scale) / 2;
    draw();
  };

  // Zooms so that the point under (x, y), in pixels of the canvas, stays where it is.
  const zoom = (factor, x, y) => {
    const scale = Math.min(4, Math.max(0.05, view.scale * factor));
    view.x += x / view.scale - x / scale;
    view.y += y / view.scale - y / scale;
    view.scale = scale;
    draw();
  };

  const middle = () => {
    const { width, height } = canvas.getBoundingClientRect();
    return [width / 2, height / 2];
  };

  const flyTo = (element) => {
    const { width, height, left, top } = canvas.getBoundingClientRect();
    if (view.scale < 0.8) zoom(0.8 / view.scale, ...middle());
    const box = element.getBoundingClientRect();
    view.x += (box.left + box.width / 2 - left - width / 2) / view.scale;
    view.y += (box.top + box.height / 2 - top - height / 2) / view.scale;
    picture.querySelectorAll(".found").forEach((other) => other.classList.remove("found"));
    element.classList.add("found");
    draw();
  };

  const actions = {
    in: () => zoom(1.25, ...middle()),
    out: () => zoom(0.8, ...middle()),
    fit,
    full: () => zoom(1 / view.scale, ...middle()),
  };
  canvas.querySelectorAll("[data-do]").forEach((button) => {
    button.addEventListener("click", () => actions[button.dataset.do]());
  });

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = canvas.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
  }, { passive: false });

  let held = null;
  picture.addEventListener("pointerdown", (event) => {
    if (event.target.closest("a")) return;
    held = { x: event.clientX, y: event.clientY };
    picture.setPointerCapture(event.pointerId);
    canvas.classList.add("moving");
  });
  picture.addEventListener("pointermove", (event) => {
    if (!held) return;
    view.x -= (event.clientX - held.x) / view.scale;
    view.y -= (event.clientY - held.y) / view.scale;
    held = { x: event.clientX, y: event.clientY };
    draw();
  });
  const release = () => {
    held = null;
    canvas.classList.remove("moving");
  };
  picture.addEventListener("pointerup", release);
  picture.addEventListener("pointercancel", release);

  const keys = {
    "+": actions.in, "=": actions.in, "-": actions.out, "0": fit, "1": actions.full,
    ArrowLeft: () => { view.x -= 60 / view.scale; draw(); },
    ArrowRight: () => { view.x += 60 / view.scale; draw(); },
    ArrowUp: () => { view.y -= 60 / view.scale; draw(); },
    ArrowDown: () => { view.y += 60 / view.scale; draw(); },
  };
  canvas.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });

  const show = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const element = id && picture.getElementById(id);
    if (element) flyTo(element);
  };
  // A link to the same hash changes nothing, so that clicks are heard as well.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link && (link.getAttribute("href") || link.getAttribute("xlink:href"));
    if (!target?.startsWith("#table-")) return;
    event.preventDefault();
    history.replaceState(null, "", target);
    show();
  });
  window.addEventListener("resize", draw);
  picture.removeAttribute("width");
  picture.removeAttribute("height");
  fit();
  show();
  // The browser scrolls to a table named in the address; flying there is enough.
  if (picture.querySelector(".found")) requestAnimationFrame(() => window.scrollTo(0, 0));
}

const filter = document.getElementById("modeler-filter");
const count = document.getElementById("modeler-filter-count");
filter?.addEventListener("input", () => {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const entry of document.querySelectorAll(".modeler-table")) {
    entry.hidden = wanted !== "" && !entry.textContent.toLowerCase().includes(wanted);
    shown += entry.hidden ? 0 : 1;
  }
  count.hidden = shown > 0;
  count.textContent = shown > 0 ? "" : count.dataset.none;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  filter.focus();
});
