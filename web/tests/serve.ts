// Starts the command's own server for all tests, and ends it after them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export default async function serve(): Promise<() => Promise<void>> {
  const binary = process.env["FALTUNG_BINARY"] ?? "../target/release/faltung";
  const server = spawn(binary, ["serve"], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(server, "exit").then(([code]) => Promise.reject(new Error(`${binary} serve ended with ${String(code)}`))),
  ]);
  process.env["FALTUNG_URL"] = first;
  return async () => {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    const [code] = await ended;
    if (code !== 0) {
      throw new Error(`the server ended with ${String(code)} when it was told to end`);
    }
  };
}
