// How wide drawings are: as the page has room, up to what reads well.

import { signal } from "@preact/signals";

const MOST = 760;
const MARGINS = 32;

function room(): number {
  return Math.min(MOST, document.documentElement.clientWidth - MARGINS);
}

export const width = signal(MOST);

/** Keeps the width as the window has it. */
export function followWidth(): void {
  const take = (): void => {
    width.value = room();
  };
  take();
  addEventListener("resize", take);
}
