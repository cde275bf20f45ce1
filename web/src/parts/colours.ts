// The colours of the theme that is shown, for what is painted pixel by pixel.

import { computed, signal } from "@preact/signals";
import { palettes } from "../engine";
import { state } from "../state";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(system.matches);
system.addEventListener("change", () => {
  systemIsDark.value = system.matches;
});

export type Colour = readonly [number, number, number];

function rgb(hex: string | undefined): Colour {
  const value = Number.parseInt((hex ?? "#000000").slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Colours by their names. */
export const colours = computed((): ((name: string) => Colour) => {
  const theme = state.value.values["theme"];
  const dark = theme === "dark" || (theme === "auto" && systemIsDark.value);
  const named = new Map(palettes()[dark ? "dark" : "light"]);
  return (name) => rgb(named.get(name));
});

/** So much of the way from one colour to another. */
export function mixed(from: Colour, to: Colour, part: number): string {
  const [red, green, blue] = from.map((at, channel) => Math.round(at + ((to[channel] ?? at) - at) * part));
  return `rgb(${red} ${green} ${blue})`;
}
