// Searches tables and columns as one types. The index stands in the page as JSON, and this is no
// module: browsers load neither modules nor JSON from a folder (file:).
"use strict";
(() => {
  const MOST = 60;
  const tables = JSON.parse(document.getElementById("index").textContent);
  const form = document.getElementById("search");
  const field = form.elements.q;
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  const all = document.getElementById("all");

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // Every name with what is searched of it, folded once.
  const entries = tables.flatMap(([key, address, about, columns]) => [
    { shown: key, address, name: fold(key), last: fold(key.slice(key.lastIndexOf(".") + 1)), about: fold(about), told: about, rank: 0 },
    ...columns.map(([column, said]) => ({
      shown: `${key}.${column}`, address: `${address}#column-${encodeURIComponent(column)}`,
      name: fold(`${key}.${column}`), last: fold(column), about: fold(said), told: said, rank: 1,
    })),
  ]);

  // Lower is better; null where a word is nowhere in it.
  function score(entry, words) {
    let total = entry.rank;
    for (const word of words) {
      if (entry.last === word) continue;
      if (entry.last.startsWith(word)) total += 2;
      else if (entry.last.includes(word)) total += 4;
      else if (entry.name.includes(word)) total += 6;
      else if (entry.about.includes(word)) total += 8;
      else return null;
    }
    return total;
  }

  function found(words) {
    return entries
      .map((entry) => ({ entry, score: score(entry, words) }))
      .filter((each) => each.score !== null)
      .sort((a, b) => a.score - b.score || (a.entry.shown < b.entry.shown ? -1 : 1));
  }

  function show() {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    results.replaceChildren();
    count.textContent = "";
    all.hidden = words.length > 0;
    if (!words.length) return;
    const hits = found(words);
    if (!hits.length) count.textContent = count.dataset.none;
    if (hits.length > MOST) count.textContent = count.dataset.more.replace("%s", hits.length);
    for (const { entry } of hits.slice(0, MOST)) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = entry.address;
      link.textContent = entry.shown;
      const told = document.createElement("span");
      told.className = "quiet";
      told.textContent = entry.told ? ` ${entry.told}` : "";
      line.append(link, told);
      results.append(line);
    }
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  field.addEventListener("input", show);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  show();
})();
