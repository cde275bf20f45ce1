// Padding, sizes, pictures, sounds, parameters, other libraries.

import { command, expect, open, test, value } from "./harness";

test("20: boundaries side by side, and which outputs need none", async ({ page }) => {
  await open(page, "#/padding?mode=same");
  const rows = page.getByTestId("table-outputs").locator("tbody tr");
  const row = async (name: string): Promise<string[]> => rows.filter({ has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").allInnerTexts();
  expect(await row("constant:0")).toEqual(["34", "26", "28", "23", "15", "7"]);
  expect(await row("nearest")).toEqual(["43", "29", "28", "23", "20", "16"]);
  expect(await row("wrap")).toEqual(["38", "27", "28", "23", "30", "19"]);
  expect(await row("mirror")).toEqual(["39", "26", "28", "23", "25", "15"]);
  expect(await row("reflect")).toEqual(["40", "29", "28", "23", "20", "21"]);
  expect(await row("none")).toEqual(["", "", "28", "23", "", ""]);
  await expect(page.getByText("No padding is used at t = 2, 3")).toBeVisible();
});

test("21: a circle aliases unless it has room for the whole result", async ({ page }) => {
  await open(page, "#/padding?mode=same");
  const outputs = page.getByTestId("circle").locator("tbody tr").first().locator("td");
  await expect(outputs).toHaveText(["30 *", "19 *", "38 *", "27 *", "28", "23"]);
  await expect(page.getByTestId("aliasing")).toContainText("4 outputs are aliased");
  await page.getByTestId("length").fill("10");
  await expect(outputs).toHaveText(["15", "12", "34", "26", "28", "23", "15", "7", "4", "1"]);
  await expect(page.getByTestId("aliasing")).toContainText("Nothing is aliased");
});

test("22: how long results are, in numbers", async ({ page }) => {
  for (const [query, size] of [
    ["x=1,2,3,4,5&h=1,1,1&mode=padded:1:1&stride=2", 3],
    ["x=1,2,3,4,5,6,7&h=1,1,1&mode=valid&dilation=2", 3],
    ["x=1,2,3,4&h=1,1,1&mode=valid", 2],
    ["x=1,2,3,4,5,6&h=1,1,1&mode=padded:1:1&stride=2", 3],
  ] as const) {
    await open(page, `#/sizes?${query}`);
    await expect(page.getByTestId("title")).toContainText(`give (${size})`);
    await expect(page.getByTestId("sentence")).toContainText(`= ${size}.`);
  }
  const unused = page.getByTestId("table-sizes").locator("tbody tr", { hasText: "unused" });
  await expect(unused.locator("td").last()).toHaveText("1");
});

test("23: a step edge, with the flip and without", async ({ page }) => {
  const data = "x=0,0,9,9,9;0,0,9,9,9;0,0,9,9,9&h=1,0,-1;1,0,-1;1,0,-1";
  for (const [flip, outputs, said] of [["g", ["27", "27", "0"], "turned by 180 degrees"], ["none", ["-27", "-27", "0"], "not turned"]] as const) {
    await open(page, `#/image?${data}&flip=${flip}&image=numbers`);
    const cells = page.locator("[id^='window-panel-output'] [data-value]");
    const found = await cells.evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-value")));
    expect(found).toEqual(outputs);
    await expect(page.locator("main")).toContainText(said);
  }
});

test("24: a picture under the identity is itself, and leaves for nowhere", async ({ page, watched }) => {
  await open(page, "#/image");
  await page.getByTestId("kernel").selectOption("identity");
  const asked = watched.requests.length;
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 64);
    const context = canvas.getContext("2d");
    const picture = new ImageData(64, 64);
    picture.data.forEach((_, at) => {
      picture.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 256;
    });
    context?.putImageData(picture, 0, 0);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer())];
  });
  await page.getByTestId("own").setInputFiles({ name: "own.png", mimeType: "image/png", buffer: Buffer.from(bytes) });
  await expect(page.getByTestId("told")).toContainText("64 × 64");
  const pixels = (name: string): Promise<number[]> =>
    page.getByTestId(name).evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      return [...((canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [])];
    });
  const before = await pixels("source");
  expect(before.length).toBe(4 * 64 * 64);
  expect(before[4]).toBe((4 * 7919) % 256);
  expect(await pixels("result")).toEqual(before);
  expect(watched.requests.slice(asked).filter((url) => !/^(blob|data):/.test(url))).toEqual([]);
});

