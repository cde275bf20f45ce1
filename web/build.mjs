// Bundles the page into a folder, index.html with its modules beside it, and into one file that needs nothing else.
//
// node build.mjs FOLDER FILE

import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { tell } from "./sizes.mjs";

const [folder, file] = process.argv.slice(2);
if (folder === undefined || file === undefined) {
  console.error("expected the folder and the file to write the page into: node build.mjs FOLDER FILE");
  process.exit(2);
}

/** Modules as packed text, unpacked when they are asked for. */
const packed = {
  name: "packed",
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const bytes = await promisify(gzip)(await readFile(path), { level: 9 });
      const contents = `
        const packed = Uint8Array.from(atob("${bytes.toString("base64")}"), (letter) => letter.charCodeAt(0));
        export default new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();`;
      return { contents, loader: "js" };
    });
  },
};

/** Workers: `made` tells how one is started, as an expression. */
const workers = (made) => ({
  name: "workers",
  setup(build) {
    build.onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?worker", ".ts")),
      namespace: "worker",
    }));
    build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => ({ contents: `export default () => ${await made(path)};`, loader: "js" }));
  },
});

/** A file beside the others. */
const beside = workers((path) => `new Worker(new URL("worker-${basename(path, ".ts")}.js", import.meta.url), { type: "module" })`);

/** A text in the one file, with its modules in it. A page from the disk may start scripts in this way, but no modules. */
const within = workers(async (path) => {
  const classic = { format: "iife", define: { "import.meta.url": "location.href" } };
  const [script] = (await build({ ...shared, ...classic, entryPoints: [path], write: false, plugins: [packed] })).outputFiles;
  return `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(script.text)}], { type: "text/javascript" })))`;
});

const shared = {
  entryPoints: { main: "src/main.tsx" },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const { metafile } = await build({
  ...shared,
  entryPoints: { ...shared.entryPoints, "worker-nets": "src/worker/nets.ts", style: "src/style.css" },
  metafile: true,
  outdir: folder,
  splitting: true,
  chunkNames: "[name]-[hash]",
  assetNames: "[name]",
  loader: { ".wasm": "file" },
  plugins: [beside],
});
await cp("index.html", join(folder, "index.html"));

const [script] = (await build({ ...shared, write: false, plugins: [packed, within] })).outputFiles;
const style = await readFile(join(folder, "style.css"), "utf8");
const page = await readFile("index.html", "utf8");
// What a script says must not end it; functions keep `$` in the texts from meaning anything.
const text = script.text.replaceAll("</script", "<\\/script");
const whole = page
  .replace('<link rel="stylesheet" href="style.css">', () => `<style>${style}</style>`)
  .replace('<script type="module" src="main.js"></script>', () => `<script type="module">${text}</script>`);
await mkdir(dirname(file), { recursive: true });
await writeFile(file, whole);

await tell(folder, file, metafile);
