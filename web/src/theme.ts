// Light and dark: drawings come in light colours, and a style sheet turns them to the theme's by their names.

import { effect } from "@preact/signals";
import { palettes } from "./engine";
import { state } from "./state";

type Palette = readonly (readonly [string, string])[];

/** Puts the colours into the page, and keeps its theme as the state has it. */
export function paint(): void {
  const { light, dark } = palettes();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules(light, dark));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  effect(() => {
    const theme = state.value.values["theme"] ?? "auto";
    document.documentElement.dataset["theme"] = theme;
  });
}

function rules(light: Palette, dark: Palette): string {
  const drawn = light.flatMap(([name, colour]) => [
    `svg [fill="${colour}"] { fill: var(--${name}) }`,
    `svg [stroke="${colour}"] { stroke: var(--${name}) }`,
  ]);
  return [
    `:root { ${variables(light)} }`,
    `@media screen { :root[data-theme="dark"] { ${variables(dark)} } }`,
    `@media screen and (prefers-color-scheme: dark) { :root[data-theme="auto"] { ${variables(dark)} } }`,
    ...drawn,
  ].join("\n");
}

function variables(palette: Palette): string {
  return palette.map(([name, colour]) => `--${name}: ${colour}`).join("; ");
}
