// The state in the address: shared, gone back to, and proof against whatever stands there.

import { address, expect, hash, open, test, value, watch } from "./harness";

test("17: numbers however they are set apart are the same state", async ({ page }) => {
  await open(page, "#/table");
  const field = page.getByTestId("field-x");
  const expected = "#/table?x=3,0,5";
  for (const text of ["3 0 5", "3, 0, 5", "3,0 ,5"]) {
    await field.fill(text);
    await expect.poll(() => hash(page)).toBe(expected);
    await field.fill("1");
  }
  for (const pasted of ["3\n0\n5\n", "3\t0\t5", "3\r\n0\r\n5"]) {
    await field.fill("1");
    await field.evaluate((input, text) => {
      const data = new DataTransfer();
      data.setData("text/plain", text);
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, pasted);
    await expect.poll(() => hash(page)).toBe(expected);
  }
  await field.fill("");
  await field.pressSequentially("3 0 5");
  await expect.poll(() => hash(page)).toBe(expected);
  await expect(field).toHaveValue("3 0 5");
  await field.fill("3,,5");
  await expect(page.getByTestId("problem-x")).toContainText("number 2");
  await expect(field).toHaveAttribute("aria-invalid", "true");
});

test("18: a link is the same state elsewhere, Back is the place before, a drag is one entry", async ({ page, browser }) => {
  await open(page, "#/slide?t=2&x=1,2,3");
  await page.getByRole("button", { name: "one step on" }).click();
  await expect.poll(() => hash(page)).toBe("#/slide?x=1,2,3&t=3");
  const context = await browser.newContext();
  const other = await context.newPage();
  const watched = watch(other);
  await open(other, hash(page));
  expect(hash(other)).toBe(hash(page));
  expect(await value(other)).toBe(await value(page));
  expect(watched.faults).toEqual([]);
  await context.close();
  await page.reload();
  await page.locator("main#main h1").waitFor();
  expect(hash(page)).toBe("#/slide?x=1,2,3&t=3");
  await page.goBack();
  await expect(page.getByTestId("t")).toHaveAttribute("aria-valuenow", "2");
});

test("19: hostile addresses leave the page usable and put nothing into it", async ({ page }) => {
  const long = "1,".repeat(5_000_000);
  for (const [state, told] of [
    ["#/table?x=<img src=x onerror=alert(1)>", "number 1"],
    ["#/table?x=%3Cscript%3Ealert(1)%3C/script%3E", "number 1"],
    ["#/table?t=1e309", "t:"],
    ["#/table?colour=red&size=9", "colour"],
    ["#/<b>nowhere</b>?t=2", "no such view"],
    ["#/table?z=AAAAAAAA", "z:"],
    [`#/table?x=${long}`, "100000 characters"],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(address());
    await page.locator("main#main h1").waitFor();
    await page.evaluate((to) => {
      location.hash = to;
    }, state);
    await expect(page.getByTestId("problems")).toContainText(told);
    expect(await page.locator("main img, main script, main b, main iframe").count()).toBe(0);
    await page.evaluate(() => {
      location.hash = "#/table?t=4";
    });
    await expect(page.getByTestId("value")).toHaveText("28");
  }
});

test("letters switch everywhere at once", async ({ page }) => {
  // 42
  for (const view of ["slide", "table", "flip", "formula", "swap", "likes", "lab", "padding", "film", "sizes", "stage"]) {
    await open(page, `#/${view}?n=xh&t=4`);
    await page.locator("main select").evaluateAll((all) => all.forEach((select) => select.remove())); // they offer both
    const words = await page.locator("main").innerText();
    expect(words, view).not.toMatch(/\b[fg]\(|\(f\*g\)|\bf\b|\bg\b/);
  }
});

test("a place that is no longer there gives way to one that is, and says so", async ({ page }) => {
  await open(page, "#/slide?t=9");
  await page.getByTestId("field-x").fill("1,2");
  await expect(page.locator("main")).toContainText("give one within it");
  expect(await value(page)).not.toBe("");
  await expect(page.getByTestId("title")).toContainText("=");
  await page.getByRole("button", { name: "one step on" }).click();
  await expect(page.locator("main")).not.toContainText("give one within it");
});

test("what a page has no fields for does not go along to it", async ({ page }) => {
  await open(page, "#/lab?stride=2&mode=same&t=1");
  await page.getByRole("link", { name: "Posts and likes" }).click();
  await expect(page.getByTestId("title")).toContainText("likes in hour 1");
  expect(hash(page)).toBe("#/likes?t=1");
  await open(page, "#/image?h=1,0;0,1&t=2,3");
  await page.getByRole("link", { name: "The table" }).click();
  expect(hash(page)).toBe("#/table");
  await expect(page.getByTestId("value")).toHaveText("28");
});
