// What the bundler makes of a module: its address, or the promise of its bytes where everything is in one file.
declare module "*.wasm" {
  const file: string | Promise<ArrayBuffer>;
  export default file;
}
// What it makes of a worker: what starts it.
declare module "*?worker" {
  const begun: () => Worker;
  export default begun;
}
