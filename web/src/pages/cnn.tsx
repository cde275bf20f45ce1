// Inside a convolutional net: a digit goes in, and every number of every layer can be looked at.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren, JSX } from "preact";
import { ask, message } from "../engine";
import { OneCell, Told } from "../parts/OneCell";
import { Choice, Count, POOLINGS } from "../parts/Fields";
import { Heat, largest, Legend } from "../parts/Heat";
import { Live } from "../parts/Live";
import { Controls, Problems } from "../parts/ScenePage";
import { moved, Sheet, SIDE, type Pixels } from "../parts/Sheet";
import { courseOf, isDone, learn, lesson, pause, trouble, type Course } from "../learning";
import { set, state, way } from "../state";
import type { Layer, Look } from "../worker/nets";

/** A number of a net: layer, map, row, column. */
export type At = readonly [number, number, number, number];

export function Cnn(): JSX.Element {
  const { values } = state.value;
  const course = courseOf("cnn");
  const ready = course !== undefined && isDone(course);
  const { pixels, draw, another } = useSheet();
  useEffect(() => {
    if (!ready) {
      void learn(["cnn"], "nothing");
    }
    return pause;
  }, [lesson.value]);
  const layers = course?.begun.layers ?? [];
  const at = placeOf(values["t"] ?? "", layers);
  const look = useAnswer(ready ? () => ask("look", lesson.value, "cnn", pixels) : undefined, [ready, lesson.value, pixels]);
  const cell = useAnswer(ready ? () => ask("cell", lesson.value, "cnn", pixels, at).then((cell) => ({ cell, at })) : undefined, [ready, lesson.value, pixels, at.join()]);
  const problems = [trouble.value, look.problem, cell.problem].filter((problem) => problem !== "");
  return (
    <>
      <Controls>
        <Choice name="digit" label="a digit that it did not learn" words={Array.from({ length: 10 }, (_, digit) => [String(digit), String(digit)] as const)} />
        <button type="button" data-testid="another" onClick={another}>Another one</button>
        <Choice name="pooling" label="maps become smaller by" words={POOLINGS} />
        <Count name="filters" label="filters (1 to 32)" most={32} />
      </Controls>
      <Problems all={problems} />
      {!ready && problems.length === 0 && <Progress course={course} />}
      <div class="pictures">
        <figure class="fixed">
          <Sheet pixels={pixels} field={cell.answer?.cell.field} onDraw={draw} />
          <figcaption>
            <span id="sheet-keys">
              Draw here. By keys: arrows move the pen, with Shift they draw, Space makes a dot, Delete wipes it.
            </span>{" "}
            The frame is what the chosen cell sees.
          </figcaption>
          <Moves pixels={pixels} draw={draw} />
        </figure>
        <Probabilities look={look.answer} />
      </div>
      {ready && look.answer !== undefined && (
        <Layers course={course} maps={look.answer.maps} at={at}>
          {cell.answer !== undefined && <Told {...cell.answer} layers={layers} />}
        </Layers>
      )}
      {ready && cell.answer !== undefined && look.answer !== undefined && <OneCell {...cell.answer} asked={at} layers={layers} onPlace={place} />}
      <p class="note">
        The net learned {Number(values["digits"]).toLocaleString("en")} digits drawn by chance, here in the page, when it was opened.{" "}
        <a href={way("train")}>See how it learns</a>, beside a fully connected net. Layers of nets correlate: their kernels are not turned
        round, which makes no difference to weights that are learned.
      </p>
    </>
  );
}

function place(at: At, settling: "settled" | "moving" = "settled"): void {
  set("t", at.join(","), settling);
}

/** The cell that a text names, within these layers; the middle of the first map where it names none. */
function placeOf(text: string, layers: readonly Layer[]): At {
  const asked = text.split(",").map(Number);
  const given = text !== "" && asked.length === 4;
  const within = (value: number | undefined, count: number): number => Math.min(count - 1, Math.max(0, Math.trunc(value ?? 0)));
  const layer = given ? within(asked[0], layers.length) : 0;
  const { channels, height, width } = layers[layer] ?? { channels: 1, height: 24, width: 24 };
  return given
    ? [layer, within(asked[1], channels), within(asked[2], height), within(asked[3], width)]
    : [0, 0, Math.floor(height / 2), Math.floor(width / 2)];
}

/** What is on the sheet: a digit of the state until something is drawn. */
function useSheet(): { readonly pixels: Pixels; readonly draw: (pixels: Pixels) => void; readonly another: () => void } {
  const { digit, seed } = state.value.values;
  const [pixels, draw] = useState(() => new Uint8Array(SIDE * SIDE));
  const [nth, setNth] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask("drawn", Number(seed), Number(digit), nth, 0, 0).then(
      (drawn) => wanted && draw(new Uint8Array(drawn)),
      (thrown: unknown) => {
        trouble.value = message(thrown);
      },
    );
    return () => {
      wanted = false;
    };
  }, [digit, seed, nth]);
  return { pixels, draw, another: () => setNth(nth + 1) };
}

interface Answer<T> {
  readonly answer: T | undefined;
  readonly problem: string;
}

/** The answer to the last question: while one is under way, others wait, and all but the last of these are forgotten. */
function useAnswer<T>(question: (() => Promise<T>) | undefined, key: readonly unknown[]): Answer<T> {
  const [told, tell] = useState<Answer<T>>({ answer: undefined, problem: "" });
  const next = useRef(question);
  const asking = useRef(false);
  useEffect(() => {
    next.current = question;
    const go = async (): Promise<void> => {
      while (next.current !== undefined) {
        const now = next.current;
        next.current = undefined;
        tell(await now().then((answer) => ({ answer, problem: "" }), (thrown: unknown) => ({ answer: undefined, problem: message(thrown) })));
      }
      asking.current = false;
    };
    if (!asking.current && question !== undefined) {
      asking.current = true;
      void go();
    }
    if (question === undefined) {
      tell({ answer: undefined, problem: "" });
    }
  }, key);
  return told;
}

