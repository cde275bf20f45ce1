// The engine, in four modules of WebAssembly: scenes at once; results, files and nets when they are asked for.

import startScenes, * as scenes from "./generated/scenes/scenes.js";
import scenesFile from "./generated/scenes/scenes_bg.wasm";
import type { Ask } from "./lazy/nets";
import type { Scene, State } from "./scene";

/** Loads what a page needs at once. */
export async function start(): Promise<void> {
  await startScenes({ module_or_path: scenesFile });
}

/** What a text is as a state. */
export function read(text: string): State {
  return JSON.parse(scenes.read(text)) as State;
}

/** The same state with another value of a property, or on another page where the key is `page`. */
export function changed(state: State, key: string, value: string): State {
  return JSON.parse(scenes.changed(state.text, key, value)) as State;
}

/** The scene of a state, with figures as wide as this. */
export function show(text: string, width: number): Scene {
  return JSON.parse(scenes.show(text, width)) as Scene;
}

/** The colours of drawings by their names, in both themes. */
export interface Palettes {
  readonly light: readonly (readonly [string, string])[];
  readonly dark: readonly (readonly [string, string])[];
}

export function palettes(): Palettes {
  return JSON.parse(scenes.palettes()) as Palettes;
}

/** What every property is if nothing is said. */
export function defaults(): Readonly<Record<string, string>> {
  return JSON.parse(scenes.defaults()) as Record<string, string>;
}

/** The module with the engine's own results. */
export type Engine = typeof import("./generated/engine/engine.js");

let engineModule: Promise<Engine> | undefined;

export function engine(): Promise<Engine> {
  engineModule ??= import("./lazy/engine").then((lazy) => lazy.load());
  return engineModule;
}

/** The module with what files are made by. */
export type Films = typeof import("./generated/films/films.js");

let filmsModule: Promise<Films> | undefined;

export function films(): Promise<Films> {
  filmsModule ??= import("./lazy/films").then((lazy) => lazy.load());
  return filmsModule;
}

let nets: Promise<Ask> | undefined;

/** Asks the nets that learn in a thread of their own, which starts with the first question. */
export const ask: Ask = async (what, ...words) => {
  nets ??= import("./lazy/nets").then((lazy) => lazy.load());
  return (await nets)(what, ...words);
};

/** Whatever was thrown, in words for the reader. */
export function message(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
