// Files: the same bytes as the command's, and pages that need nothing.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "@playwright/test";
import { command, expect, open, test, watch } from "./harness";

async function made(page: Page, format: string): Promise<Buffer> {
  await page.getByTestId("format").selectOption(format);
  await page.getByTestId("make").click();
  await expect(page.getByTestId("made")).toContainText("bytes");
  const waiting = page.waitForEvent("download");
  await page.getByTestId("download").click();
  return readFileSync(await (await waiting).path());
}

test("29: the SVG is the command's to the byte, and harms nothing", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "faltung-"));
  for (const state of ["#/film?t=4", "#/film?t=4&theme=dark", "#/film?x=1,-2,3&h=0.5,1&t=2"]) {
    await open(page, state);
    const svg = (await made(page, "svg")).toString();
    const file = join(folder, "a.svg");
    command("explain", "--state", state, "-o", file);
    expect(svg).toBe(readFileSync(file, "utf8"));
    const problem = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, "image/svg+xml");
      const bad = document.querySelector("parsererror, script, foreignObject, image, [href], [onload]");
      return bad === null && document.querySelector("title") !== null && document.querySelector("desc") !== null ? "" : "bad";
    }, svg);
    expect(problem).toBe("");
  }
  rmSync(folder, { recursive: true });
});

test("30: films have a frame for each place, and pictures the size they say", async ({ page }) => {
  await open(page, "#/film?t=4");
  const gif = await made(page, "gif");
  const film = await page.evaluate(async (bytes) => {
    const decoder = new ImageDecoder({ data: new Uint8Array(bytes), type: "image/gif" });
    await decoder.tracks.ready;
    const { image } = await decoder.decode();
    const track = decoder.tracks.selectedTrack;
    return { frames: track?.frameCount, loops: track?.repetitionCount === Infinity, width: image.displayWidth };
  }, [...gif]);
  expect(film).toEqual({ frames: 12, loops: true, width: 720 });
  expect(gif.readUInt16LE(6)).toBe(720);
  const png = await made(page, "png");
  expect([png.readUInt32BE(16), png.subarray(1, 4).toString()]).toEqual([720, "PNG"]);
});

test("31: the page without scripts shows every place", async ({ browser }) => {
  const folder = mkdtempSync(join(tmpdir(), "faltung-"));
  const file = join(folder, "film.html");
  command("explain", "--state", "#/slide?t=1", "-o", file);
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.getByLabel("t = 4", { exact: true }).check();
  await expect(page.getByRole("heading", { name: "(f*g)(4) = 28" })).toBeVisible();
  await expect(page.locator("table:visible").first()).toBeVisible();
  expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
  await context.close();
  rmSync(folder, { recursive: true });
});

test("32: the page in one file works from the disk without a network", async ({ browser }) => {
  const whole = process.env["FALTUNG_WHOLE_PAGE"] ?? "../target/web/faltung.html";
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const watched = watch(page);
  const from = pathToFileURL(whole).href;
  await page.goto(`${from}#/likes?t=4`);
  await expect(page.getByTestId("table-batches").locator("tbody td:nth-child(3)")).toHaveText(["3·1 = 3", "5·3 = 15", "2·5 = 10"]);
  await page.goto(`${from}#/table?t=4`);
  await expect(page.getByTestId("table-copies").locator("tbody tr")).toHaveCount(6);
  await expect(page.getByTestId("table-copies").locator("tfoot td")).toHaveText(["15", "12", "34", "26", "28", "23", "15", "7", "4", "1"]);
  await page.goto(`${from}#/lab?t=4`);
  await expect(page.getByTestId("computed")).toContainText("direct 28");
  await page.goto(`${from}#/cnn?filters=4&digits=500&epochs=1`);
  await expect(page.getByTestId("cell")).toContainText("The net computed", { timeout: 60_000 });
  expect(watched.faults).toEqual([]);
  await context.close();
});
