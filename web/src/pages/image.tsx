// A picture under a kernel: the whole of it, and a window with its numbers.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JSX, RefObject } from "preact";
import { engine, message } from "../engine";
import { hidden, link, set, settle, state } from "../state";
import { BOUNDARIES, Choice, Count, FlipChoice, TextField } from "../parts/Fields";
import { Parts } from "../parts/Parts";
import { Controls, Problems } from "../parts/ScenePage";
import { Live } from "../parts/Live";
import { useScene } from "../parts/useScene";
import { crop, fromFile, grey, pictureOf, type Pixels } from "./pictures";

/** Kernels by their names, with what sums are divided by. */
const KERNELS = [
  ["identity", "0,0,0;0,1,0;0,0,0", "1"],
  ["mean", "1,1,1;1,1,1;1,1,1", "9"],
  ["Gaussian", "1,2,1;2,4,2;1,2,1", "16"],
  ["sharpen", "0,-1,0;-1,5,-1;0,-1,0", "1"],
  ["Sobel across", "1,0,-1;2,0,-2;1,0,-1", "1"],
  ["Sobel down", "1,2,1;0,0,0;-1,-2,-1", "1"],
  ["Laplace", "0,1,0;1,-4,1;0,1,0", "1"],
] as const;

/** Rows and columns of the window that is shown with its numbers. */
const WINDOW = 12;

export function Image(): JSX.Element {
  const { values } = state.value;
  const [own, setOwn] = useState<Pixels | undefined>(undefined);
  const [corner, setCorner] = useState<readonly [number, number]>([86, 22]);
  const [told, setTold] = useState("");
  // One row of weights, other than that of the pages about lines, is a kernel of one row.
  const given = values["h"] ?? "";
  const rows = given.includes(";") ? given : given === "5,4,3,2,1" ? KERNELS[4][1] : `${given};`;
  const numbers = values["image"] === "numbers" ? values["x"] : undefined;
  const named = useMemo(() => pictureOf(values["image"] ?? "shapes", numbers), [values["image"], numbers]);
  const picture = own ?? named;
  const brightness = useMemo(() => grey(picture), [picture]);
  useEffect(() => setOwn(undefined), [values["image"]]);
  const source = useRef<HTMLCanvasElement>(null);
  const result = useRef<HTMLCanvasElement>(null);
  const options = link("image", { h: rows, t: "" });
  useEffect(() => {
    draw(source, picture);
    void filter(options, picture, result).then(setTold);
  }, [picture, options]);
  const shown = crop(brightness, corner, WINDOW);
  const sizes = outputs(shown, rows);
  const at = placeIn(values["t"] ?? "", sizes);
  const { scene, problem } = useScene(link("window", { x: shown, h: rows, mode: "valid", stride: "1", dilation: "1", t: at.join(",") }));
  const go = (row: number, column: number, settling: "settled" | "moving" = "settled"): void => {
    set("t", placeIn(`${row},${column}`, sizes).join(","), settling);
  };
  return (
    <>
      <Controls>
        <Choice name="image" label="picture" words={[["shapes", "shapes"], ["edge", "an edge"], ["rings", "rings"], ["numbers", "the numbers of x"]]} />
        <div class="field">
          <label for="own">own picture</label>
          <input id="own" data-testid="own" type="file" accept="image/*" onChange={(event) => void take(event.currentTarget.files?.[0], setOwn, setTold)} />
        </div>
        <Webcam take={setOwn} tell={setTold} />
        <div class="field">
          <label for="kernel">kernel</label>
          <select
            id="kernel"
            data-testid="kernel"
            value={KERNELS.find(([, weights]) => weights === rows)?.[0] ?? ""}
            onChange={(event) => {
              const found = KERNELS.find(([name]) => name === event.currentTarget.value);
              if (found !== undefined) {
                set("h", found[1], "moving");
                set("divisor", found[2]);
              }
            }}
          >
            <option value="">own weights</option>
            {KERNELS.map(([name]) => <option key={name} value={name}>{name}</option>)}
          </select>
        </div>
        {numbers !== undefined && <TextField name="x" label="numbers, rows set apart by semicolons" />}
        <TextField name="divisor" label="divided by" />
        <TextField name="offset" label="plus" />
        <FlipChoice />
        <Choice name="boundary" label="border" words={BOUNDARIES} />
        <Count name="stride" label="stride" most={64} />
        <Count name="dilation" label="dilation" most={64} />
      </Controls>
      {!hidden("controls") && <Weights rows={rows} />}
      <Problems all={problem === undefined ? [] : [problem]} />
      <div class="pictures">
        <figure>
          <canvas
            ref={source}
            data-testid="source"
            role="img"
            aria-label="The picture before"
            onClick={(event) => setCorner(cornerAt(event, picture))}
          />
          <figcaption>
            before: press where the window is to lie, or choose
            {(["row", "column"] as const).map((name, axis) => (
              <label key={name}>
                {" "}
                {name}{" "}
                <input
                  type="number"
                  min={0}
                  max={Math.max(0, (axis === 0 ? picture.height : picture.width) - WINDOW)}
                  value={corner[axis]}
                  onChange={(event) => {
                    const to = event.currentTarget.valueAsNumber || 0;
                    setCorner(axis === 0 ? [to, corner[1]] : [corner[0], to]);
                  }}
                />
              </label>
            ))}
          </figcaption>
        </figure>
        <figure>
          <canvas ref={result} data-testid="result" role="img" aria-label="The picture under the kernel" />
          <figcaption data-testid="told">{told}</figcaption>
        </figure>
      </div>
      {scene !== undefined && (
        <section aria-labelledby="window">
          <h2 id="window" data-testid="title">{scene.title}</h2>
          <div class="fields">
            {(["row", "column"] as const).map((name, axis) => (
              <div class="field" key={name}>
                <label for={`at-${name}`}>
                  {name} {at[axis]} of the output
                </label>
                <input
                  id={`at-${name}`}
                  data-testid={`at-${name}`}
                  type="range"
                  min={0}
                  max={(sizes[axis] ?? 1) - 1}
                  value={at[axis] ?? 0}
                  onInput={(event) => {
                    const to = event.currentTarget.valueAsNumber;
                    go(axis === 0 ? to : (at[0] ?? 0), axis === 1 ? to : (at[1] ?? 0), "moving");
                  }}
                  onChange={() => settle("t")}
                />
              </div>
            ))}
          </div>
          <p class="note">
            The window shows y itself, stride and dilation 1. In the picture y is divided by {values["divisor"]}, {values["offset"]} is added, and
            what is beyond 0 to 255 is cut.
          </p>
          <Parts scene={scene} onCell={(panel, row, column) => panel === "output" && go(row, column)} />
          <Live text={scene.title} />
        </section>
      )}
    </>
  );
}

