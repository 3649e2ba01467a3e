// Searches tables, columns, comments and help texts of the whole project.

import { inSlices } from "./slices.js";
import { INSIDE, PREFIX, lettersOf, score } from "./score.js";

const TABLE = "table";
const COLUMN = "column";
const TEXT = "text";

const entryOf = (kind, text, table, rest = {}) => {
  const small = text.toLowerCase();
  return { kind, text, small, letters: lettersOf(small), table, ...rest };
};

export class Finder {
  /** Reads the server's list, in slices. Columns of one name share an entry. */
  static async read({ tables }) {
    const finder = new Finder();
    await inSlices(tables, (row) => finder.add(row));
    finder.columns = [...finder.byColumn.values()];
    return finder;
  }

  constructor() {
    Object.assign(this, { tables: [], names: [], byColumn: new Map(), columns: [], texts: [] });
  }

  add([key, label, dbTable, app, text, columns]) {
    const table = { key, label, dbTable, app, title: key.slice(key.indexOf(".") + 1) };
    this.tables.push(table);
    this.names.push(entryOf(TABLE, table.title, table));
    for (const other of new Set([label, dbTable, key])) {
      if (other && other.toLowerCase() !== table.title.toLowerCase()) this.names.push(entryOf(TABLE, other, table));
    }
    if (text) this.texts.push(entryOf(TEXT, text, table));
    for (const [column, said] of columns) {
      const known = this.byColumn.get(column) ?? { ...entryOf(COLUMN, column, table), tables: [] };
      known.tables.push(table);
      this.byColumn.set(column, known);
      if (said) this.texts.push(entryOf(TEXT, said, table, { column }));
    }
  }

  /**
   * Returns the best answers, best first: {kind, table, text, hits, rank, column?}.
   * A name with a dot is looked for as table.column first.
   */
  find(typed, most = 40) {
    const wanted = typed.trim().toLowerCase();
    if (!wanted) return [];
    const letters = lettersOf(wanted);
    const found = new Map();
    const keep = (hit) => {
      const name = `${hit.kind} ${hit.table.key} ${hit.column ?? ""}`;
      const before = found.get(name);
      if (!before || hit.rank < before.rank) found.set(name, hit);
    };
    for (const entry of this.names) {
      const hit = score(wanted, entry, letters);
      if (hit) keep({ kind: TABLE, table: entry.table, text: entry.text, ...hit });
    }
    this.dotted(wanted, keep);
    for (const entry of this.columns) {
      const hit = score(wanted, entry, letters);
      if (!hit) continue;
      // A name that stands in a thousand tables is said for the first of them alone.
      for (const table of entry.tables.slice(0, most)) {
        keep({ kind: COLUMN, table, text: entry.text, column: entry.text, ...hit });
      }
    }
    if (wanted.length > 2) {
      for (const entry of this.texts) {
        if (letters & ~entry.letters) continue;
        const at = entry.small.indexOf(wanted);
        if (at < 0) continue;
        const hits = Array.from({ length: wanted.length }, (_, i) => at + i);
        keep({ kind: TEXT, table: entry.table, text: entry.text, column: entry.column, hits, rank: INSIDE });
      }
    }
    return [...found.values()].sort(order).slice(0, most);
  }

  /** "order.customer": columns of the tables that the first half finds. */
  dotted(wanted, keep) {
    const dot = wanted.indexOf(".");
    if (dot < 1 || dot === wanted.length - 1) return;
    const [before, after] = [wanted.slice(0, dot), wanted.slice(dot + 1)];
    const owners = new Set(this.names.filter((entry) => score(before, entry)?.rank <= INSIDE).map(({ table }) => table));
    for (const entry of this.columns) {
      const hit = score(after, entry);
      if (!hit) continue;
      for (const table of entry.tables) {
        if (owners.has(table)) keep({ kind: COLUMN, table, text: entry.text, column: entry.text, hits: hit.hits, rank: Math.min(hit.rank, PREFIX) });
      }
    }
  }
}

const KINDS = { [TABLE]: 0, [COLUMN]: 1, [TEXT]: 2 };

const order = (a, b) =>
  a.rank - b.rank || KINDS[a.kind] - KINDS[b.kind] || a.text.length - b.text.length ||
  (a.table.key < b.table.key ? -1 : a.table.key > b.table.key ? 1 : 0);
