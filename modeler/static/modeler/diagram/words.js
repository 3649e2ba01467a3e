// Sentences in the user's language: the page carries them in a template, translated by the server.

const words = new Map();
for (const word of document.getElementById("er-words")?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(word.dataset.word, word.textContent);
}

/** The sentence of this name, {value} filled in; the name itself where there is none. */
export const say = (name, values = {}) =>
  (words.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? `${values[key]}` : whole));

export const known = (name) => words.has(name);

/** One of two sentences, by number: `name` + "One" or "Many". */
export const count = (name, number) => say(number === 1 ? `${name}One` : `${name}Many`, { count: number });
