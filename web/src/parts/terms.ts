// Terms of the sum: whatever shows a term lights up wherever it is shown.

import { effect, signal } from "@preact/signals";

/** The term that is looked at. */
export const term = signal<string | undefined>(undefined);

const LIT = "lit";

/** Keeps all elements that show the term lit. */
export function light(): void {
  effect(() => {
    document.querySelectorAll(`.${LIT}`).forEach((element) => element.classList.remove(LIT));
    if (term.value !== undefined) {
      document.querySelectorAll(`[data-term="${CSS.escape(term.value)}"]`).forEach((element) => element.classList.add(LIT));
    }
  });
}

/** Attributes for an element that shows a term: the pointer or the keyboard on it lights the term. */
export function showing(of: string | null): Record<string, unknown> {
  if (of === null) {
    return {};
  }
  const lit = (): void => {
    term.value = of;
  };
  const dark = (): void => {
    term.value = undefined;
  };
  return { "data-term": of, tabIndex: 0, onFocus: lit, onBlur: dark, onPointerEnter: lit, onPointerLeave: dark };
}
