// Courses: nets as far as they have learned. They stay while a reader goes from page to page.

import { computed, signal } from "@preact/signals";
import { ask, message } from "./engine";
import { state } from "./state";
import type { Begun, Point } from "./worker/nets";

export type NetName = "cnn" | "ffnn";

/** What nets are called for the reader. */
export const NAMES: Readonly<Record<NetName, string>> = { cnn: "convolutional", ffnn: "fully connected" };

/** Shifts that accuracies are told for. */
export const SHIFTS = 8;

/** One net's course. */
export interface Course {
  /** What it learns, and how. */
  readonly text: string;
  readonly begun: Begun;
  readonly points: readonly Point[];
  readonly filters: Float32Array;
  /** The accuracy for shifts of 0 pixels on, as far as they are known. */
  readonly shifted: readonly number[];
}

export const courses = signal<Readonly<Partial<Record<NetName, Course>>>>({});

/** Whether nets are learning or being tested. */
export const busy = signal(false);

/** Why nets do not learn. */
export const trouble = signal("");

/** What of the state says how nets learn. */
const MATTERS = ["digits", "epochs", "seed", "pooling", "filters"] as const;

/** The lesson of the state, as a text that is another one for another lesson. */
export const lesson = computed(() => MATTERS.map((key) => `${key}=${state.value.values[key]}`).join("&"));

/** Milliseconds that a net learns until the page hears of it. */
const SLICE = 60;

/** Whoever began last may go on. */
let turn = 0;

function change(net: NetName, text: string, to: (course: Course) => Partial<Course>): void {
  const course = courses.value[net];
  if (course?.text === text) {
    courses.value = { ...courses.value, [net]: { ...course, ...to(course) } };
  }
}

async function begin(net: NetName, text: string): Promise<void> {
  const begun = await ask("begin", text, net);
  courses.value = { ...courses.value, [net]: { text, begun, points: [], filters: begun.filters, shifted: [] } };
}

/** A net's course in the lesson of the state. */
export function courseOf(net: NetName): Course | undefined {
  const course = courses.value[net];
  return course?.text === lesson.value ? course : undefined;
}

export function isDone({ points, begun }: Course): boolean {
  return points.length >= begun.all;
}

/** Lets some nets learn the lesson to its end, turn by turn, and tests them with shifted digits if that is wanted. */
export async function learn(nets: readonly NetName[], after: "tests" | "nothing"): Promise<void> {
  const text = lesson.value;
  const mine = (turn += 1);
  const goesOn = (): boolean => turn === mine;
  busy.value = true;
  trouble.value = "";
  try {
    for (const net of nets.filter((net) => courses.value[net]?.text !== text)) {
      await begin(net, text);
    }
    while (goesOn() && (await each(nets, text, goesOn, slice))) {
      // Each goes on by a slice.
    }
    while (after === "tests" && goesOn() && (await each(nets, text, goesOn, test))) {
      // Each is tested with one more shift.
    }
  } catch (thrown) {
    trouble.value = message(thrown);
  }
  if (goesOn()) {
    busy.value = false;
  }
}

type Work = (net: NetName, course: Course) => Promise<boolean>;

/** Has the work done for each net. Returns whether any of it had something to do. */
async function each(nets: readonly NetName[], text: string, goesOn: () => boolean, work: Work): Promise<boolean> {
  let worked = false;
  for (const net of nets) {
    const course = courses.value[net];
    if (goesOn() && course?.text === text) {
      worked = (await work(net, course)) || worked;
    }
  }
  return worked;
}

async function slice(net: NetName, course: Course): Promise<boolean> {
  if (isDone(course)) {
    return false;
  }
  const { points, filters } = await ask("learn", course.text, net, SLICE);
  change(net, course.text, (now) => ({ points: [...now.points, ...points], filters }));
  return true;
}

async function test(net: NetName, course: Course): Promise<boolean> {
  const shift = course.shifted.length;
  if (shift > SHIFTS) {
    return false;
  }
  const accuracy = await ask("accuracy", course.text, net, shift);
  change(net, course.text, ({ shifted }) => (shifted.length === shift ? { shifted: [...shifted, accuracy] } : {}));
  return true;
}

/** Lets nets rest. What is under way is still taken in. */
export function pause(): void {
  turn += 1;
  busy.value = false;
}

/** Begins the lesson anew. */
export async function reset(nets: readonly NetName[]): Promise<void> {
  pause();
  trouble.value = "";
  try {
    for (const net of nets) {
      await begin(net, lesson.value);
    }
  } catch (thrown) {
    trouble.value = message(thrown);
  }
}
