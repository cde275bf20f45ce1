// Nets that learn, in a thread of their own: the page asks, and stays usable while they do.

import start, { Lesson, drawn } from "../generated/nets/nets.js";
import file from "../generated/nets/nets_bg.wasm";

/** A layer of a net. */
export interface Layer {
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly parameters: number;
  /** Whether rows and columns lie as those of the picture do. */
  readonly map: boolean;
}

/** A net before its first step. */
export interface Begun {
  readonly layers: readonly Layer[];
  /** Steps of the whole course. */
  readonly all: number;
  readonly accuracy: number;
  readonly filters: Float32Array;
}

/** Where a net stood after a step. */
export interface Point {
  readonly step: number;
  /** The mean loss of the epoch so far. */
  readonly loss: number;
  /** The share of held-out digits told right, at some steps. */
  readonly accuracy: number | undefined;
}

/** What has been learned since the last time. */
export interface Learned {
  readonly points: readonly Point[];
  readonly filters: Float32Array;
}

/** What a net makes of a picture. */
export interface Look {
  /** Numbers of all layers, one layer after the other. */
  readonly maps: Float32Array;
  readonly probabilities: Float32Array;
}

/** One product: channel, row, column, sample, weight, product. */
export type Term = readonly [number, number, number, number, number, number];

/** What a number was made of, as `Lesson.cell` tells. */
export interface Cell {
  readonly value: number;
  readonly field: readonly [number, number, number, number];
  readonly made:
    | { readonly kind: "sum"; readonly terms: readonly Term[]; readonly channels: readonly number[]; readonly bias: number; readonly sum: number }
    | { readonly kind: "largest"; readonly from: readonly [number, number, number]; readonly of: readonly (readonly number[])[] }
    | { readonly kind: "positive"; readonly of: number }
    | { readonly kind: "same" };
}

interface Stand {
  readonly steps: number;
  readonly all: number;
  readonly loss: number;
}

/** Accuracies are told about so often in a course. */
const TESTS = 10;

/** One lesson for each kind of net: the last that was asked for. */
const lessons = new Map<string, { readonly text: string; readonly lesson: Lesson }>();

function begun(text: string, net: string): Lesson {
  lessons.get(net)?.lesson.free();
  lessons.delete(net);
  const asked = new URLSearchParams(text);
  const number = (key: string): number => Number(asked.get(key));
  const lesson = new Lesson(net, asked.get("pooling") ?? "", number("filters"), number("digits"), number("epochs"), number("seed"));
  lessons.set(net, { text, lesson });
  return lesson;
}

function lessonOf(text: string, net: string): Lesson {
  const known = lessons.get(net);
  return known?.text === text ? known.lesson : begun(text, net);
}

/** What can be asked. A text names a lesson as addresses name values: `seed=7&digits=2000`, and so on. Pictures are 28 rows of 28 bytes. */
const answers = {
  begin(text: string, net: string): Begun {
    const lesson = begun(text, net);
    const { all } = JSON.parse(lesson.stand()) as Stand;
    const layers = JSON.parse(lesson.outline()) as readonly Layer[];
    return { layers, all, accuracy: lesson.accuracy(0), filters: lesson.filters() };
  },
  /** Learns for about so many milliseconds. */
  learn(text: string, net: string, time: number): Learned {
    const lesson = lessonOf(text, net);
    const points: Point[] = [];
    const until = performance.now() + time;
    let { steps, all } = JSON.parse(lesson.stand()) as Stand;
    while (steps < all && (points.length === 0 || performance.now() < until)) {
      const stand = JSON.parse(lesson.step()) as Stand;
      steps = stand.steps;
      const tested = steps === all || steps % Math.ceil(all / TESTS) === 0;
      points.push({ step: steps, loss: stand.loss, accuracy: tested ? lesson.accuracy(0) : undefined });
    }
    return { points, filters: lesson.filters() };
  },
  accuracy(text: string, net: string, shift: number): number {
    return lessonOf(text, net).accuracy(shift);
  },
  look(text: string, net: string, pixels: Uint8Array): Look {
    const lesson = lessonOf(text, net);
    return { maps: lesson.maps(pixels), probabilities: lesson.probabilities(pixels) };
  },
  cell(text: string, net: string, pixels: Uint8Array, [layer, channel, row, column]: readonly [number, number, number, number]): Cell {
    return JSON.parse(lessonOf(text, net).cell(pixels, layer, channel, row, column)) as Cell;
  },
  drawn(seed: number, digit: number, nth: number, down: number, right: number): Uint8Array {
    return drawn(seed, digit, nth, down, right);
  },
};

export type Answers = typeof answers;

/** A question, and what becomes of it. */
export interface Question {
  readonly id: number;
  readonly what: keyof Answers;
  readonly words: readonly unknown[];
}
export type Reply = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly problem: string };

const ready = start({ module_or_path: file });

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  void reply(data).then((answer) => postMessage(answer));
});

async function reply({ id, what, words }: Question): Promise<Reply> {
  try {
    await ready;
    const answer: unknown = (answers[what] as (...words: readonly unknown[]) => unknown)(...words);
    return { id, answer };
  } catch (thrown) {
    return { id, problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
