// A drawing of the engine, put into the page as it is. Dragging along a panel moves the place; what shows a term lights it.

import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import type { Figure as Content, Panel } from "../scene";
import { state } from "../state";
import { term } from "./terms";
import type { Handlers } from "./Parts";

interface Props extends Handlers {
  readonly figure: Content;
  readonly place: number | undefined;
}

/** Takes out what tells the output: its panel, labels with its values, and the words for those who do not see it. */
function conceal(box: HTMLElement): void {
  const telling = "desc, [id$='panel-output'], [data-mark^='output'], [data-mark='sum'], [data-mark='marker']";
  box.querySelectorAll(telling).forEach((element) => element.remove());
  box.querySelector("svg")?.setAttribute("aria-label", "The input, the kernel and their products; the output is hidden.");
}

/** Panels that a reader may take hold of: all but the input, which stands still. */
function movable(panel: Panel): boolean {
  return panel.id !== "input";
}

export function Figure({ figure, place, onPlace, onCell }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current !== null) {
      box.current.innerHTML = figure.svg;
      if (box.current.closest(".predicting") !== null) {
        conceal(box.current);
      }
    }
  }, [figure.svg]);
  const start = (event: PointerEvent): void => {
    const element = box.current;
    const point = located(element, figure, event);
    const panel = figure.panels.filter(movable).find((panel) => point !== undefined && holds(panel, point.y));
    if (element === null || point === undefined || panel === undefined || onPlace === undefined || place === undefined || event.button !== 0) {
      return;
    }
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    drag(element, event, place, unit(panel) * point.scale * stride(), onPlace);
  };
  const press = (event: MouseEvent): void => {
    const point = located(box.current, figure, event);
    if (onCell === undefined || point === undefined) {
      return;
    }
    for (const panel of figure.panels) {
      const [column, row] = [along(point.x, panel.across, panel.x), along(point.y, panel.down, panel.y)];
      if (column !== undefined && row !== undefined) {
        onCell(panel.id, row, column);
      }
    }
  };
  const over = (event: Event): void => {
    const found = event.target instanceof Element ? event.target.closest("[data-term]") : null;
    term.value = found?.getAttribute("data-term") ?? undefined;
  };
  const leave = (): void => {
    term.value = undefined;
  };
  return (
    <div
      class={`figure${onPlace === undefined ? "" : " movable"}`}
      data-testid={`figure-${figure.id}`}
      ref={box}
      onPointerDown={start}
      onClick={press}
      onPointerOver={over}
      onPointerLeave={leave}
    />
  );
}

/** Where a pointer is in the drawing, and how many pixels of the window are one of the drawing. */
function located(box: HTMLElement | null, figure: Content, event: MouseEvent): { readonly x: number; readonly y: number; readonly scale: number } | undefined {
  const bounds = box?.querySelector("svg")?.getBoundingClientRect();
  if (bounds === undefined) {
    return undefined;
  }
  const scale = bounds.width / figure.width;
  return { x: (event.clientX - bounds.left) / scale, y: (event.clientY - bounds.top) / scale, scale };
}

/** Whether a height of the drawing is that of the panel, with the handle under its axis. */
function holds(panel: Panel, y: number): boolean {
  const [lower, upper] = [Math.max(...panel.down), Math.min(...panel.down)];
  return upper - 30 <= y && y <= lower + 44;
}

/** The cell of an axis at a place of the drawing, if it is one of the axis. */
function along(at: number, [begin, end]: readonly [number, number], [from, to]: readonly [number, number]): number | undefined {
  const part = (at - begin) / (end - begin);
  return part >= 0 && part <= 1 ? Math.round(from + part * (to - from)) : undefined;
}

/** Pixels of the drawing for one unit of the horizontal axis. */
function unit(panel: Panel): number {
  return (panel.across[1] - panel.across[0]) / (panel.x[1] - panel.x[0]);
}

/** Samples from one place to the next. */
function stride(): number {
  const discrete = state.value.page !== "continuous";
  return discrete ? Number(state.value.values["stride"] ?? "1") : 1;
}

/** Follows a pointer until it lets go: the place moves as far as the pointer does. */
function drag(element: HTMLElement, begun: PointerEvent, from: number, pixels: number, onPlace: NonNullable<Handlers["onPlace"]>): void {
  let reached = from;
  let moved = false;
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== begun.pointerId) {
      return;
    }
    moved = true;
    reached = from + (event.clientX - begun.clientX) / pixels;
    onPlace(reached, "moving");
  };
  const end = (event: PointerEvent): void => {
    if (event.pointerId !== begun.pointerId) {
      return;
    }
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", end);
    element.removeEventListener("pointercancel", end);
    if (moved) {
      onPlace(reached, "settled");
    }
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
