// What all tests need: the page in a state, watched for whatever it should never do.

import { execFileSync } from "node:child_process";
import { test as base, type Page } from "@playwright/test";

export { expect } from "@playwright/test";

/** What a page did that no page should: asks elsewhere, errors, warnings, violations of its policy. */
export interface Watched {
  readonly faults: string[];
  readonly requests: string[];
}

export const test = base.extend<{ watched: Watched }>({
  watched: [
    async ({ page }, use) => {
      const watched = watch(page);
      await use(watched);
      base.expect(watched.faults, "what a page should never do").toEqual([]);
    },
    { auto: true },
  ],
});

/** Watches a page and whatever else is opened beside it. */
export function watch(page: Page): Watched {
  const watched: Watched = { faults: [], requests: [] };
  const context = page.context();
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      watched.faults.push(`${message.type()}: ${message.text()}`);
    }
  });
  context.on("weberror", (thrown) => watched.faults.push(`uncaught: ${thrown.error().message}`));
  context.on("request", (request) => {
    watched.requests.push(request.url());
    if (!request.url().startsWith(address()) && !/^(data|blob|file):/.test(request.url())) {
      watched.faults.push(`asked elsewhere: ${request.url()}`);
    }
  });
  return watched;
}

/** Where the page is. */
export function address(): string {
  const url = process.env["FALTUNG_URL"];
  if (url === undefined) {
    throw new Error("the server is not running");
  }
  return url;
}

/** Opens a state, in a document of its own. */
export async function open(page: Page, state: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address() + state);
  await page.locator("main#main h1").waitFor();
}

/** The value that is shown. */
export function value(page: Page): Promise<string> {
  return page.getByTestId("value").innerText();
}

/** What stands behind the # of the address. */
export function hash(page: Page): string {
  return decodeURIComponent(new URL(page.url()).hash);
}

/** The values at all places, by stepping through them. */
export async function values(page: Page): Promise<string[]> {
  const slider = page.getByTestId("t");
  await slider.focus();
  await page.keyboard.press("Home");
  const all: string[] = [];
  for (;;) {
    all.push(await value(page));
    const [now, last] = await Promise.all([slider.getAttribute("aria-valuenow"), slider.getAttribute("max")]);
    if (now === last) {
      return all;
    }
    await page.keyboard.press("ArrowRight");
    await base.expect(slider).not.toHaveAttribute("aria-valuenow", String(now));
  }
}

/** What the command prints. */
export function command(...words: string[]): string {
  return execFileSync(process.env["FALTUNG_BINARY"] ?? "../target/release/faltung", words, { encoding: "utf8", maxBuffer: 1e8 });
}

/** All pages by their names. */
export const PAGES = [
  "",
  "ffnn",
  "slide",
  "formula",
  "swap",
  "flip",
  "likes",
  "continuous",
  "table",
  "film",
  "padding",
  "sizes",
  "image",
  "sound",
  "cnn",
  "train",
  "conventions",
  "lab",
] as const;
