// The lock timeline: a bar says in words why it is there, by pointer, finger or keyboard.
// The words stand in the list below the table; without script a bar leads there.

const table = document.querySelector(".tl");
if (table) start(table);

function start(table) {
  const tip = document.createElement("div");
  Object.assign(tip, { className: "modeler-tip", id: "tl-tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  const links = [...table.querySelectorAll(".tl-bar a")];
  let lit = null; // the cell whose words are shown
  let pinned = false; // by a press: stays until the next one

  for (const [at, link] of links.entries()) link.tabIndex = at ? -1 : 0; // one stop for Tab; arrows inside
  table.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch" && !pinned) show(event.target.closest?.("[data-lock]"));
  });
  table.addEventListener("pointerleave", () => { if (!pinned) hide(); });
  table.addEventListener("focusin", (event) => show(event.target.closest("[data-lock]")));
  table.addEventListener("focusout", () => { if (!pinned) hide(); });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-lock]");
    if (!cell) return;
    event.preventDefault();
    const again = pinned && cell === lit;
    pinned = false;
    hide();
    if (again) return;
    show(cell);
    pinned = true;
  });
  document.addEventListener("pointerdown", (event) => {
    if (pinned && !tip.contains(event.target) && !event.target.closest("[data-lock]")) release();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") release();
  });
  window.addEventListener("scroll", follow, { capture: true, passive: true });
  window.addEventListener("resize", release);
  table.addEventListener("keydown", (event) => {
    const to = next(event);
    if (!to) return;
    event.preventDefault();
    for (const link of links) link.tabIndex = link === to ? 0 : -1;
    pinned = false;
    to.focus();
    to.closest("td").scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // Left and right along a row, up and down to the bar of the next row that lies nearest.
  function next({ key, target }) {
    const link = target.closest(".tl-bar a");
    if (!link) return null;
    const row = link.closest("tr");
    const seen = (each) => each.offsetParent !== null;
    const own = [...row.querySelectorAll(".tl-bar a")];
    const at = own.indexOf(link);
    if (key === "ArrowRight") return own[at + 1];
    if (key === "ArrowLeft") return own[at - 1];
    if (key === "Home") return links.find(seen);
    if (key === "End") return links.findLast(seen);
    if (key !== "ArrowDown" && key !== "ArrowUp") return null;
    const rows = [...table.querySelectorAll(".tl-row")].filter((each) => seen(each) && each.querySelector(".tl-bar a"));
    const other = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
    if (!other) return null;
    const x = link.getBoundingClientRect().left;
    const far = (each) => Math.abs(each.getBoundingClientRect().left - x);
    return [...other.querySelectorAll(".tl-bar a")].reduce((best, each) => (far(each) < far(best) ? each : best));
  }

  function show(cell) {
    if (cell === lit) return;
    hide();
    const words = cell && document.getElementById(`lock-${cell.dataset.lock}`);
    if (!words) return;
    lit = cell;
    const part = (name) => words.querySelector(`[data-part="${name}"]`);
    tip.replaceChildren(
      line("tip-mode", part("relation").cloneNode(true).childNodes, ": ", part("mode").cloneNode(true).childNodes),
      ...said("tip-wait", part("meanwhile")),
      ...said("tip-cause", part("cause")),
      line("tip-quiet", part("when").cloneNode(true).childNodes),
    );
    for (const each of bar(cell)) each.classList.add("is-lit");
    cell.parentNode.querySelector(`[data-lock="${cell.dataset.lock}"] a`)?.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    place(cell);
  }

  function hide() {
    if (!lit) return;
    for (const each of bar(lit)) each.classList.remove("is-lit");
    lit.parentNode.querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
    lit = null;
    tip.hidden = true;
  }

  function release() {
    pinned = false;
    hide();
  }

  // What is said goes along with its bar, and away with it.
  function follow() {
    if (!lit) return;
    const { top, bottom } = lit.getBoundingClientRect();
    if (bottom < 0 || top > window.innerHeight) release();
    else place(lit);
  }

  const bar = (cell) => cell.parentNode.querySelectorAll(`[data-lock="${cell.dataset.lock}"]`);

  function place(cell) {
    const under = cell.getBoundingClientRect();
    const frame = table.parentNode.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const x = Math.max(under.left, frame.left);
    const left = Math.max(8, Math.min(x, document.documentElement.clientWidth - width - 8));
    const below = under.bottom + 6 + height < window.innerHeight;
    const top = Math.max(8, below ? under.bottom + 6 : under.top - height - 6);
    Object.assign(tip.style, { left: `${Math.round(left)}px`, top: `${Math.round(top)}px` });
  }
}

function line(name, ...parts) {
  const node = document.createElement("p");
  node.className = name;
  for (const part of parts) node.append(...(typeof part === "string" ? [part] : part));
  return node;
}

function said(name, part) {
  return part.textContent.trim() ? [line(name, part.cloneNode(true).childNodes)] : [];
}
