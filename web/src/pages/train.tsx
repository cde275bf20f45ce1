// Two kinds of nets learn digits that are drawn here, and are then shown digits that have moved.

import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { ask } from "../engine";
import { Chart, type Line } from "../parts/Chart";
import { Choice, Count, POOLINGS } from "../parts/Fields";
import { Heat, largest, Legend } from "../parts/Heat";
import { Live } from "../parts/Live";
import { Controls, Problems } from "../parts/ScenePage";
import { busy, courseOf, isDone, learn, lesson, NAMES, pause, reset, SHIFTS, trouble, type Course, type NetName } from "../learning";
import { set, settle, state, way } from "../state";

type Courses = readonly (readonly [NetName, Course | undefined])[];

export function Train(): JSX.Element {
  const { values } = state.value;
  const nets: readonly NetName[] = values["net"] === "cnn" ? ["cnn"] : values["net"] === "ffnn" ? ["ffnn"] : ["cnn", "ffnn"];
  const courses: Courses = nets.map((net) => [net, courseOf(net)]);
  const done = courses.every(([, course]) => course !== undefined && isDone(course));
  const tested = courses.every(([, course]) => course !== undefined && course.shifted.length > SHIFTS);
  const begun = courses.some(([, course]) => course !== undefined && course.points.length > 0);
  // Another lesson, or another page: what is under way ends.
  useEffect(() => pause, [lesson.value, values["net"]]);
  return (
    <>
      <p>
        A convolutional net and a fully connected one with no fewer parameters learn the same digits, which lie in the middle of their
        pictures. Then they are shown others, also moved ones.
      </p>
      <Controls>
        <Choice name="net" label="nets" words={[["both", "both"], ["cnn", "convolutional"], ["ffnn", "fully connected"]]} />
        <Count name="digits" label="digits to learn" most={20_000} />
        <Count name="epochs" label="times seen" most={100} />
        <Count name="filters" label="filters (1 to 32)" most={32} />
        <Choice name="pooling" label="maps become smaller by" words={POOLINGS} />
        <Count name="seed" label="seed" most={1_000_000} />
      </Controls>
      <Problems all={trouble.value === "" ? [] : [trouble.value]} />
      <div class="fields">
        {busy.value ? (
          <button type="button" data-testid="pause" onClick={pause}>Pause</button>
        ) : (
          <button type="button" data-testid="start" disabled={tested} onClick={() => void learn(nets, "tests")}>
            {tested ? "Done" : begun ? "Go on" : "Start"}
          </button>
        )}
        <button type="button" data-testid="reset" disabled={!begun && !busy.value} onClick={() => void reset(nets)}>Reset</button>
      </div>
      <Stands courses={courses} />
      <Curves courses={courses} />
      <Shifts courses={courses} ready={done} />
      <Filters courses={courses} />
      <p class="note" data-testid="equivariance">
        A convolution is equivariant to shifts: when the digit moves, its maps move with it, and nothing more changes, but at the edges. That
        alone does not make a net invariant, blind to where things are. Pooling adds some of that, strides and borders take some of it
        away, and the last layers are connected with every place of the maps. So the convolutional net loses accuracy too, only later.
      </p>
    </>
  );
}