/** Rows and columns of what windows that lie within numbers give. */
function outputs(numbers: string, weights: string): readonly number[] {
  const shape = (rows: string): readonly [number, number] => [rows.split(";").length, rows.split(";")[0]?.split(",").length ?? 0];
  const [have, take] = [shape(numbers), shape(weights)];
  return have.map((length, axis) => Math.max(1, length - (take[axis] ?? 1) + 1));
}

/** The place that a text names, within these sizes; their middle where it names none. */
function placeIn(text: string, sizes: readonly number[]): readonly number[] {
  const asked = text.split(",").map((part) => Number(part));
  const named = text !== "" && asked.length === sizes.length;
  return sizes.map((size, axis) => (named ? Math.min(size - 1, Math.max(0, asked[axis] ?? 0)) : Math.floor((size - 1) / 2)));
}

/** The weights, each in a field of its own. */
function Weights({ rows }: { readonly rows: string }): JSX.Element {
  const grid = rows.split(";").map((row) => row.split(","));
  const put = (row: number, column: number, weight: string): void => {
    const changed = grid.map((line, at) => (at === row ? line.map((old, k) => (k === column ? weight : old)) : line));
    set("h", changed.map((line) => line.join(",")).join(";"));
  };
  return (
    <fieldset class="weights">
      <legend>weights</legend>
      {grid.map((line, row) => (
        <div key={row}>
          {line.map((weight, column) => (
            <input
              key={column}
              type="text"
              inputMode="decimal"
              aria-label={`weight of row ${row}, column ${column}`}
              data-testid={`weight-${row}-${column}`}
              value={weight}
              onChange={(event) => put(row, column, event.currentTarget.value)}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

/** A picture from a camera, asked for by a press and let go by another. */
function Webcam({ take, tell }: { readonly take: (picture: Pixels) => void; readonly tell: (text: string) => void }): JSX.Element {
  const [stream, setStream] = useState<MediaStream | undefined>(undefined);
  const video = useRef<HTMLVideoElement>(null);
  const gone = useRef(false);
  useEffect(() => () => {
    gone.current = true;
  }, []);
  const start = async (): Promise<void> => {
    try {
      const given = await navigator.mediaDevices.getUserMedia({ video: { width: 512, height: 512 } });
      if (gone.current) {
        given.getTracks().forEach((track) => track.stop());
      } else {
        setStream(given);
      }
    } catch (thrown) {
      tell(`The camera gives no picture: ${message(thrown)}`);
    }
  };
  const stop = (): void => {
    stream?.getTracks().forEach((track) => track.stop());
    setStream(undefined);
  };
  useEffect(() => {
    if (video.current !== null) {
      video.current.srcObject = stream ?? null;
    }
    return () => stream?.getTracks().forEach((track) => track.stop());
  }, [stream]);
  const shoot = (): void => {
    const element = video.current;
    if (element !== null && element.videoWidth > 0) {
      take(grab(element, element.videoWidth, element.videoHeight));
    }
  };
  return (
    <div class="field">
      <span>camera</span>
      {stream === undefined ? (
        <button type="button" onClick={() => void start()}>Start</button>
      ) : (
        <>
          <video ref={video} autoplay muted playsInline aria-label="what the camera sees" width={160} />
          <button type="button" onClick={shoot}>Take the picture</button>
          <button type="button" onClick={stop}>Stop</button>
        </>
      )}
    </div>
  );
}

/** The pixels of something that can be drawn. */
function grab(from: CanvasImageSource, width: number, height: number): Pixels {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context?.drawImage(from, 0, 0, width, height);
  const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray(4 * width * height);
  return { data: new Uint8ClampedArray(data), width, height };
}

async function take(file: File | undefined, put: (picture: Pixels) => void, tell: (text: string) => void): Promise<void> {
  if (file === undefined) {
    return;
  }
  try {
    put(await fromFile(file, grab));
  } catch (thrown) {
    tell(`${file.name}: this is no picture that a browser reads (${message(thrown)})`);
  }
}

function draw(to: RefObject<HTMLCanvasElement>, { data, width, height }: Pixels): void {
  const canvas = to.current;
  if (canvas !== null) {
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  }
}

/** Filters a picture by the engine, and tells how long it took. */
async function filter(text: string, { data, width, height }: Pixels, to: RefObject<HTMLCanvasElement>): Promise<string> {
  try {
    const { Filter } = await engine();
    const made = new Filter(text);
    const begun = performance.now();
    const done = made.filter(new Uint8Array(data.buffer, data.byteOffset, data.length), width, height);
    const time = performance.now() - begun;
    const size = { width: done.width, height: done.height };
    draw(to, { data: new Uint8ClampedArray(done.take()), ...size });
    made.free();
    return `after: ${size.width} × ${size.height} pixels in ${time.toFixed(1)} ms`;
  } catch (thrown) {
    return message(thrown);
  }
}

function cornerAt(event: MouseEvent & { currentTarget: HTMLCanvasElement }, picture: Pixels): readonly [number, number] {
  const bounds = event.currentTarget.getBoundingClientRect();
  const place = (at: number, from: number, length: number, samples: number): number => {
    const middle = Math.floor(((at - from) / length) * samples) - WINDOW / 2;
    return Math.max(0, Math.min(samples - WINDOW, middle));
  };
  return [place(event.clientY, bounds.top, bounds.height, picture.height), place(event.clientX, bounds.left, bounds.width, picture.width)];
}
