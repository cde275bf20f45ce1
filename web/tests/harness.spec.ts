// The watch over all tests is itself tested: each fault is committed once, must be noticed, and is then forgiven.

import { expect, open, test } from "./harness";

const ELSEWHERE = "https://elsewhere.invalid/";

const FAULTS: readonly (readonly [name: string, told: RegExp, fault: (elsewhere: string) => void])[] = [
  ["a warning", /^warning: careful/, () => console.warn("careful")],
  ["an error", /^error: wrong/, () => console.error("wrong")],
  ["an exception", /^uncaught: thrown/, () => void setTimeout(() => { throw new Error("thrown"); })],
  ["a request", /elsewhere\.invalid/, (elsewhere) => void fetch(elsewhere).catch(() => {})],
  ["a picture", /elsewhere\.invalid/, (elsewhere) => void (new Image().src = elsewhere)],
  ["a script in the page", /Content Security Policy/, () => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
  }],
  ["a style in the page", /Content Security Policy/, () => {
    const style = document.createElement("style");
    style.textContent = "p { color: red }";
    document.body.append(style);
  }],
];

for (const [name, told, fault] of FAULTS) {
  test(`${name} is noticed`, async ({ page, watched }) => {
    await open(page, "");
    expect(watched.faults).toEqual([]);
    await page.evaluate(fault, ELSEWHERE);
    await expect.poll(() => watched.faults.join("\n")).toMatch(told);
    watched.faults.length = 0;
  });
}

test("a request of a second page is noticed", async ({ page, watched }) => {
  await open(page, "");
  const second = await page.context().newPage();
  await second.goto(ELSEWHERE).catch(() => undefined);
  await expect.poll(() => watched.faults.join("\n")).toContain(`asked elsewhere: ${ELSEWHERE}`);
  watched.faults.length = 0;
});
