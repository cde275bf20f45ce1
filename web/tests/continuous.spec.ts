// Functions of time, in closed form.

import { expect, open, test, value } from "./harness";

test("13: bursts tend to impulses: 28 - 5w", async ({ page }) => {
  for (const [width, expected] of [[1, 23], [0.5, 25.5], [0.1, 27.5], [0, 28]] as const) {
    await open(page, "#/continuous?t=4");
    await page.getByTestId("width").fill(String(width));
    await expect.poll(async () => Math.abs(Number(await value(page)) - expected)).toBeLessThan(0.005);
  }
});

test("14: the shaded area is the value", async ({ page }) => {
  for (const state of ["#/continuous?t=4", "#/continuous?t=2.5", "#/continuous?f=rect(t)&g=exp(-t)*step(t)&t=0.3"]) {
    await open(page, state);
    const shown = Number(await value(page));
    const area = await page.getByTestId("figure-continuous").evaluate((box) => {
      const svg = box.querySelector("svg");
      const paths = [...box.querySelectorAll<SVGGeometryElement>("[id$='panel-product'] path[fill^='url']")];
      // Ticks of the panel give the scales: two of each axis.
      const texts = [...(svg?.querySelectorAll("text") ?? [])].map((text) => ({
        words: Number(text.textContent),
        x: Number(text.getAttribute("x")),
        y: Number(text.getAttribute("y")),
        end: text.getAttribute("text-anchor"),
      }));
      const boxOf = paths[0]?.getBBox();
      const across = texts.filter((text) => text.end === "middle" && text.words === text.words);
      const scale = (ticks: { at: number; words: number }[]): number => {
        const [first, last] = [ticks[0], ticks[ticks.length - 1]];
        return first === undefined || last === undefined ? NaN : (last.at - first.at) / (last.words - first.words);
      };
      const below = across.filter((text) => boxOf !== undefined && text.y > boxOf.y + boxOf.height - 1);
      const row = below.filter((text) => text.y === Math.min(...below.map((tick) => tick.y)));
      const unitX = scale(row.map((tick) => ({ at: tick.x, words: tick.words })));
      const base = boxOf === undefined ? 0 : boxOf.y + boxOf.height;
      const beside = texts.filter((text) => text.end === "end" && text.words === text.words && text.y <= base + 8 && text.y > base - 100);
      const unitY = -scale(beside.map((tick) => ({ at: tick.y, words: tick.words })));
      let whole = 0;
      for (const path of paths) {
        const rings = (path.getAttribute("d") ?? "").split("M").filter((ring) => ring !== "");
        for (const ring of rings) {
          const points = ring.replace("Z", "").split("L").map((point) => point.trim().split(/[ ,]+/).map(Number));
          const twice = points.reduce((sum, [x = 0, y = 0], at) => {
            const [nextX = 0, nextY = 0] = points[(at + 1) % points.length] ?? [];
            return sum + x * nextY - nextX * y;
          }, 0);
          whole += Math.abs(twice) / 2;
        }
      }
      return whole / (unitX * unitY);
    });
    expect(Math.abs(area - shown) / shown).toBeLessThan(0.005);
  }
});

test("15: a pulse with itself is a triangle; an impulse moves exactly", async ({ page }) => {
  for (const [t, expected] of [["0", "1"], ["0.5", "0.5"], ["1", "0"]]) {
    await open(page, `#/continuous?f=rect(t)&g=rect(t)&t=${t}`);
    expect(await value(page)).toBe(expected);
  }
  for (const [t, expected] of [["2", "1"], ["2.4", "1"], ["2.6", "0"], ["1.4", "0"]]) {
    await open(page, `#/continuous?f=rect(t)&g=delta(t-2)&t=${t}`);
    expect(await value(page)).toBe(expected);
  }
});

test("16: half a formula is told where it ends, and the last good figure stays", async ({ page }) => {
  await open(page, "#/continuous?f=rect(t)&g=rect(t)&t=0");
  const field = page.getByTestId("field-f");
  await field.fill("sin(");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByTestId("problem-f")).toContainText("column 5");
  await expect(page.getByTestId("figure-continuous")).toBeVisible();
  expect(await value(page)).toBe("1");
  await field.fill("rect(t)");
  await expect(field).toHaveAttribute("aria-invalid", "false");
});
