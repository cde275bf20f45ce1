// Pictures: those that are made here, by their names, and those that a reader brings.

export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

const SIDE = 256;
/** The longest side of a picture that is brought: larger ones are made smaller. */
const LONGEST = 1024;

/** A picture of this name; `numbers` are rows of values from 0 to 255. */
export function pictureOf(name: string, numbers: string | undefined): Pixels {
  return numbers === undefined ? made(BRIGHTNESS[name] ?? shapes) : ofNumbers(numbers);
}

/** How bright a place is, both coordinates from 0 to 1. */
type Brightness = (x: number, y: number) => number;

const BRIGHTNESS: Readonly<Record<string, Brightness>> = {
  shapes,
  edge: (x) => (x < 0.5 ? 0 : 255),
  rings: (x, y) => 127.5 + 127.5 * Math.cos(220 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)),
};

function shapes(x: number, y: number): number {
  const inDisc = (x - 0.32) ** 2 + (y - 0.36) ** 2 < 0.045;
  const inBox = x > 0.55 && x < 0.88 && y > 0.14 && y < 0.46;
  const stripes = y > 0.62 && y < 0.9 && x > 0.1 && x < 0.9 && Math.floor(x * 30) % 2 === 0;
  return inDisc ? 230 : inBox ? 150 : stripes ? 200 : 40 + 50 * y;
}

function made(brightness: Brightness): Pixels {
  const values = Array.from({ length: SIDE * SIDE }, (_, at) =>
    brightness(((at % SIDE) + 0.5) / SIDE, (Math.floor(at / SIDE) + 0.5) / SIDE),
  );
  return ofGrey(values, SIDE, SIDE);
}

function ofNumbers(text: string): Pixels {
  const rows = text.split(";").filter((row) => row !== "").map((row) => row.split(",").map(Number));
  return ofGrey(rows.flat(), rows[0]?.length ?? 1, rows.length);
}

function ofGrey(values: readonly number[], width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  values.forEach((value, at) => data.set([value, value, value, 255], 4 * at));
  return { data, width, height };
}

/** How bright each pixel is, rows after one another, by the weights of ITU-R BT.601. */
export function grey({ data, width, height }: Pixels): { readonly values: readonly number[]; readonly width: number; readonly height: number } {
  const values = Array.from({ length: width * height }, (_, at) => {
    const [red, green, blue] = [data[4 * at] ?? 0, data[4 * at + 1] ?? 0, data[4 * at + 2] ?? 0];
    return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  });
  return { values, width, height };
}

/** Rows of numbers from a corner on. */
export function crop(from: ReturnType<typeof grey>, corner: readonly [number, number], size: number): string {
  const [rows, columns] = [Math.min(size, from.height), Math.min(size, from.width)];
  const [top, left] = [Math.min(corner[0], from.height - rows), Math.min(corner[1], from.width - columns)];
  return Array.from({ length: rows }, (_, row) => {
    const begin = (top + row) * from.width + left;
    return from.values.slice(begin, begin + columns).join(",");
  }).join(";");
}

/** A picture from a file, which never leaves the page. */
export async function fromFile(file: File, grab: (from: CanvasImageSource, width: number, height: number) => Pixels): Promise<Pixels> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const picture = grab(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  bitmap.close();
  return picture;
}
