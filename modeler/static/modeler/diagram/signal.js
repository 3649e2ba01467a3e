// A list of listeners: parts of the page tell each other what happened through these.

export const signal = () => {
  const listeners = new Set();
  return {
    /** Calls the listener from now on; returns a function that ends it. */
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(...values) {
      for (const listener of [...listeners]) listener(...values);
    },
  };
};