/** How far the nets are, in words and figures. */
function Stands({ courses }: { readonly courses: Courses }): JSX.Element {
  const told = courses.map(([net, course]) => `The ${NAMES[net]} net ${course === undefined ? "has not begun" : stand(course)}.`).join(" ");
  return (
    <>
      <div class="scroll" role="region" aria-labelledby="stands" tabIndex={0}>
        <table>
          <caption id="stands">How far they are</caption>
          <thead>
            <tr>
              <th scope="col">net</th>
              <th scope="col" class="right">parameters</th>
              <th scope="col" class="right">step</th>
              <th scope="col" class="right">loss</th>
              <th scope="col" class="right">held-out digits told right</th>
            </tr>
          </thead>
          <tbody>
            {courses.map(([net, course]) => (
              <tr key={net}>
                <th scope="row">{NAMES[net]}</th>
                <td class="right">{course === undefined ? "" : parameters(course).toLocaleString("en")}</td>
                <td class="right" data-testid={`step-${net}`}>
                  {course === undefined ? "" : `${course.points.length} of ${course.begun.all}`}
                </td>
                <td class="right">{course?.points.at(-1)?.loss.toFixed(3) ?? ""}</td>
                <td class="right" data-testid={`accuracy-${net}`}>{course === undefined ? "" : percent(accuracy(course))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Live text={courses.every(([, course]) => course === undefined || course.points.length === 0 || isDone(course)) ? told : ""} />
    </>
  );
}

function stand(course: Course): string {
  return `is at step ${course.points.length} of ${course.begun.all} and tells ${percent(accuracy(course))} of held-out digits right`;
}

function parameters({ begun }: Course): number {
  return begun.layers.reduce((sum, layer) => sum + layer.parameters, 0);
}

/** The last accuracy that is known. */
function accuracy({ points, begun }: Course): number {
  return points.findLast((point) => point.accuracy !== undefined)?.accuracy ?? begun.accuracy;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function line(net: NetName, points: readonly (readonly [number, number])[]): Line {
  return { name: NAMES[net], kind: net, points };
}

/** So many steps of a course are drawn at most. */
const DRAWN = 300;

/** Loss and accuracy, step by step. */
function Curves({ courses }: { readonly courses: Courses }): JSX.Element {
  const known = courses.flatMap(([net, course]) => (course === undefined ? [] : [[net, course] as const]));
  const all = Math.max(1, ...known.map(([, { begun }]) => begun.all));
  // Of a long course not every step is drawn: a page that draws for long does not hear its reader.
  const every = Math.ceil(all / DRAWN);
  const drawn = known.map(([net, { points }]) => [net, points.filter(({ step }) => step % every === 0)] as const);
  const losses = drawn.map(([net, points]) => line(net, points.map(({ step, loss }) => [step, loss])));
  const told = known.map(([net, course]) => line(net, tests(course)));
  const most = Math.max(0.5, Math.ceil(2 * Math.max(0, ...losses.flatMap(({ points }) => points.map(([, loss]) => loss)))) / 2);
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Learning</h2>
      <Chart
        name="losses"
        label={`The loss over ${all} steps. ${losses.map(({ name, points }) => `${name}: ${ends(points, (loss) => loss.toFixed(3))}`).join("; ")}`}
        lines={losses} across="step" upwards="mean loss of the epoch so far" reach={[all, most]} ticks={steps(most, 0.5)} told={(value) => value.toFixed(2)}
      />
      <Chart
        name="accuracies"
        label={`Held-out digits told right over ${all} steps. ${told.map(({ name, points }) => `${name}: ${ends(points, percent)}`).join("; ")}`}
        lines={told} across="step" upwards="held-out digits told right" reach={[all, 1]} ticks={steps(1, 0.25)} told={(value) => `${Math.round(100 * value)} %`} dots
      />
    </section>
  );
}

/** From 0 on to the end. */
function steps(end: number, each: number): readonly number[] {
  return Array.from({ length: Math.round(end / each) + 1 }, (_, step) => step * each);
}

function tests({ points, begun }: Course): readonly (readonly [number, number])[] {
  const later = points.flatMap(({ step, accuracy }) => (accuracy === undefined ? [] : [[step, accuracy] as const]));
  return [[0, begun.accuracy], ...later];
}

function ends(points: readonly (readonly [number, number])[], told: (value: number) => string): string {
  const [first, last] = [points[0], points.at(-1)];
  return first === undefined || last === undefined ? "nothing yet" : `from ${told(first[1])} to ${told(last[1])}`;
}

/** What becomes of the accuracy when digits move. */
function Shifts({ courses, ready }: { readonly courses: Courses; readonly ready: boolean }): JSX.Element {
  const shift = Number(state.value.values["shift"]);
  const at = courses.map(([net, course]) => [net, course?.shifted[shift]] as const);
  const [first, second] = [at[0]?.[1], at[1]?.[1]];
  const lead = first !== undefined && second !== undefined ? 100 * (first - second) : undefined;
  const lines = courses.map(([net, course]) => line(net, (course?.shifted ?? []).map((share, pixels) => [pixels, share])));
  return (
    <section aria-labelledby="moved">
      <h2 id="moved">Digits that have moved</h2>
      <div class="fields">
        <div class="field">
          <label for="by">shifted by {shift} pixels</label>
          <input
            id="by" data-testid="shift" type="range" min={0} max={SHIFTS} step={1} value={shift}
            onInput={(event) => set("shift", event.currentTarget.value, "moving")}
            onChange={() => settle("shift")}
          />
        </div>
        <Moved shift={shift} />
      </div>
      <p class="sentence" data-testid="shifted">
        {at.every(([, share]) => share === undefined)
          ? ready ? "They are being tested." : "When they have learned, they are tested with held-out digits shifted up, down, left and right."
          : `Shifted by ${shift} pixels: ${at.map(([net, share]) => `the ${NAMES[net]} net tells ${share === undefined ? "…" : percent(share)} right`).join(", ")}.`}
        {lead !== undefined && <> The convolutional net leads by <strong data-testid="lead" data-value={lead}>{lead.toFixed(1)}</strong> points.</>}
      </p>
      <Chart
        name="shifts"
        label={`Digits told right, by shifts of 0 to ${SHIFTS} pixels. ${lines.map(({ name, points }) => `${name}: ${points.map(([, share]) => percent(share)).join(", ") || "not tested yet"}`).join("; ")}`}
        lines={lines} across="pixels" upwards="shifted digits told right" reach={[SHIFTS, 1]} ticks={steps(1, 0.25)} told={(value) => `${Math.round(100 * value)} %`} dots at={shift}
      />
    </section>
  );
}

/** A digit as it looks when it has moved to the right. */
function Moved({ shift }: { readonly shift: number }): JSX.Element {
  const [pixels, setPixels] = useState<Uint8Array | undefined>(undefined);
  const { seed, digit } = state.value.values;
  useEffect(() => {
    let wanted = true;
    ask("drawn", Number(seed), Number(digit), 0, 0, shift).then(
      (drawn) => wanted && setPixels(drawn),
      () => wanted && setPixels(undefined),
    );
    return () => {
      wanted = false;
    };
  }, [seed, digit, shift]);
  return pixels === undefined ? <></> : <Heat values={pixels} width={28} height={28} most={255} tone="ink" label={`The digit ${digit}, moved by ${shift} pixels to the right`} />;
}

/** What the first layer has learned: small kernels, or a whole picture of weights for each unit. */
function Filters({ courses }: { readonly courses: Courses }): JSX.Element {
  return (
    <section aria-labelledby="filters">
      <h2 id="filters">What the first layer weighs</h2>
      {courses.map(([net, course]) => course !== undefined && <Kernels key={net} net={net} course={course} />)}
      <Legend />
      <p>
        <a href={way("cnn")}>Look inside the convolutional net</a>
      </p>
    </section>
  );
}

/** Weights of so many units are shown. */
const UNITS = 8;

function Kernels({ net, course: { filters } }: { readonly net: NetName; readonly course: Course }): JSX.Element {
  const side = net === "cnn" ? 5 : 28;
  const count = filters.length / (side * side);
  const shown = net === "cnn" ? count : Math.min(UNITS, count);
  const most = largest(filters);
  return (
    <div>
      <h3>
        {net === "cnn" ? `${count} filters of 5 × 5, slid over the picture` : `${shown} of ${count} units, each with a weight for every pixel`}
      </h3>
      <div class="maps" data-testid={`filters-${net}`}>
        {Array.from({ length: shown }, (_, at) => (
          <Heat
            key={at} values={filters.subarray(at * side * side, (at + 1) * side * side)} width={side} height={side} most={most}
            label={net === "cnn" ? `Weights of filter ${at}` : `Weights of unit ${at}`}
          />
        ))}
      </div>
    </div>
  );
}
