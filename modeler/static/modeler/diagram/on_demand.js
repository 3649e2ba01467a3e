// Editing and comparing come when they are first wanted: who only looks at the picture need not
// wait for them.

import { diagram } from "./main.js";

const { canvas, stage, actions } = diagram;

/** A part of the page that is loaded once: on a call, on an action, or by a scene that needs it. */
const part = (load, named, needed) => {
  let loading = null;
  const get = () => (loading ??= load());
  for (const name of named) {
    const first = async (...given) => {
      await get();
      if (actions[name] !== first) actions[name](...given);
    };
    actions[name] = first;
  }
  const look = () => {
    if (stage.scene && needed(stage.scene.data)) get();
  };
  stage.shown.on(look);
  look();
  return get;
};

const editing = part(() => import("../editing/main.js"), ["note", "views", "undo", "redo", "tidy"], ({ view }) => view);
part(() => import("../comparing/main.js"), ["compare"], ({ compared }) => compared);

// Before a table can be dragged, a pointer has come over the canvas, or the focus into it.
for (const kind of ["pointerenter", "pointerdown", "focus"]) canvas.addEventListener(kind, editing, { once: true });