test("26: the echo comes after the clap, or before it without the flip", async ({ page }) => {
  await page.addInitScript(() => {
    const made = { count: 0 };
    Object.assign(window, { made });
    const Native = window.AudioContext;
    window.AudioContext = class extends Native {
      constructor() {
        super();
        made.count += 1;
      }
    };
  });
  await open(page, "#/sound?sound=numbers&x=1&h=1,0,0,0.5");
  await expect(page.getByTestId("samples")).toHaveText("1, 0, 0, 0.5");
  await expect(page.getByTestId("energies")).toContainText("0.0 % of the energy lies before");
  await open(page, "#/sound?sound=numbers&x=1&h=1,0,0,0.5&flip=none");
  await expect(page.getByTestId("samples")).toHaveText("0.5, 0, 0, 1");
  await expect(page.getByTestId("energies")).toContainText("20.0 % of the energy lies before");
  await open(page, "#/sound");
  await expect(page.getByTestId("energies")).toContainText("100.0 % from it on");
  await page.getByTestId("field-flip").selectOption("none");
  await expect(page.getByTestId("energies")).not.toContainText("100.0 % from it on");
  const made = (): Promise<number> => page.evaluate(() => (window as unknown as { made: { count: number } }).made.count);
  expect(await made()).toBe(0);
  await page.getByRole("button", { name: "Play with the room" }).click();
  expect(await made()).toBe(1);
});

test("28: parameters are counted", async ({ page }) => {
  await open(page, "#/ffnn");
  await expect(page.getByTestId("inputs")).toHaveText("784");
  await expect(page.getByTestId("parameters-dense")).toHaveText("78,500");
  await expect(page.getByTestId("parameters-convolutional")).toHaveText("80");
  await page.getByTestId("field-side").fill("1024");
  await page.getByTestId("field-side").blur();
  await expect(page.getByTestId("inputs")).toHaveText("1,048,576");
  await expect(page.getByTestId("parameters-dense")).toHaveText("104,857,700");
  await expect(page.getByTestId("parameters-convolutional")).toHaveText("80");
});

test("43: what other libraries make of an even kernel", async ({ page }) => {
  await open(page, "#/conventions?x=1,2,3,4&h=1,1,1,1&mode=same");
  const gives = async (call: string): Promise<string> =>
    page.locator("tbody tr", { hasText: call }).filter({ has: page.locator("td") }).last().locator("td").first().innerText();
  expect(await gives("numpy.convolve(x, w, 'same')")).toBe("3 6 10 9");
  expect(await gives("conv(x, w, 'same') in MATLAB")).toBe("6 10 9 7");
  expect(await gives("F.conv1d(x, w, padding='same')")).toBe("6 10 9 7");
  expect(await gives("scipy.ndimage.convolve(x, w)")).toBe("7 10 13 14");
  expect(await gives("cv2.filter2D(x, -1, w)")).toBe("8 8 10 12");
  await expect(page.locator("main")).toContainText("begins one sample later");
});

test("44: what is explained is what is computed, on 50 random problems", async ({ page }) => {
  let seed = 12345;
  const next = (most: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * most);
  };
  for (let problem = 0; problem < 50; problem += 1) {
    const list = (length: number): string => Array.from({ length }, () => next(19) - 9).join(",");
    const [x, h] = [list(2 + next(8)), list(2 + next(4))];
    const longer = h.split(",").length > x.split(",").length;
    const mode = ["full", "same", longer ? "full" : "valid"][next(3)] ?? "full"; // valid has no outputs there
    const boundary = ["constant:0", "nearest", "wrap", "mirror", "reflect"][next(5)] ?? "wrap";
    const outputs = command("convolve", "--mode", mode, "--boundary", boundary, "--quiet", "--", x, h).trim().split(/\s+/);
    const t = next(outputs.length);
    await open(page, `#/lab?x=${x}&h=${h}&mode=${mode}&boundary=${boundary}&t=${t}`);
    expect(Number(await value(page)), `${x} * ${h}`).toBe(Number(outputs[t]));
    await expect(page.getByTestId("computed")).toContainText(`direct ${outputs[t]}`);
    const told = await page.getByTestId("computed").innerText();
    const all = [...told.matchAll(/[a-z_]+ (-?[\d.e+-]+?)[,.](?:\s|$)/g)].map((match) => Number(match[1]));
    expect(all.length).toBeGreaterThan(1);
    all.forEach((one) => expect(Math.abs(one - Number(outputs[t]))).toBeLessThan(1e-9));
  }
});
