import start, * as films from "../generated/films/films.js";
import file from "../generated/films/films_bg.wasm";

export async function load(): Promise<typeof films> {
  await start({ module_or_path: file });
  return films;
}
