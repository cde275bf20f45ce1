// A sheet to draw a digit on, by pointer or by keys, and a frame for what a cell of a net sees of it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { colours, mixed } from "./colours";
import { frame, type Field } from "./Heat";

/** Rows and columns. */
export const SIDE = 28;
/** Pixels of the canvas for each of the sheet. */
const CELL = 10;
/** Half the width of the pen, and over how much of a pixel its edge fades. */
const [PEN, EDGE] = [0.9, 1];

export type Pixels = Uint8Array<ArrayBuffer>;
type Point = readonly [number, number];

interface Props {
  /** Rows of ink, from 0 to 255. */
  readonly pixels: Pixels;
  readonly field: Field | undefined;
  readonly onDraw: (pixels: Pixels) => void;
}

export function Sheet({ pixels, field, onDraw }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pen, setPen] = useState<Point>([14, 14]);
  const [keys, setKeys] = useState(false);
  // What is drawn between two renderings is drawn on what was drawn before.
  const latest = useRef(pixels);
  latest.current = pixels;
  const palette = colours.value;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined) {
      return;
    }
    const [paper, ink, input, output] = [palette("paper"), palette("ink"), palette("input"), palette("output")];
    pixels.forEach((value, at) => {
      context.fillStyle = mixed(paper, ink, value / 255);
      context.fillRect((at % SIDE) * CELL, Math.floor(at / SIDE) * CELL, CELL, CELL);
    });
    if (field !== undefined) {
      frame(context, field, [CELL, CELL], mixed(output, output, 0));
    }
    if (keys) {
      frame(context, [pen[0], pen[0] + 1, pen[1], pen[1] + 1], [CELL, CELL], mixed(input, input, 0));
    }
  }, [pixels, field?.join(), palette, pen, keys]);
  const draw = (from: Point, to: Point, ink: "ink" | "blank"): void => {
    latest.current = stroked(latest.current, from, to, ink);
    onDraw(latest.current);
  };
  return (
    <canvas
      ref={canvas}
      class="sheet"
      data-testid="sheet"
      width={SIDE * CELL}
      height={SIDE * CELL}
      tabIndex={0}
      role="application"
      aria-label={`Sheet of ${SIDE} by ${SIDE} pixels, pen at row ${pen[0]}, column ${pen[1]}`}
      aria-describedby="sheet-keys"
      onFocus={(event) => setKeys(event.currentTarget.matches(":focus-visible"))}
      onBlur={() => setKeys(false)}
      onPointerDown={(event) => {
        if (event.button === 0) {
          follow(event, (from, to) => draw(from, to, "ink"));
        }
      }}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (step !== undefined) {
          const to: Point = [within(pen[0] + step[0]), within(pen[1] + step[1])];
          setPen(to);
          if (event.shiftKey) {
            draw(pen, to, "ink");
          }
        } else if (event.key === " " || event.key === "Enter") {
          draw(pen, pen, "ink");
        } else if (event.key === "Delete" || event.key === "Backspace") {
          draw(pen, pen, "blank");
        } else {
          return;
        }
        setKeys(true);
        event.preventDefault();
      }}
    />
  );
}

const STEPS: Readonly<Record<string, Point>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function within(at: number): number {
  return Math.min(SIDE - 1, Math.max(0, at));
}

/** Follows a pointer until it lets go, from point to point of the sheet. */
function follow(begun: PointerEvent & { currentTarget: HTMLCanvasElement }, draw: (from: Point, to: Point) => void): void {
  const sheet = begun.currentTarget;
  sheet.setPointerCapture(begun.pointerId);
  const point = (event: PointerEvent): Point => {
    const { left, top, width, height } = sheet.getBoundingClientRect();
    return [((event.clientY - top) / height) * SIDE - 0.5, ((event.clientX - left) / width) * SIDE - 0.5];
  };
  let last = point(begun);
  draw(last, last);
  const move = (event: PointerEvent): void => {
    if (event.pointerId === begun.pointerId) {
      const next = point(event);
      draw(last, next);
      last = next;
    }
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId === begun.pointerId) {
      sheet.removeEventListener("pointermove", move);
      sheet.removeEventListener("pointerup", end);
      sheet.removeEventListener("pointercancel", end);
    }
  };
  sheet.addEventListener("pointermove", move);
  sheet.addEventListener("pointerup", end);
  sheet.addEventListener("pointercancel", end);
}

/** The sheet after a stroke from one point to another, of ink or of none. */
function stroked(pixels: Pixels, from: Point, to: Point, ink: "ink" | "blank"): Pixels {
  return pixels.map((before, at) => {
    const far = distance([Math.floor(at / SIDE), at % SIDE], from, to);
    const covered = Math.min(1, Math.max(0, (PEN + EDGE - far) / EDGE));
    return ink === "ink" ? Math.max(before, Math.round(255 * covered)) : Math.min(before, Math.round(255 * (1 - covered)));
  });
}

/** How far a point is from a line between two others. */
function distance(point: Point, from: Point, to: Point): number {
  const [along, across] = [to[0] - from[0], to[1] - from[1]];
  const length = along * along + across * across;
  const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((point[0] - from[0]) * along + (point[1] - from[1]) * across) / length));
  return Math.hypot(point[0] - from[0] - part * along, point[1] - from[1] - part * across);
}

/** The sheet moved by a pixel; what comes in at an edge repeats it. */
export function moved(pixels: Pixels, [down, right]: Point): Pixels {
  return pixels.map((_, at) => pixels[within(Math.floor(at / SIDE) - down) * SIDE + within((at % SIDE) - right)] ?? 0);
}
