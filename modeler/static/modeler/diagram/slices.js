// Long work in short pieces, so that the page answers in between.

const pause = () => new Promise((resume) => setTimeout(resume));

/** Calls work(item, number) for every item; yields to the browser every few milliseconds. */
export const inSlices = async (items, work, milliseconds = 8) => {
  let started = performance.now();
  for (let number = 0; number < items.length; number++) {
    work(items[number], number);
    if (performance.now() - started > milliseconds) {
      await pause();
      started = performance.now();
    }
  }
};
