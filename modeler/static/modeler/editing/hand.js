// Which part of the page a pointer on the canvas belongs to, before the canvas itself pans: a note,
// a table, a rubber band. A finger pans, unless it rests on a table or takes a handle.

const STILL = 4; // pixels a pointer may move and still tap
const REST = 450; // milliseconds after which a resting finger takes what is under it

export class Hand {
  /**
   * @param {import("../diagram/gestures.js").Gestures} gestures
   * @param {((point: number[], event: PointerEvent, rested: boolean) => Grip | null)[]} claims asked
   *   in turn; a Grip has move(dx, dy, point), drop(), cancel(), and tap(event) or rest()
   */
  constructor(gestures, claims) {
    Object.assign(this, { gestures, claims, grip: null, moved: false });
    const { canvas } = gestures;
    const first = { capture: true };
    canvas.addEventListener("pointerdown", (event) => this.down(event), first);
    canvas.addEventListener("pointermove", (event) => this.move(event), first);
    canvas.addEventListener("pointerup", (event) => this.up(event), first);
    canvas.addEventListener("pointercancel", (event) => this.cancel(event), first);
    canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.grip) this.cancel(event);
    }, first);
    // A long press would open the browser's menu.
    canvas.addEventListener("contextmenu", (event) => {
      if (this.touching) event.preventDefault();
    });
  }

  down(event) {
    this.touching = event.pointerType === "touch";
    clearTimeout(this.timer);
    if (this.grip || event.button !== 0 || event.target.closest("button, a, input, textarea, .er-over")) return;
    const point = this.gestures.at(event);
    const grip = this.claim(point, event, false);
    if (grip) {
      this.take(grip, point, event);
      event.stopImmediatePropagation();
    } else if (this.touching && !this.gestures.held.size) {
      this.resting = { point, pointer: event.pointerId };
      this.timer = setTimeout(() => this.rest(point, event), REST);
    }
  }

  claim(point, event, rested) {
    for (const claim of this.claims) {
      const grip = claim(point, event, rested);
      if (grip) return grip;
    }
    return null;
  }

  take(grip, point, event) {
    Object.assign(this, { grip, start: point, pointer: event.pointerId, moved: false });
    this.gestures.canvas.setPointerCapture(event.pointerId);
    this.gestures.canvas.focus({ preventScroll: true });
  }

  /** A finger has rested: what lies under it is chosen, and moves along from now on. */
  rest(point, event) {
    const { gestures } = this;
    if (gestures.held.size !== 1 || gestures.moved) return;
    const grip = this.claim(point, event, true);
    if (!grip) return;
    gestures.held.clear();
    this.take(grip, point, event);
    this.rested = true;
    grip.rest?.();
    navigator.vibrate?.(12);
  }

  move(event) {
    if (!this.grip || event.pointerId !== this.pointer) {
      const { resting } = this;
      if (resting && event.pointerId === resting.pointer) {
        const [x, y] = this.gestures.at(event);
        if (Math.hypot(x - resting.point[0], y - resting.point[1]) > STILL) clearTimeout(this.timer);
      }
      return;
    }
    event.stopImmediatePropagation();
    const point = this.gestures.at(event);
    const [dx, dy] = [point[0] - this.start[0], point[1] - this.start[1]];
    if (!this.moved && Math.hypot(dx, dy) <= STILL) return;
    if (!this.moved) {
      this.moved = true;
      this.gestures.hovered.emit();
      this.gestures.canvas.classList.add("is-moving");
    }
    this.grip.move(dx, dy, point);
  }

  up(event) {
    clearTimeout(this.timer);
    if (!this.grip || event.pointerId !== this.pointer) return;
    event.stopImmediatePropagation();
    const { grip, moved, rested } = this;
    this.let();
    if (moved) grip.drop();
    else if (!rested) grip.tap?.(event);
  }

  cancel(event) {
    clearTimeout(this.timer);
    if (!this.grip) return;
    event.stopImmediatePropagation();
    const { grip } = this;
    this.let();
    grip.cancel();
  }

  let() {
    Object.assign(this, { grip: null, moved: false, rested: false });
    this.gestures.canvas.classList.remove("is-moving");
  }
}
