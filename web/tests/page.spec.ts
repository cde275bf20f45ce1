// The page as such: reachable by everybody, on every window, and quiet.

import AxeBuilder from "@axe-core/playwright";
import { address, expect, open, PAGES, test, value, watch } from "./harness";

test("33: a walk through all pages asks nobody and complains of nothing", async ({ page }) => {
  await open(page, "#/");
  for (const link of await page.locator("nav a").all()) {
    const name = await link.innerText();
    await link.click();
    await expect(page.locator("main h1")).toHaveText(name);
    await expect(page.getByTestId("problems")).toHaveText("");
    await page.waitForTimeout(150);
  }
  // The harness fails for any request elsewhere, error, warning or violation.
});

for (const scheme of ["light", "dark"] as const) {
  test(`34: no page has a fault that axe finds, ${scheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: scheme });
    const told: string[] = [];
    for (const view of PAGES) {
      await open(page, `#/${view}`);
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      told.push(...violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`));
    }
    expect(told).toEqual([]);
  });
}

test("34: the stage and the table are what a screen reader is told", async ({ page }) => {
  await open(page, "#/table?t=4");
  await expect(page.getByTestId("table-copies")).toMatchAriaSnapshot(`
    - table /Rows/:
      - /children: equal
      - caption
      - rowgroup:
        - row:
          - columnheader "t"
          - columnheader "0"
          - columnheader "1"
          - columnheader "2"
          - columnheader "3"
          - columnheader "4"
          - columnheader "5"
          - columnheader "6"
          - columnheader "7"
          - columnheader "8"
          - columnheader "9"
      - rowgroup
      - rowgroup
  `);
  const stage = page.getByTestId("figure-stage").getByRole("img");
  await expect(stage).toHaveCount(1);
  await expect(stage).toHaveAccessibleName(/g\(4-τ\)|28/);
});

test("35: Tab reaches every control in reading order, and the skip link skips", async ({ page }) => {
  await open(page, "#/slide?t=4");
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  const controls = await page.locator("main :is(button:not(:disabled), input, select, a, [tabindex='0'])").count();
  const reached = new Set<string>();
  let last = -Infinity;
  for (let press = 0; press < controls + 5; press += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element.closest("main") === null) {
        return undefined;
      }
      const all = [...document.querySelectorAll("main *")];
      const outline = getComputedStyle(element).outlineStyle;
      return { at: all.indexOf(element), seen: outline !== "none" };
    });
    if (now === undefined) {
      break;
    }
    expect(now.at).toBeGreaterThan(last);
    expect(now.seen).toBe(true);
    last = now.at;
    reached.add(String(now.at));
  }
  expect(reached.size).toBe(controls);
});

test("36: what has settled is read aloud once", async ({ page }) => {
  await open(page, "#/slide?t=3");
  const live = page.getByTestId("live");
  await expect(live).toContainText("t = 3");
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const region = document.querySelector("[data-testid='live']");
    if (region !== null) {
      new MutationObserver(() => told.push(region.textContent ?? "")).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
  await page.getByTestId("t").focus();
  await page.keyboard.press("ArrowRight");
  await expect(live).toHaveText("t = 4: 3·1 + 5·3 + 2·5 = 28");
  const told = (): Promise<string[]> => page.evaluate(() => (window as unknown as { told: string[] }).told);
  expect(await told()).toEqual(["t = 4: 3·1 + 5·3 + 2·5 = 28"]);
  for (let press = 0; press < 4; press += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await expect(live).toContainText("t = 8");
  expect((await told()).length).toBe(2);
});

test("37: nothing moves by itself; Play steps", async ({ page }) => {
  for (const motion of ["reduce", "no-preference"] as const) {
    await page.emulateMedia({ reducedMotion: motion });
    await open(page, "#/slide?t=2");
    await page.waitForTimeout(1200);
    expect(await value(page)).toBe("34");
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.getByRole("button", { name: "Play" }).click();
    await expect(page.getByTestId("t")).toHaveAttribute("aria-valuenow", "4", { timeout: 5000 });
    await page.getByRole("button", { name: "Pause" }).click();
  }
});

for (const [width, height] of [[360, 740], [320, 640]] as const) {
  test(`38: ${width} pixels wide, by touch`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: true, isMobile: true });
    const page = await context.newPage();
    const watched = watch(page);
    for (const view of PAGES) {
      await open(page, `#/${view}`);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(beyond, view).toBeLessThanOrEqual(0);
      const small = await page.locator("button, input:not([type='range']), select, nav a").evaluateAll((all) =>
        all
          .map((element) => ({ element, rect: element.getBoundingClientRect() }))
          .filter(({ rect }) => rect.width > 0 && rect.left >= 0 && (rect.width < 24 || rect.height < 24))
          .map(({ element }) => element.outerHTML.slice(0, 80)),
      );
      expect(small, view).toEqual([]);
    }
    await open(page, "#/slide?t=1");
    const figure = page.getByTestId("figure-stage");
    await figure.scrollIntoViewIfNeeded();
    const { x, y } = await figure.evaluate((box) => {
      const panel = box.querySelector("[id$='panel-kernel']");
      panel?.scrollIntoView({ block: "center" });
      const at = panel?.getBoundingClientRect();
      return { x: (at?.x ?? 0) + 10, y: (at?.y ?? 0) + (at?.height ?? 0) / 2 };
    });
    const finger = await context.newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", by: number): Promise<void> =>
      finger.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: x + by, y }] }).then(() => undefined);
    await touch("touchStart", 0);
    for (let by = 10; by <= 60; by += 10) {
      await touch("touchMove", by);
    }
    await touch("touchEnd", 60);
    await expect(page.getByTestId("t")).not.toHaveAttribute("aria-valuenow", "1");
    expect(watched.faults).toEqual([]);
    await context.close();
  });
}

