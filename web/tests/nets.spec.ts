// Nets: how they learn, and what they are like inside.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, hash, open, test } from "./harness";

/** A net that has learned a little, soon. */
const SOON = "filters=4&digits=1000&epochs=3&pooling=max";

/** Lets the nets of the page learn, and waits until they have been tested. */
async function learned(page: Page): Promise<void> {
  await page.getByTestId("start").click();
  await expect(page.getByTestId("start")).toBeDisabled({ timeout: 300_000 });
}

/** The points of all curves, as they are drawn. */
function curves(page: Page): Promise<string[]> {
  return page.locator("[data-line][data-points]").evaluateAll((lines) =>
    lines.map((line) => `${line.closest("svg")?.getAttribute("data-testid")} ${line.getAttribute("data-line")} ${line.getAttribute("data-points")}`),
  );
}

test("27: both nets learn, again alike, and the convolutional one stands shifts better", async ({ page }) => {
  test.setTimeout(600_000); // 20 seconds on two cores that have nothing else to do
  await open(page, "#/train?seed=7");
  await expect(page.getByTestId("equivariance")).toBeVisible();
  await learned(page);
  const first = await curves(page);
  expect(first.length).toBe(6);
  for (const net of ["cnn", "ffnn"]) {
    const told = await page.getByTestId(`accuracy-${net}`).innerText();
    expect(Number.parseFloat(told), net).toBeGreaterThanOrEqual(95);
  }
  await expect(page.getByTestId("shift")).toHaveValue("4");
  const lead = Number(await page.getByTestId("lead").getAttribute("data-value"));
  console.log(`at 4 pixels the convolutional net leads by ${lead.toFixed(1)} points (of 30)`);
  expect(lead).toBeGreaterThanOrEqual(30);
  await page.getByTestId("reset").click();
  await expect(page.getByTestId("step-cnn")).toHaveText(/^0 of/);
  await learned(page);
  expect(await curves(page)).toEqual(first);
});

test("27: the page handles clicks within 100 ms while nets learn", async ({ page }) => {
  await open(page, "#/train?seed=7&epochs=100");
  await page.evaluate(() => {
    const taken: number[] = [];
    Object.assign(window, { taken });
    // On the window, where a click arrives when everything beneath has handled it.
    addEventListener("click", (event) => taken.push(performance.now() - event.timeStamp));
  });
  await page.getByTestId("start").click();
  await expect(page.getByTestId("step-cnn")).toHaveText(/^[1-9]\d* of/);
  for (let click = 0; click < 10; click += 1) {
    await page.getByTestId("equivariance").click();
    await page.waitForTimeout(100);
  }
  await page.getByTestId("pause").click();
  await expect(page.getByTestId("start")).toHaveText("Go on");
  const taken = await page.evaluate(() => (window as unknown as { taken: number[] }).taken);
  console.log(`clicks handled after ${taken.map((time) => time.toFixed(0)).join(", ")} ms (of 100)`);
  expect(taken.length).toBe(12);
  expect(Math.max(...taken)).toBeLessThan(100);
});

test("nets rest when they are told to, go on, and begin anew", async ({ page }) => {
  await open(page, "#/train?net=ffnn&digits=5000&epochs=100");
  const step = page.getByTestId("step-ffnn");
  await page.getByTestId("start").click();
  await expect(step).toHaveText(/^[1-9]\d* of 7900$/);
  await page.getByTestId("pause").click();
  await page.waitForTimeout(400);
  const paused = await step.innerText();
  await page.waitForTimeout(400);
  expect(await step.innerText()).toBe(paused);
  await page.getByTestId("start").click();
  await expect(step).not.toHaveText(paused);
  await page.getByTestId("reset").click();
  await expect(step).toHaveText("0 of 7900");
  await page.waitForTimeout(400);
  await expect(step).toHaveText("0 of 7900");
  await expect(page.getByTestId("step-cnn")).toHaveCount(0);
});

test("what cannot be learned here is told", async ({ page }) => {
  await open(page, "#/train?filters=33");
  await page.getByTestId("start").click();
  await expect(page.locator("main [role='alert']").last()).toContainText("filters: expected from 1 to 32");
});

