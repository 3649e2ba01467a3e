// How well a text answers what was typed. Better means smaller:
// exact < prefix < start of a word < letters at the starts of words < inside < one letter wrong.

export const EXACT = 0;
export const PREFIX = 1;
export const WORD = 2;
export const SPARSE = 3;
export const INSIDE = 4;
export const TYPO = 5;
export const NONE = 9;

const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\W_\d]+|\d+/gu;

/** A text made ready for searching: its small spelling, its letters as bits, where its words start. */
export const entryOf = (text, rest = {}) => {
  const lower = text.toLowerCase();
  // Some letters get longer when they get small; positions must stay those of the text.
  const small = lower.length === text.length ? lower : text;
  const starts = [...text.matchAll(WORDS)].map((match) => match.index);
  return { text, small, letters: lettersOf(small), starts, ...rest };
};

/** The letters of a text as bits, so that most texts are refused in one comparison. */
export const lettersOf = (text) => {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits |= 1 << text.charCodeAt(i) % 32;
  return bits;
};

/**
 * Returns the rank of an entry that has what is wanted; NONE where it has not, or where its rank is
 * not below `limit`: with enough better answers nobody needs to know.
 */
export const rank = (wanted, letters, entry, limit = NONE) => {
  if (letters & ~entry.letters) return NONE;
  const { small } = entry;
  if (small.startsWith(wanted)) {
    const found = small.length === wanted.length ? EXACT : PREFIX;
    return found < limit ? found : NONE;
  }
  if (limit <= WORD) return NONE;
  if (wordAt(wanted, entry) >= 0) return WORD;
  if (limit <= SPARSE) return NONE;
  if (sparse(wanted, entry)) return SPARSE;
  return limit > INSIDE && small.includes(wanted) ? INSIDE : NONE;
};

/** Returns TYPO for an entry in which one letter differs from what is wanted, else NONE. */
export const typoRank = (wanted, letters, entry) => {
  const missing = letters & ~entry.letters;
  // At most one letter of what is wanted may be missing.
  if (wanted.length < 4 || missing & (missing - 1)) return NONE;
  return typo(wanted, entry) ? TYPO : NONE;
};

/** Returns the positions of the text's letters that were meant. */
export const hitsOf = (wanted, entry, found) => {
  if (found === TYPO) return typo(wanted, entry);
  if (found === SPARSE) return sparse(wanted, entry);
  return range(found === WORD ? wordAt(wanted, entry) : entry.small.indexOf(wanted), wanted.length);
};

const range = (from, length) => Array.from({ length }, (_, i) => from + i);

const wordAt = (wanted, { small, starts }) => {
  for (const start of starts) if (small.startsWith(wanted, start)) return start;
  return -1;
};

/** Letters in order, each run at the start of a word: "ostch" finds order_status_change. */
const sparse = (wanted, { small, starts }) => {
  if (wanted.length < 2 || starts.length < 2) return null;
  const find = (from, word, at) => {
    if (from === wanted.length) return [];
    if (at > 0 && small[at] === wanted[from]) {
      const rest = find(from + 1, word, at + 1);
      if (rest) return [at, ...rest];
    }
    for (let next = word; next < starts.length; next++) {
      const start = starts[next];
      if (start < at || small[start] !== wanted[from]) continue;
      const rest = find(from + 1, next + 1, start + 1);
      if (rest) return [start, ...rest];
    }
    return null;
  };
  return find(0, 0, 0);
};

/** One letter wrong, missing, too many or swapped with its neighbour, at the start of a word. */
const typo = (wanted, { small, starts }) => {
  const [first, second] = [wanted.charCodeAt(0), wanted.charCodeAt(1)];
  for (const start of starts) {
    if (small.length - start < wanted.length - 1) return null;
    // One of the first two letters is right, or they are swapped, wherever a single one is wrong.
    const [one, two] = [small.charCodeAt(start), small.charCodeAt(start + 1)];
    if (one !== first && two !== second && one !== second && two !== first) continue;
    const length = nearPrefix(wanted, small, start);
    if (length) return range(start, length);
  }
  return null;
};

/** Whether what is left of both from these places on is the same. */
const agrees = (wanted, text, from, to) => {
  for (let i = from, j = to; i < wanted.length; i++, j++) {
    if (wanted.charCodeAt(i) !== text.charCodeAt(j)) return false;
  }
  return true;
};

/** How much of the text from `start` on differs from `wanted` in one edit; 0 where more do. */
const nearPrefix = (wanted, text, start) => {
  let same = 0;
  while (same < wanted.length && wanted.charCodeAt(same) === text.charCodeAt(start + same)) same++;
  const left = wanted.length - same;
  const at = start + same;
  if (agrees(wanted, text, same + 1, at)) return same + left - 1; // one too many
  const swapped = left > 1 && wanted.charCodeAt(same) === text.charCodeAt(at + 1) && wanted.charCodeAt(same + 1) === text.charCodeAt(at);
  if (swapped && agrees(wanted, text, same + 2, at + 2)) return same + left;
  if (at < text.length && agrees(wanted, text, same + 1, at + 1)) return same + left; // wrong
  return agrees(wanted, text, same, at + 1) ? same + left + 1 : 0; // missing
};