function Progress({ course }: { readonly course: Course | undefined }): JSX.Element {
  const [step, all] = [course?.points.length ?? 0, course?.begun.all ?? 1];
  return (
    <p data-testid="progress">
      <label>
        The net is learning: <progress value={step} max={all} /> step {step} of {all}
      </label>
    </p>
  );
}

const MOVES = [["left", "←", [0, -1]], ["right", "→", [0, 1]], ["up", "↑", [-1, 0]], ["down", "↓", [1, 0]]] as const;

function Moves({ pixels, draw }: { readonly pixels: Pixels; readonly draw: (pixels: Pixels) => void }): JSX.Element {
  return (
    <div class="steps">
      {MOVES.map(([name, arrow, by]) => (
        <button key={name} type="button" aria-label={`move ${name}`} data-testid={`move-${name}`} onClick={() => draw(moved(pixels, by))}>{arrow}</button>
      ))}
      <button type="button" data-testid="clear" onClick={() => draw(new Uint8Array(SIDE * SIDE))}>Clear</button>
    </div>
  );
}

/** How probable the net holds each digit. */
function Probabilities({ look }: { readonly look: Look | undefined }): JSX.Element {
  const shares = Array.from(look?.probabilities ?? new Float32Array(10));
  const best = shares.indexOf(Math.max(...shares));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return (
    <div>
      <table data-testid="probabilities">
        <caption>How probable the net holds each digit</caption>
        <tbody>
          {shares.map((share, digit) => (
            <tr key={digit} class={look !== undefined && digit === best ? "marked" : undefined} data-value={share}>
              <th scope="row">{digit}</th>
              <td class="right">{look === undefined ? "" : percent(share)}</td>
              <td>
                <svg width="120" height="12" aria-hidden="true"><rect class="positive" width={120 * share} height="12" /></svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {look !== undefined && <Live text={`The net holds this for a ${best}: ${percent(shares[best] ?? 0)}.`} />}
    </div>
  );
}

/** Layers that leave numbers as they are while a net is asked. */
const SAME = ["flatten", "dropout"];

interface LayersProps {
  readonly course: Course;
  readonly maps: Float32Array;
  readonly at: At;
  /** What stands beneath them, and stays in sight. */
  readonly children: ComponentChildren;
}

/** All layers that make something of their numbers, each with its maps. */
function Layers({ course, maps, at, children }: LayersProps): JSX.Element {
  const { layers } = course.begun;
  const starts = layers.map((_, layer) => layers.slice(0, layer).reduce((sum, before) => sum + before.channels * before.height * before.width, 0));
  return (
    <section aria-labelledby="layers">
      <h2 id="layers">Layer by layer</h2>
      <p class="note">Press a cell to see what it was made of; below, it can be chosen by keys.</p>
      <h3>The first layer's kernels</h3>
      <div class="maps" data-testid="kernels">
        {Array.from({ length: layers[0]?.channels ?? 0 }, (_, map) => (
          <Heat
            key={map} values={course.filters.subarray(25 * map, 25 * (map + 1))} width={5} height={5} most={largest(course.filters)}
            label={`Weights of kernel ${map}`}
          />
        ))}
      </div>
      {layers.map((layer, number) => {
        const start = starts[number] ?? 0;
        return !SAME.includes(layer.name) && <Maps key={number} layer={layer} number={number} values={maps.subarray(start, start + layer.channels * layer.height * layer.width)} at={at} />;
      })}
      <Legend />
      {children}
    </section>
  );
}

/** What layers are called. */
const WORDS: Readonly<Record<string, string>> = { conv: "convolution", relu: "ReLU", max_pool: "max pooling", linear: "fully connected" };

export function layerName(layer: Layer | undefined, number: number): string {
  return `layer ${number}, ${WORDS[layer?.name ?? ""] ?? layer?.name ?? ""}`;
}

function Maps({ layer, number, values, at }: { readonly layer: Layer; readonly number: number; readonly values: Float32Array; readonly at: At }): JSX.Element {
  const { channels, height, width, map } = layer;
  const most = largest(values);
  const chosen = number === at[0];
  const size = width * height;
  return (
    <>
      <h3>
        {layerName(layer, number).replace("layer", "Layer")}: {map ? `${channels} maps of ${height} × ${width}` : `${channels} numbers`}
      </h3>
      <div class={size > 1 ? "maps" : "strip"} data-testid={`maps-${number}`}>
        {size > 1 ? (
          Array.from({ length: channels }, (_, channel) => (
            <Heat
              key={channel} values={values.subarray(channel * size, (channel + 1) * size)} width={width} height={height} most={most}
              label={`Map ${channel} of ${layerName(layer, number)}`}
              field={chosen && channel === at[1] ? [at[2], at[2] + 1, at[3], at[3] + 1] : undefined}
              onCell={(row, column) => place([number, channel, row, column])}
            />
          ))
        ) : (
          <Heat
            values={values} width={channels} height={1} form="strip" most={most} label={`Numbers of ${layerName(layer, number)}`}
            field={chosen ? [0, 1, at[1], at[1] + 1] : undefined} onCell={(_, channel) => place([number, channel, 0, 0])}
          />
        )}
      </div>
    </>
  );
}

