// The page's state: one text, which is what stands behind the # of its address.
//
// Whatever is shown follows from it. A change becomes an entry of the history when it settles: none while something is dragged, one
// for a row of quick steps.

import { computed, signal } from "@preact/signals";
import { changed, defaults, read } from "./engine";
import type { State } from "./scene";

/** Steps that follow each other within so many milliseconds are one entry. */
const QUICK = 700;

export const state = signal<State>({ text: "#/", page: "", values: {}, problems: [] });

/** What was wrong with the last thing asked for, by its property. */
export const problems = signal<readonly string[]>([]);

/** The letters of both operands, as the reader wants them. */
export const letters = computed(() => (state.value.values["n"] === "xh" ? (["x", "h"] as const) : (["f", "g"] as const)));

let last = { key: "", when: 0 };

/** Reads the state from the address, now and whenever that changes. */
export function follow(): void {
  const take = (): void => {
    const asked = read(location.hash);
    state.value = asked;
    problems.value = asked.problems;
  };
  take();
  addEventListener("hashchange", take);
  addEventListener("popstate", take);
}

/** How a change goes into the history. */
export type Settling = "settled" | "moving";

/** Gives a property a value. Returns what is wrong with it, if anything is; the state is then as before. */
export function set(key: string, value: string, settling: Settling = "settled"): string | undefined {
  const next = changed(state.value, key, value);
  if (next.problems.length > 0) {
    return next.problems[0];
  }
  state.value = next;
  problems.value = [];
  if (settling === "settled") {
    settle(key);
  }
  return undefined;
}

/** Puts the state as it is into the address. */
export function settle(key: string): void {
  const { text } = state.value;
  if (text === location.hash) {
    return;
  }
  const now = performance.now();
  const goesOn = key === last.key && now - last.when < QUICK;
  last = { key, when: now };
  history[goesOn ? "replaceState" : "pushState"](null, "", text);
}

/** The address of a page with the same data. */
export function link(page: string, values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values).reduce((at, [key, value]) => changed(at, key, value), changed(state.value, "page", page)).text;
}

/** A state's text without its place. */
export function placeless(text: string): string {
  return text.replace(/([?&])t=[^&]*/, "$1");
}

/** What a page has fields for, beyond both operands; what it has none for does not go along to it. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  slide: ["t", "mode", "boundary", "flip"],
  flip: ["t", "flip"],
  lab: ["t", "mode", "boundary", "flip", "stride", "dilation"],
  sizes: ["mode", "stride", "dilation"],
  conventions: ["mode", "boundary", "flip"],
  padding: ["boundary"],
  image: ["boundary", "flip", "stride", "dilation", "divisor", "offset", "image"],
  sound: ["flip", "sound"],
  cnn: ["digits", "epochs", "seed", "pooling", "digit"],
  train: ["net", "digits", "epochs", "seed", "pooling", "shift", "digit"],
};

/** Properties that only some pages have fields for. */
const SOME = [
  ...["t", "mode", "boundary", "flip", "stride", "dilation", "divisor", "offset", "image", "sound"],
  ...["net", "digits", "epochs", "seed", "pooling", "shift", "digit"],
];

/** Pages without samples along a line. */
const APART = ["image", "continuous", "sound", "ffnn", "cnn", "train"];

let standards: Readonly<Record<string, string>> | undefined;

/** The address of another page, with as much of the state as that page lets a reader change. */
export function way(page: string): string {
  const here = state.value;
  const standard = (standards ??= defaults());
  const lines = !APART.includes(page) && !APART.includes(here.page);
  const kept = FIELDS[page] ?? ["t"];
  const dropped = SOME.filter((key) => !kept.includes(key) || (key === "t" && !lines));
  const rows = page === "image" ? [] : ["x", "h"].filter((key) => here.values[key]?.includes(";") === true);
  const values = [...dropped, ...rows].filter((key) => here.values[key] !== standard[key]);
  return link(page, Object.fromEntries(values.map((key) => [key, standard[key] ?? ""])));
}

/** Whether a part of the page is to be hidden, as a teacher's link may say. */
export function hidden(part: string): boolean {
  return (state.value.values["ui"] ?? "").split(",").includes(`hide:${part}`);
}
