// Pages about the stage: step by step, by its formula, with both roles, and everything free.

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { letters, link, set, state } from "../state";
import { Conditions, Count, TextField } from "../parts/Fields";
import { Parts } from "../parts/Parts";
import { placed } from "../parts/Place";
import { ScenePage } from "../parts/ScenePage";
import { useScene } from "../parts/useScene";
import { Computed } from "../parts/Computed";
import { Hear } from "../parts/Hear";
import { Operands } from "./sequences";

/** The three steps, and the panels that each is about. */
const STEPS = [
  ["flip", "Turn the kernel round, about its own beginning."],
  ["shift", "Shift it until its beginning stands at t."],
  ["multiply and sum", "Multiply what stands above one another, and add up."],
] as const;

/** Lets the kernel turn from where it stood to where it stands, where motion is welcome: labels stay upright. */
function turn(): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    return;
  }
  for (const mark of document.querySelectorAll<SVGGElement>("[id^='stage-kernel-']")) {
    const before = document.getElementById(mark.id.replace("kernel", "unturned"));
    const [from, to] = [before, mark].map((of) => (of instanceof SVGGElement ? of.getBBox() : undefined));
    if (from !== undefined && to !== undefined) {
      const apart = from.x + from.width / 2 - to.x - to.width / 2;
      mark.animate([{ transform: `translateX(${apart}px)` }, { transform: "none" }], { duration: 400, easing: "ease-in-out" });
    }
  }
}

export function Slide(): JSX.Element {
  const [step, setStep] = useState(2);
  return (
    <ScenePage
      predictable
      fields={
        <>
          <Conditions mode="length" boundary="edges" />
          <Operands />
        </>
      }
      before={() => (
        <div class="steps" role="group" aria-label="steps">
          {STEPS.map(([name], number) => (
            <button
              key={name}
              type="button"
              aria-pressed={step === number}
              onClick={() => {
                setStep(number);
                if (number === 0) {
                  turn();
                }
              }}
            >
              {number + 1} {name}
            </button>
          ))}
          <p>{STEPS[step]?.[1]}</p>
        </div>
      )}
      after={(scene) => (
        <>
          <Computed at={scene.at[0]} />
          <Hear />
        </>
      )}
    />
  );
}

export function Stage(): JSX.Element {
  return <ScenePage predictable fields={<Operands />} after={(scene) => <Computed at={scene.at[0]} />} />;
}

/** The whole result, for which the roles do not matter. */
const WHOLE = { mode: "full", boundary: "constant:0", stride: "1", dilation: "1" };

/** Both roles side by side. */
export function Swap(): JSX.Element {
  const [f, g] = letters.value;
  const other = useScene(link("stage", { ...WHOLE, flip: "f" })).scene;
  return (
    <ScenePage
      text={link("swap", { ...WHOLE, flip: "g" })}
      fields={<Operands />}
      without={["table", "note"]}
      after={() =>
        other !== undefined && (
          <section aria-labelledby="roles">
            <h2 id="roles" data-testid="title-other">
              {other.title}
            </h2>
            <Parts scene={other} without={["table", "note"]} onPlace={placed(other, 1)} />
            <p class="note">
              Whether {f} or {g} is turned round does not matter: the lists of outputs are the same.
            </p>
          </section>
        )
      }
    />
  );
}

export function Lab(): JSX.Element {
  return (
    <ScenePage
      predictable
      fields={
        <>
          <Conditions />
          <Count name="stride" label="stride" most={1000} />
          <Count name="dilation" label="dilation" most={1000} />
          <Operands />
        </>
      }
      after={(scene) => <Computed at={scene.at[0]} />}
    />
  );
}

/** Functions of time. */
export function Continuous(): JSX.Element {
  const f = state.value.values["f"] ?? "";
  return (
    <ScenePage
      predictable
      step={0.1}
      fields={
        <>
          {f.startsWith("bursts:") && <Width f={f} />}
          <TextField name="f" label="f(t), the input" hint="a formula in t, such as rect(t), or bursts:width=1/2,areas=3x0x5" />
          <TextField name="g" label="g(t), the impulse response" hint="a formula in t, such as exp(-t)*step(t)" />
        </>
      }
    />
  );
}

/** The width of bursts, down to impulses. */
function Width({ f }: { readonly f: string }): JSX.Element {
  const written = /width=([^,]*)/.exec(f)?.[1] ?? "1";
  const [over, under] = written.split("/").map(Number);
  const width = (over ?? 1) / (under ?? 1);
  const put = (value: string, settling: "settled" | "moving"): void => {
    set("f", f.replace(/width=[^,]*/, `width=${value}`), settling);
  };
  return (
    <div class="field">
      <label for="width">width of bursts: {width === 0 ? "0, impulses" : width}</label>
      <input id="width" data-testid="width" type="range" min={0} max={1} step={0.05} value={width} onInput={(event) => put(event.currentTarget.value, "moving")} onChange={(event) => put(event.currentTarget.value, "settled")} />
    </div>
  );
}