test("every cell is the sum of its trace and its bias", async ({ page }) => {
  await open(page, `#/cnn?${SOON}`);
  const cell = page.getByTestId("cell");
  await expect(cell).toContainText("convolution", { timeout: 60_000 });
  for (const at of ["0,0,0,0", "0,3,23,23", "0,1,7,12", "3,0,0,0", "3,7,7,7", "3,5,3,4", "8,9,0,0", "10,3,0,0"]) {
    await page.evaluate((t) => {
      location.hash = location.hash.replace(/&t=[^&]*|$/, `&t=${t}`);
    }, at);
    const [layer = "", map = ""] = at.split(",");
    await expect(cell).toContainText(new RegExp(`(map|number) ${map}\\b.*layer ${layer},`, "i"));
    const [value, sum] = [Number(await cell.getAttribute("data-value")), Number(await cell.getAttribute("data-sum"))];
    expect(Math.abs(value - sum), at).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  }
  await page.getByTestId("at-layer").selectOption("3");
  const products = page.getByTestId("products").locator("tbody strong");
  await expect(products).toHaveCount(25);
});

test("maps move with the digit", async ({ page }) => {
  const at = async (t: string): Promise<number> => {
    await page.evaluate((to) => {
      location.hash = location.hash.replace(/&t=[^&]*|$/, `&t=${to}`);
    }, t);
    const [, map, row, column] = t.split(",");
    await expect(page.getByTestId("cell")).toContainText(`ap ${map}, row ${row}, column ${column} `, { timeout: 60_000 });
    return Number(await page.getByTestId("cell").getAttribute("data-value"));
  };
  await open(page, `#/cnn?${SOON}`);
  const before = await at("0,2,10,11");
  await page.getByTestId("move-right").click();
  await page.getByTestId("move-down").click();
  await expect.poll(() => page.getByTestId("cell").getAttribute("data-value")).not.toBe(String(before));
  expect(await at("0,2,11,12")).toBeCloseTo(before, 6);
});

/** The digit that the net holds most probable. */
function told(page: Page): Promise<string> {
  return page.getByTestId("probabilities").locator("tr.marked th").innerText();
}

test("digits are known, and drawn by pointer and by keys", async ({ page }) => {
  await open(page, "#/cnn");
  await expect(page.getByTestId("cell")).toBeVisible({ timeout: 60_000 });
  let right = 0;
  for (let digit = 0; digit < 10; digit += 1) {
    await page.getByTestId("field-digit").selectOption(String(digit));
    await page.waitForTimeout(250);
    right += (await told(page)) === String(digit) ? 1 : 0;
  }
  expect(right).toBeGreaterThanOrEqual(9);
  const sheet = page.getByTestId("sheet");
  await page.getByTestId("clear").click();
  await sheet.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 280 } = (await sheet.boundingBox()) ?? {};
  await page.mouse.move(x + width / 2, y + 0.17 * width);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + 0.83 * width, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => told(page)).toBe("1");
  await page.getByTestId("clear").click();
  await expect.poll(async () => Number(await page.getByTestId("probabilities").locator("tr.marked").getAttribute("data-value"))).toBeLessThan(0.9);
  await sheet.focus();
  for (let press = 0; press < 9; press += 1) {
    await page.keyboard.press("ArrowUp");
  }
  for (let press = 0; press < 18; press += 1) {
    await page.keyboard.press("Shift+ArrowDown");
  }
  await expect(sheet).toHaveAccessibleName(/pen at row 23, column 14/);
  await expect.poll(() => told(page)).toBe("1");
  expect(hash(page).length).toBeLessThan(40); // what is drawn stays in the page
});

test("a press on a map chooses a cell, and keys choose others", async ({ page }) => {
  await open(page, `#/cnn?${SOON}`);
  const map = page.getByTestId("maps-0").locator("canvas").nth(2);
  await expect(map).toBeVisible({ timeout: 60_000 });
  await map.click({ position: { x: 1, y: 1 } });
  expect(hash(page)).toContain("t=0,2,0,0");
  await page.getByTestId("at-column").focus();
  await page.keyboard.press("ArrowRight");
  expect(hash(page)).toContain("t=0,2,0,1");
  await page.getByTestId("at-layer").selectOption({ label: "layer 2, max pooling" });
  await expect(page.getByTestId("cell")).toContainText("is the largest of the window");
  await page.getByTestId("at-layer").selectOption({ label: "layer 1, ReLU" });
  await expect(page.getByTestId("cell")).toContainText(/above zero/);
});

for (const scheme of ["light", "dark"] as const) {
  test(`34: nets that have learned have no fault that axe finds, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const view of ["train", "cnn"]) {
      await open(page, `#/${view}?${SOON}`);
      await (view === "train" ? learned(page) : expect(page.getByTestId("cell")).toBeVisible({ timeout: 60_000 }));
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)).toEqual([]);
    }
  });
}

test("38: nets that have learned fit into 320 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const view of ["train", "cnn"]) {
    await open(page, `#/${view}?${SOON}`);
    await (view === "train" ? learned(page) : expect(page.getByTestId("cell")).toBeVisible({ timeout: 60_000 }));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), view).toBeLessThanOrEqual(0);
  }
});
