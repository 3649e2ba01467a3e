// How well a text answers what was typed. Better means smaller:
// exact < prefix < start of a word < inside < letters in order < one letter wrong.

export const EXACT = 0;
export const PREFIX = 1;
export const WORD = 2;
export const INSIDE = 3;
export const SPARSE = 4;
export const TYPO = 5;
export const NONE = 9;

/** The letters of a text as bits, so that most texts are refused in one comparison. */
export const lettersOf = (text) => {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << text.charCodeAt(i) % 32;
  return bits;
};

const WORDS = /[\p{Lu}]+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\W_]+|\d+/gu;

/** Where words start in a name: after separators and in CamelCase. */
export const startsOf = (name) => [...name.matchAll(WORDS)].map((match) => match.index);

const bitsOf = (number) => {
  let count = 0;
  for (let rest = number; rest; rest &= rest - 1) count++;
  return count;
};

/**
 * Returns {rank, hits}, hits the positions of the text's letters that were meant, or null.
 *
 * @param {string} wanted in small letters
 * @param {{text: string, small: string, letters: number}} entry a text, its small spelling, its letters
 * @param {number} letters of what is wanted
 */
export const score = (wanted, entry, letters = lettersOf(wanted)) => {
  const missing = letters & ~entry.letters;
  const { small, text } = entry;
  if (!missing) {
    const at = small.indexOf(wanted);
    if (at === 0) return { rank: small.length === wanted.length ? EXACT : PREFIX, hits: range(0, wanted.length) };
    if (at > 0) {
      const starts = startsOf(text);
      for (let next = at; next >= 0; next = small.indexOf(wanted, next + 1)) {
        if (starts.includes(next)) return { rank: WORD, hits: range(next, wanted.length) };
      }
      return { rank: INSIDE, hits: range(at, wanted.length) };
    }
    const hits = sparse(wanted, small, text);
    if (hits) return { rank: SPARSE, hits };
  }
  if (wanted.length < 4 || bitsOf(missing) > 1) return null;
  return typo(wanted, small, text);
};

const range = (from, length) => Array.from({ length }, (_, i) => from + i);

/** Letters in order, each run at the start of a word: "ostch" finds order_status_change. */
const sparse = (wanted, small, text) => {
  if (wanted.length < 2 || !inOrder(wanted, small)) return null;
  const starts = new Set(startsOf(text));
  const find = (from, at) => {
    if (from === wanted.length) return [];
    for (let next = small.indexOf(wanted[from], at); next >= 0; next = small.indexOf(wanted[from], next + 1)) {
      if (next === at && at > 0 || starts.has(next)) {
        const rest = find(from + 1, next + 1);
        if (rest) return [next, ...rest];
      }
    }
    return null;
  };
  return find(0, 0);
};

const inOrder = (wanted, small) => {
  let at = 0;
  for (const letter of wanted) {
    at = small.indexOf(letter, at) + 1;
    if (!at) return false;
  }
  return true;
};

/** One letter wrong, missing, too many or swapped with its neighbour, at the start of a word. */
const typo = (wanted, small, text) => {
  for (const start of startsOf(text)) {
    // The first letter is seldom wrong; asking for it or the second keeps this cheap.
    if (small[start] !== wanted[0] && small[start + 1] !== wanted[1] && small[start] !== wanted[1]) continue;
    const length = nearPrefix(wanted, small.slice(start, start + wanted.length + 1));
    if (length) return { rank: TYPO, hits: range(start, length) };
  }
  return null;
};

/** How long the start of `text` is that differs from `wanted` in one edit; 0 where none does. */
const nearPrefix = (wanted, text) => {
  let same = 0;
  while (same < wanted.length && wanted[same] === text[same]) same++;
  const rest = wanted.slice(same);
  const other = text.slice(same);
  if (other.startsWith(rest.slice(1))) return same + rest.length - 1; // one too many
  if (rest.length > 1 && other.startsWith(rest[1] + rest[0] + rest.slice(2))) return same + rest.length; // swapped
  if (other.slice(1).startsWith(rest.slice(1)) && other) return same + rest.length; // wrong
  if (other.slice(1).startsWith(rest)) return same + rest.length + 1; // missing
  return 0;
};
