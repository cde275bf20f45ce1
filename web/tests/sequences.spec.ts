// Posts and likes, the stage and the table: the article's numbers, by every way to reach them.

import { expect, hash, open, test, value, values } from "./harness";

const ARRIVING = ["0", "15", "12", "34", "26", "28", "23", "15", "7", "4", "1", "0"];

test("1-3: hours of the article, with who is liked and whose likes have run out", async ({ page }) => {
  const told = { 1: "12", 4: "28", 6: "15", 8: "4", 9: "1" };
  for (const [t, likes] of Object.entries(told)) {
    await open(page, `#/likes?t=${t}`);
    expect(await value(page)).toMatch(new RegExp(`^${likes} likes? in hour ${t}$`));
  }
  await open(page, "#/likes?t=1");
  await expect(page.getByTestId("sentence")).toContainText("3·4");
  await open(page, "#/likes?t=4");
  const products = page.getByTestId("table-batches").locator("tbody td:nth-child(3)");
  await expect(products).toHaveText(["3·1 = 3", "5·3 = 15", "2·5 = 10"]);
  await open(page, "#/likes?t=9");
  const expired = page.getByTestId("table-batches").locator("tbody tr", { hasText: "2 posts at t = 4" });
  await expect(expired).toContainText("expired");
  await expect(expired).toContainText("2·0 = 0");
});

test("4: stepping from -1 to 10 tells every hour, and 165 in all", async ({ page }) => {
  await open(page, "#/slide?t=-1");
  expect(await values(page)).toEqual(ARRIVING);
  await open(page, "#/likes?t=9");
  await expect(page.getByTestId("table-totals").locator("tfoot td").last()).toHaveText("165");
});

test("5: dragging the kernel by three ticks from t = 1 gives 28", async ({ page }) => {
  await open(page, "#/slide?t=1");
  const figure = page.getByTestId("figure-stage");
  await figure.scrollIntoViewIfNeeded();
  const ticks = await figure.evaluate((box) => {
    const panel = box.querySelector("[id$='panel-kernel']")?.getBoundingClientRect();
    const middle = (words: string): { x: number; y: number }[] =>
      [...box.querySelectorAll("text")]
        .filter((text) => text.textContent === words)
        .map((text) => text.getBoundingClientRect())
        .map((rect) => ({ x: rect.x + rect.width / 2, y: rect.y }));
    // The row of ticks is the one that has a -1, too.
    const row = middle("-1")[0]?.y ?? 0;
    const [zero, one] = ["0", "1"].map((words) => middle(words).find(({ y }) => y === row)?.x);
    return { unit: (one ?? 0) - (zero ?? 0), x: panel?.x ?? 0, y: (panel?.y ?? 0) + (panel?.height ?? 0) / 2 };
  });
  expect(ticks.unit).toBeGreaterThan(5);
  const before = await page.evaluate(() => history.length);
  await page.mouse.move(ticks.x + 20, ticks.y);
  await page.mouse.down();
  await page.mouse.move(ticks.x + 20 + ticks.unit, ticks.y);
  await page.mouse.move(ticks.x + 20 + 3 * ticks.unit, ticks.y, { steps: 5 });
  await page.mouse.up();
  expect(await value(page)).toBe("28");
  await expect(page.getByTestId("t")).toHaveAttribute("aria-valuenow", "4");
  expect(hash(page)).toContain("t=4");
  expect((await page.evaluate(() => history.length)) - before).toBe(1);
});

