// What is drawn at which zoom: the app map, then tables by name, then keys, then all columns.

export const MAP = "map";
export const NAMES = "names";
export const KEYS = "keys";
export const COLUMNS = "columns";
export const LEVELS = [MAP, NAMES, KEYS, COLUMNS];

const FROM = { [NAMES]: 0.18, [KEYS]: 0.4, [COLUMNS]: 0.66 };
const STEP = 2 ** (1 / 3);

/** A schema of few apps has no map worth the name: its tables keep theirs down to the whole view. */
export const mapWorthy = (scene) => scene.apps.length > 2 && scene.tables.length > 12;

export const levelAt = (scale, scene, fitting) => {
  if (!scene.tables.length) return MAP; // too many tables to send: apps alone
  if (scale >= FROM[COLUMNS]) return COLUMNS;
  if (scale >= FROM[KEYS]) return KEYS;
  const names = mapWorthy(scene) ? FROM[NAMES] : Math.min(FROM[NAMES], 0.9 * fitting);
  return scale >= names ? NAMES : MAP;
};

/** The scale that names are sized for: in steps, so that a small zoom draws nothing anew. */
export const stepOf = (scale) => STEP ** Math.floor(Math.log(scale) / Math.log(STEP) + 1e-9);

/** The scale that shows a level well, for flights and buttons. */
export const scaleOf = { [NAMES]: 0.3, [KEYS]: 0.55, [COLUMNS]: 1 };
