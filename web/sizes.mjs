// Tells how large the page is, beside what its design allows: told only, since what a budget is worth is for people to say.

import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** Bytes that the first view may take in gzip, and the page in one file as it is. */
const BUDGET = { code: 40_000, module: 120_000, file: 600_000 };

/** Prints lines for what the first view loads, for all files, and for the page in one file. */
export async function tell(folder, file, { outputs }) {
  // What each file needs before it runs.
  const needs = new Map();
  for (const [path, { imports }] of Object.entries(outputs)) {
    const atOnce = imports.filter(({ kind }) => kind !== "dynamic-import");
    needs.set(basename(path), atOnce.map(({ path }) => basename(path)));
  }
  const first = [...reached("main.js", needs), "style.css"];
  const isModule = (name) => name.endsWith(".wasm");
  const code = await sizes(folder, first.filter((name) => !isModule(name)));
  const module = await sizes(folder, first.filter(isModule));
  const whole = await sizes(folder, ["index.html", ...needs.keys()]);
  const { size } = await stat(file);
  console.log("the page                         bytes  gzip -9   budget");
  line("first view, scripts and style", code, code.packed, BUDGET.code);
  line("first view, WebAssembly", module, module.packed, BUDGET.module);
  line("all files", whole);
  line("faltung.html", { bytes: size }, size, BUDGET.file);
}

/** A name and all that it leads to. */
function reached(name, needs, found = new Set()) {
  if (!found.has(name)) {
    found.add(name);
    needs.get(name)?.forEach((needed) => reached(needed, needs, found));
  }
  return found;
}

async function sizes(folder, names) {
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  const packed = await Promise.all(files.map((bytes) => promisify(gzip)(bytes, { level: 9 })));
  const total = (lengths) => lengths.reduce((sum, { length }) => sum + length, 0);
  return { bytes: total(files), packed: total(packed) };
}

function line(what, { bytes, packed }, counted, budget) {
  const columns = [what.padEnd(29), column(bytes), column(packed), column(budget)];
  console.log(columns.join(" ") + (counted > budget ? "  beyond" : ""));
}

function column(number) {
  return (number === undefined ? "" : String(number)).padStart(8);
}
