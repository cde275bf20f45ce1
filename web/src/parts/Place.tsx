// Which place is looked at: a slider with buttons beside it, and Play.

import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Scene } from "../scene";
import { set, settle } from "../state";
import { predicting } from "./Predict";

/** Milliseconds from one place to the next while it plays, at the speed that films have. */
const PAUSE = 800;
const SPEEDS = [0.5, 1, 2, 4] as const;

interface Props {
  readonly scene: Scene;
  /** Whether a reader may predict what the place is worth. */
  readonly predictable: boolean;
  /** What the place is worth. */
  readonly value: string;
  /** From one place to the next. */
  readonly step: number;
}

/** Goes to a place within reach, on a step. */
export function placed(scene: Scene, step: number): (t: number, settling: "settled" | "moving") => void {
  return (t, settling) => {
    const [first, last] = ends(scene, step);
    const within = Math.min(Math.max(t, first), last);
    const rounded = Math.round(within / step) * step;
    const text = String(Number(rounded.toFixed(decimals(step))));
    set("t", text, settling);
  };
}

/** The first and the last step of a reach: it is rounded outwards. */
function ends(scene: Scene, step: number): readonly [number, number] {
  const digits = decimals(step);
  return [Number((Math.floor(scene.reach[0] / step) * step).toFixed(digits)), Number((Math.ceil(scene.reach[1] / step) * step).toFixed(digits))];
}

/** Digits behind the point that a step has. */
function decimals(step: number): number {
  return step >= 1 ? 0 : Math.ceil(-Math.log10(step));
}

export function Place({ scene, value, predictable, step }: Props): JSX.Element {
  const [first, last] = ends(scene, step);
  const at = scene.at[0] ?? first;
  const go = placed(scene, step);
  const hidden = predictable && predicting.value;
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    if (!playing) {
      return undefined;
    }
    if (at >= last) {
      setPlaying(false);
      settle("t");
      return undefined;
    }
    const timer = setTimeout(() => go(at + step, "moving"), PAUSE / speed);
    return () => clearTimeout(timer);
  }, [playing, at, speed]);
  const play = (): void => {
    if (playing) {
      settle("t");
    } else if (at >= last) {
      go(first, "moving");
    }
    setPlaying(!playing);
  };
  return (
    <div class="place" role="group" aria-label="place">
      <button type="button" aria-label="one step back" disabled={at <= first} onClick={() => go(at - step, "settled")}>
        −
      </button>
      <input
        type="range"
        data-testid="t"
        aria-label="t"
        min={first}
        max={last}
        step={step}
        value={at}
        aria-valuenow={at}
        aria-valuetext={hidden ? scene.place : `${scene.place}: ${value}`}
        onInput={(event) => go(Number(event.currentTarget.value), "moving")}
        onChange={(event) => go(Number(event.currentTarget.value), "settled")}
        onKeyDown={(event) => {
          if (event.shiftKey && step < 1 && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
            event.preventDefault();
            placed(scene, step / 10)(at + (event.key === "ArrowRight" ? step : -step) / 10, "settled");
          }
        }}
      />
      <button type="button" aria-label="one step on" disabled={at >= last} onClick={() => go(at + step, "settled")}>
        +
      </button>
      <button type="button" aria-pressed={playing} onClick={play}>
        {playing ? "Pause" : "Play"}
      </button>
      <select aria-label="speed" value={String(speed)} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
        {SPEEDS.map((times) => (
          <option key={times} value={times}>
            {times} ×
          </option>
        ))}
      </select>
      {predictable && (
        <button
          type="button"
          data-testid="predict"
          aria-pressed={predicting.value}
          onClick={() => {
            predicting.value = !predicting.value;
          }}
        >
          Predict
        </button>
      )}
      <span class="readout" data-testid="readout">
        {scene.place}: <strong data-testid="value">{hidden ? "?" : value}</strong>
      </span>
    </div>
  );
}
