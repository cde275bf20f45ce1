// Numbers in rows and columns as colours: from the paper's for 0 to one for the largest above it and another below it, which has a
// hole where there is room for one, so that colour is not all that tells them apart.

import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { colours, mixed } from "./colours";

/** Pixels along the longer side, as far as cells allow; along a strip, and across it. */
const SIDE = 168;
const STRIP = [760, 30] as const;
/** Cells of so many pixels have room for a hole. */
const ROOM = 6;

/** Some rows and columns: the first row, the row after the last, likewise the columns. */
export type Field = readonly [number, number, number, number];

interface Props {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** The size of a number that has the full colour. */
  readonly most: number;
  readonly label: string;
  /** Whether it is a strip of one row, as wide as the page. */
  readonly form?: "square" | "strip";
  /** What numbers above zero are painted in. */
  readonly tone?: "positive" | "ink";
  readonly name?: string;
  /** What is framed. */
  readonly field?: Field | undefined;
  readonly onCell?: (row: number, column: number) => void;
}

export function Heat({ values, width, height, most, label, form = "square", tone = "positive", name, field, onCell }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = colours.value;
  const square = Math.max(1, Math.round(SIDE / Math.max(width, height)));
  const [across, down] = form === "strip" ? [Math.max(1, Math.floor(STRIP[0] / width)), STRIP[1]] : [square, square];
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined) {
      return;
    }
    const [paper, positive, negative] = [palette("paper"), palette(tone), palette("negative")];
    for (let at = 0; at < width * height; at += 1) {
      const [value, x, y] = [values[at] ?? 0, (at % width) * across, Math.floor(at / width) * down];
      const part = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
      context.fillStyle = mixed(paper, value < 0 ? negative : positive, part);
      context.fillRect(x, y, across, down);
      if (value < 0 && part > 0.1 && across >= ROOM) {
        const hole = Math.max(2, Math.round(Math.min(across, down) / 4));
        context.fillStyle = mixed(paper, paper, 0);
        context.fillRect(x + (across - hole) / 2, y + (down - hole) / 2, hole, hole);
      }
    }
    if (field !== undefined) {
      frame(context, field, [across, down], mixed(palette("ink"), palette("ink"), 0));
    }
  }, [values, width, height, most, palette, form, tone, field?.join()]);
  return (
    <canvas
      ref={canvas}
      class={onCell === undefined ? "heat" : "heat pressed"}
      width={width * across}
      height={height * down}
      role="img"
      aria-label={label}
      data-testid={name}
      onClick={(event) => {
        const { left, top, width: wide, height: high } = event.currentTarget.getBoundingClientRect();
        const at = (place: number, from: number, length: number, cells: number): number =>
          Math.min(cells - 1, Math.max(0, Math.floor(((place - from) / length) * cells)));
        onCell?.(at(event.clientY, top, high, height), at(event.clientX, left, wide, width));
      }}
    />
  );
}

/** A frame around some cells. */
export function frame(context: CanvasRenderingContext2D, [top, bottom, left, right]: Field, [across, down]: readonly [number, number], colour: string): void {
  const line = Math.max(2, Math.min(across, down) / 4);
  context.lineWidth = line;
  context.strokeStyle = colour;
  context.strokeRect(left * across + line / 2, top * down + line / 2, (right - left) * across - line, (bottom - top) * down - line);
}

/** The largest of numbers, whatever their signs. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < values.length; at += 1) {
    most = Math.max(most, Math.abs(values[at] ?? 0));
  }
  return most;
}

/** What the colours mean. */
export function Legend(): JSX.Element {
  return (
    <p class="note legend">
      <svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" class="positive" /></svg> largest above zero,{" "}
      <svg width="14" height="14" aria-hidden="true"><rect width="14" height="14" class="negative" /><rect x="5" y="5" width="4" height="4" class="paper" /></svg>{" "}
      farthest below zero, paper is zero
    </p>
  );
}