/** The contrast of two colours, as WCAG 2.2 counts it. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const light = (colour: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [one, other] = [light(a), light(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

test("39: dark is dark, marks stand out in both themes, and print is light", async ({ page }) => {
  const rgb = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await open(page, "#/slide?t=4");
    const ground = rgb(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    expect(Math.max(...ground) < 60).toBe(scheme === "dark");
    const marks = await page.getByTestId("figure-stage").evaluate((box) =>
      [...box.querySelectorAll("g[data-value] > *, text")].flatMap((mark) => {
        const style = getComputedStyle(mark);
        const colours = mark.tagName === "text" ? [style.fill] : [style.stroke, style.fill];
        return colours.filter((colour) => colour.startsWith("rgb(")).slice(0, 1);
      }),
    );
    expect(marks.length).toBeGreaterThan(20);
    for (const mark of new Set(marks)) {
      expect(contrast(rgb(mark), ground), `${scheme}: ${mark}`).toBeGreaterThanOrEqual(3);
    }
  }
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const printed = rgb(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  expect(Math.min(...printed)).toBeGreaterThan(240);
});

test("40: what the first view loads, and how fast it is (told, not asked)", async ({ page }) => {
  const begun = Date.now();
  await page.goto(`${address()}#/likes?t=4`);
  await page.getByTestId("value").waitFor();
  const first = Date.now() - begun;
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType("resource").reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
  );
  const list = Array.from({ length: 64 }, (_, at) => at % 7).join(",");
  await open(page, `#/slide?x=${list}&h=${list}&t=64`);
  const times = await page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>("[data-testid='t']");
    const taken: number[] = [];
    for (let move = 0; move < 60 && slider !== null; move += 1) {
      const start = performance.now();
      slider.value = String(30 + move);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => setTimeout(done, 0));
      document.body.getBoundingClientRect();
      taken.push(performance.now() - start);
    }
    return taken.sort((a, b) => a - b);
  });
  await open(page, "#/image");
  const told = page.getByTestId("told");
  await expect(told).toContainText("ms");
  console.log(`first value after ${first} ms, ${(loaded / 1000).toFixed(1)} kB transferred (of 160)`);
  console.log(`60 moves of 64 x 64 terms: median ${times[30]?.toFixed(1)} ms, p95 ${times[57]?.toFixed(1)} ms (of 16.7)`);
  console.log(`picture: ${await told.innerText()}`);
  expect(times.length).toBe(60);
});

test("a link may leave out the frame and the controls, for other pages to hold", async ({ page }) => {
  for (const view of PAGES.filter((name) => name !== "film")) {
    await open(page, `#/${view}?embed=1&ui=hide:controls`);
    await expect(page.locator("header, footer, form.fields"), view).toHaveCount(0);
  }
});

test("41: without WebAssembly the page says so and shows one result", async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "WebAssembly");
  });
  await page.goto(`${address()}#/likes?t=4`);
  await expect(page.locator("#message")).toContainText("did not start");
  await expect(page.getByRole("cell", { name: "28", exact: true })).toBeVisible();
  await context.close();
});
