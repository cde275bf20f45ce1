import start, * as engine from "../generated/engine/engine.js";
import file from "../generated/engine/engine_bg.wasm";

export async function load(): Promise<typeof engine> {
  await start({ module_or_path: file });
  return engine;
}
