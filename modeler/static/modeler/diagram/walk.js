// Arrow keys from table to table: right along a reference, left back to who refers here, up and
// down among those that the same step could have reached.

/** Where a walk stands: the current table, and what its last step could choose from. */
export class Walk {
  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.reset();
  }

  reset() {
    Object.assign(this, { choices: [], at: 0, table: null });
  }

  /**
   * Returns {table, edge} of the step, or null where there is nothing that way.
   *
   * @param {object} table where it starts
   * @param {"left" | "right" | "up" | "down"} direction
   */
  step(table, direction) {
    if (direction === "left" || direction === "right") {
      const choices = this.along(table, direction === "right");
      return choices.length ? this.take(choices, 0) : null;
    }
    const choices = this.table === table ? this.choices : [];
    const around = choices.length > 1 ? choices : this.inApp(table);
    if (around.length < 2) return null;
    const at = around.findIndex((choice) => choice.table === table);
    return this.take(around, (at + (direction === "down" ? 1 : -1) + around.length) % around.length);
  }

  take(choices, at) {
    Object.assign(this, { choices, at, table: choices[at].table });
    return choices[at];
  }

  /** Tables at the far ends of a table's references, each once, from the top down. */
  along(table, outward) {
    const found = new Map();
    for (const edge of this.scene.relations[table.number]) {
      const near = outward ? edge.from : edge.to;
      const far = this.scene.tables[outward ? edge.to : edge.from];
      if (near === table.number && far !== table && !found.has(far)) found.set(far, { table: far, edge });
    }
    return [...found.values()].sort((a, b) => a.table.y - b.table.y || a.table.x - b.table.x);
  }

  inApp(table) {
    return this.scene.inApp[table.app]
      .map((each) => ({ table: each, edge: null }))
      .sort((a, b) => a.table.x - b.table.x || a.table.y - b.table.y);
  }
}