test("6: keys move the place, from end to end", async ({ page }) => {
  await open(page, "#/slide?t=2");
  const slider = page.getByTestId("t");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuenow", "3");
  await page.keyboard.press("End");
  await expect(slider).toHaveAttribute("aria-valuenow", "10");
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuenow", "-1");
  for (let step = 0; step < 5; step += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await expect(page.getByTestId("value")).toHaveText("28");
});

test("7: the kernel is turned round, its labels are not", async ({ page }) => {
  await open(page, "#/slide?t=4");
  const labels = await page.getByTestId("figure-stage").evaluate((box) =>
    [...box.querySelectorAll("text")]
      .filter((text) => /^g\d$/.test(text.textContent ?? ""))
      .map((text) => ({ name: text.textContent, x: text.getBoundingClientRect().x, mirrored: (text.getCTM()?.a ?? 0) <= 0 }))
      .sort((a, b) => a.x - b.x),
  );
  expect(labels.map(({ name }) => name)).toEqual(["g4", "g3", "g2", "g1", "g0"]);
  expect(labels.some(({ mirrored }) => mirrored)).toBe(false);
  const weights = page.locator("[id^='stage-kernel-']");
  const byPlace = await weights.evaluateAll((marks) =>
    marks
      .map((mark) => ({ x: mark.getBoundingClientRect().x, value: Number(mark.getAttribute("data-value")) }))
      .sort((a, b) => a.x - b.x)
      .map((mark) => mark.value),
  );
  expect(byPlace).toEqual([1, 2, 3, 4, 5]);
});

test("8: without the flip it is a correlation, and says so", async ({ page }) => {
  await open(page, "#/flip");
  await page.getByTestId("field-flip").selectOption("none");
  expect(hash(page)).toContain("flip=none");
  await expect(page.getByTestId("notice")).toContainText("correlation");
  await open(page, "#/slide?flip=none");
  expect((await values(page)).slice(1, -1)).toEqual(["3", "6", "14", "22", "32", "25", "33", "11", "14", "5"]);
});

test("9: flipping f instead changes no value and swaps the panels", async ({ page }) => {
  await open(page, "#/slide?flip=f");
  expect(await values(page)).toEqual(ARRIVING);
  await open(page, "#/slide?flip=f&t=4");
  await expect(page.getByTestId("figure-stage")).toContainText("f(4-τ)");
  await expect(page.getByTestId("figure-stage")).toContainText("g(τ)");
  await open(page, "#/swap?t=4");
  await expect(page.getByTestId("title")).toHaveText("(f*g)(4) = 28");
  await expect(page.getByTestId("title-other")).toHaveText("(g*f)(4) = 28");
});

test("10: the table has a row for each post hour and a column for each output", async ({ page }) => {
  await open(page, "#/table?t=4");
  const table = page.getByTestId("table-copies");
  await expect(table.locator("tbody tr")).toHaveCount(6);
  await expect(table.locator("thead th[scope='col']")).toHaveCount(11);
  await expect(table.locator("tbody th[scope='row']")).toHaveCount(6);
  await expect(table.locator("tfoot td")).toHaveText(ARRIVING.slice(1, -1));
  await expect(table.locator("tbody tr").nth(1).locator("td")).toHaveText(["", "0", "0", "0", "0", "0", "", "", "", ""]);
});

test("11: a column's heading goes to its place, and that column alone is current", async ({ page }) => {
  await open(page, "#/table?t=4");
  const table = page.getByTestId("table-copies");
  await table.getByRole("button", { name: "6", exact: true }).click();
  expect(await value(page)).toBe("15");
  await expect(page.getByTestId("t")).toHaveAttribute("aria-valuenow", "6");
  await expect(table.locator("[aria-current]")).toHaveCount(1);
  await expect(table.locator("[aria-current='true']")).toHaveText("6");
});

test("12: a cell of the column lights its product on the stage", async ({ page }) => {
  await open(page, "#/table?t=4");
  const cell = page.getByTestId("table-copies").locator("tbody tr").nth(2).locator("td").nth(4);
  await expect(cell).toHaveText("15");
  await cell.focus();
  const term = await cell.getAttribute("data-term");
  expect(term).toBe("term-2");
  const products = await page.locator("[id^='stage-product-'].lit").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-term")));
  expect(products).toEqual([term]);
});

test("predicting hides the output until it is said", async ({ page }) => {
  await open(page, "#/slide?t=4");
  await page.getByTestId("predict").click();
  expect(await value(page)).toBe("?");
  await expect(page.locator("main")).not.toContainText("28");
  await expect(page.getByTestId("figure-stage").locator("[id$='panel-product']")).toHaveCount(1);
  await expect(page.getByTestId("figure-stage").locator("[id$='panel-output']")).toHaveCount(0);
  await page.getByTestId("guess").fill("27");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByTestId("checked")).toHaveText("No: it is 28.");
  await page.getByTestId("guess").fill("28");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("checked")).toHaveText("Yes: it is 28.");
  await page.getByRole("button", { name: "one step on" }).click();
  await expect(page.getByTestId("checked")).toHaveText("");
});

test("the kernel turns where motion is welcome, and only when it is asked to", async ({ page }) => {
  for (const [reducedMotion, moving] of [["no-preference", 5], ["reduce", 0]] as const) {
    await page.emulateMedia({ reducedMotion });
    await open(page, "#/slide?t=4");
    await page.getByRole("button", { name: "1 flip" }).click();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(moving);
  }
});
