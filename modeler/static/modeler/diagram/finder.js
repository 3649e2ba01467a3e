// Searches tables, columns, comments and help texts of the whole project.

import { INSIDE, NONE, PREFIX, SPARSE, TYPO, entryOf, hitsOf, lettersOf, rank, typoRank } from "./score.js";
import { inSlices } from "./slices.js";

const TABLE = "table";
const COLUMN = "column";
const TEXT = "text";
const FEW = 8; // answers below which a letter may be wrong

const shorter = (a, b) => a.text.length - b.text.length || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

export class Finder {
  /** Reads the server's list, in slices. Columns of one name share an entry. */
  static async read({ tables }) {
    const finder = new Finder();
    await inSlices(tables, (row) => finder.add(row));
    // The order of equal answers, made once instead of at every keystroke.
    finder.names.sort(shorter);
    finder.columns = [...finder.byColumn.values()].sort(shorter);
    return finder;
  }

  constructor() {
    Object.assign(this, { names: [], byColumn: new Map(), columns: [], texts: [] });
  }

  add([key, label, dbTable, app, text, columns]) {
    const table = { key, label, dbTable, app, title: key.slice(key.indexOf(".") + 1) };
    const names = new Map([table.title, label, dbTable, key].filter(Boolean).map((name) => [name.toLowerCase(), name]));
    for (const name of names.values()) this.names.push(entryOf(name, { kind: TABLE, tables: [table] }));
    if (text) this.texts.push(textOf(text, table));
    for (const [column, said] of columns) {
      const known = this.byColumn.get(column) ?? entryOf(column, { kind: COLUMN, column, tables: [] });
      known.tables.push(table);
      this.byColumn.set(column, known);
      if (said) this.texts.push(textOf(said, table, column));
    }
  }

  /** Returns the best answers, best first: {kind, table, text, hits, rank, column?}. */
  find(typed, most = 40) {
    const wanted = typed.trim().toLowerCase();
    if (!wanted) return [];
    const letters = lettersOf(wanted);
    const ranks = Array.from({ length: TYPO + 1 }, () => []);
    // The first rank that is not needed: those before it are as many as are shown.
    const limit = () => {
      let sum = 0;
      for (let at = 0; at < ranks.length; at++) if ((sum += ranks[at].length) >= most) return at;
      return NONE;
    };
    const all = (entries) => {
      let worst = limit();
      for (const entry of entries) {
        const found = rank(wanted, letters, entry, worst);
        if (found === NONE) continue;
        keep(entry, found);
        worst = limit();
      }
    };
    const keep = (entry, found, meant = wanted, tables = entry.tables) => {
      // Entries come in their order: what is beyond the last shown one is not needed.
      if (found !== NONE && ranks[found].length < most) ranks[found].push({ entry, rank: found, wanted: meant, tables });
    };
    all(this.names);
    this.dotted(wanted, keep);
    all(this.columns);
    if (limit() > INSIDE && wanted.length > 2) {
      for (const entry of this.texts) {
        if (!(letters & ~entry.letters) && entry.small.includes(wanted)) keep(entry, INSIDE);
      }
    }
    if (ranks.flat().length < FEW) {
      for (const entries of [this.names, this.columns]) {
        for (const entry of entries) {
          if (ranks[TYPO].length >= most) break;
          keep(entry, typoRank(wanted, letters, entry));
        }
      }
    }
    return answers(ranks.flat(), most);
  }

  /** "order.customer": columns of the tables that the first half finds. */
  dotted(wanted, keep) {
    const dot = wanted.indexOf(".");
    if (dot < 1 || dot === wanted.length - 1) return;
    const [before, after] = [wanted.slice(0, dot), wanted.slice(dot + 1)];
    const [first, second] = [lettersOf(before), lettersOf(after)];
    const owners = new Set(this.names.filter((entry) => rank(before, first, entry, SPARSE) < SPARSE).flatMap(({ tables }) => tables));
    for (const entry of owners.size ? this.columns : []) {
      const found = rank(after, second, entry, SPARSE);
      if (found === NONE) continue;
      const tables = entry.tables.filter((table) => owners.has(table));
      if (tables.length) keep(entry, Math.min(found, PREFIX), after, tables);
    }
  }
}

const textOf = (text, table, column) => {
  const small = text.toLowerCase();
  return { kind: TEXT, text, small, letters: lettersOf(small), starts: [], tables: [table], column };
};

/**
 * One answer for each table, and for each of its columns and texts; the best of several names.
 * What counts as a prefix for its table's sake (order.customer) may be another hit by itself.
 */
const answers = (found, most) => {
  const all = new Map();
  for (const { entry, rank: best, wanted, tables } of found) {
    for (const table of tables) {
      if (all.size >= most) return [...all.values()];
      const { kind, text, column } = entry;
      const name = `${kind} ${table.key} ${column ?? ""}`;
      if (all.has(name)) continue;
      const hits = hitsOf(wanted, entry, best === PREFIX ? rank(wanted, lettersOf(wanted), entry) : best);
      all.set(name, { kind, table, text, column, hits, rank: best });
    }
  }
  return [...all.values()];
};
