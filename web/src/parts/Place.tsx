// Which place is looked at: a slider with buttons beside it, and Play.

import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import type { Scene } from "../scene";
import { set, settle } from "../state";

/** Milliseconds from one place to the next while it plays. */
const PAUSE = 800;

interface Props {
  readonly scene: Scene;
  /** What the place is worth. */
  readonly value: string;
  /** From one place to the next. */
  readonly step: number;
}

/** Goes to a place within reach, on a step. */
export function placed(scene: Scene, step: number): (t: number, settling: "settled" | "moving") => void {
  return (t, settling) => {
    const [first, last] = scene.reach;
    const within = Math.min(Math.max(t, first), last);
    const rounded = Math.round(within / step) * step;
    const text = String(Number(rounded.toFixed(decimals(step))));
    set("t", text, settling);
    if (settling === "settled") {
      settle("t");
    }
  };
}

/** Digits behind the point that a step has. */
function decimals(step: number): number {
  return step >= 1 ? 0 : Math.ceil(-Math.log10(step));
}

export function Place({ scene, value, step }: Props): JSX.Element {
  const [first, last] = scene.reach;
  const at = scene.at[0] ?? first;
  const go = placed(scene, step);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) {
      return undefined;
    }
    if (at >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => go(at + step, "settled"), PAUSE);
    return () => clearTimeout(timer);
  }, [playing, at]);
  const play = (): void => {
    if (!playing && at >= last) {
      go(first, "settled");
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
        aria-valuetext={`${scene.place}: ${value}`}
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
      <output class="readout" data-testid="readout">
        {scene.place}: <strong data-testid="value">{value}</strong>
      </output>
    </div>
  );
}
