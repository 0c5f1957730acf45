/**
 * Longest that a press keeps the page from being drawn. A click is shorter, and who drags a scrollbar or marks text is not to see a
 * page that stands still; some browsers never tell the end of such a press.
 */
const PRESS_MS = 1_000;
/** A tap on a touch screen becomes a click some moments after the finger has left. */
const CLICK_MS = 50;

let holdsUntilMs = 0;

/**
 * Whether a pointer is pressed on the page. What it is pressed on must not be moved from under it: the browser makes a click only of
 * a press that ends where it began.
 */
export function isPressed(): boolean {
  return performance.now() < holdsUntilMs;
}

/** Begins to notice presses. */
export function noticePresses(): void {
  const hold = (ms: number) => () => {
    holdsUntilMs = performance.now() + ms;
  };
  window.addEventListener('pointerdown', hold(PRESS_MS), { capture: true });
  window.addEventListener('pointerup', hold(CLICK_MS), { capture: true });
  window.addEventListener('pointercancel', hold(0), { capture: true });
}
