// The page begins: the engine is loaded, the state is read, and everything follows from it.

import { render } from "preact";
import { App } from "./App";
import { message, start } from "./engine";
import { light } from "./parts/terms";
import { followWidth } from "./parts/width";
import { follow } from "./state";
import { paint } from "./theme";

const app = document.getElementById("app");

async function begin(): Promise<void> {
  if (app === null) {
    return;
  }
  await start();
  follow();
  followWidth();
  paint();
  app.replaceChildren();
  render(<App />, app);
  light();
}

begin().catch((thrown: unknown) => {
  const told = document.getElementById("message");
  if (told !== null) {
    told.textContent = `This page computes by WebAssembly, which did not start (${message(thrown)}). Without it, here is one result.`;
  }
});
