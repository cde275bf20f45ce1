// Pages about sequences: posts and likes, copies, flips, borders, sizes.

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { link, letters, state } from "../state";
import { BOUNDARIES, Choice, Conditions, Count, FlipChoice, MODES, TextField } from "../parts/Fields";
import { useOutputs } from "../parts/Computed";
import { Parts } from "../parts/Parts";
import { placed } from "../parts/Place";
import { ScenePage } from "../parts/ScenePage";
import { useScene } from "../parts/useScene";

/** Both operands. */
export function Operands(): JSX.Element {
  const [f, g] = letters.value;
  return (
    <>
      <TextField name="x" label={`${f}, the input`} hint="numbers, with commas or blanks between them" />
      <TextField name="h" label={`${g}, the kernel`} />
    </>
  );
}

export function Likes(): JSX.Element {
  return (
    <ScenePage
      fields={
        <>
          <TextField name="x" label="posts in each hour" hint="numbers, with commas or blanks between them" />
          <TextField name="h" label="likes that a post gets, hour by hour" />
        </>
      }
    />
  );
}

export function Table(): JSX.Element {
  return (
    <ScenePage
      fields={<Operands />}
      after={() => (
        <section aria-labelledby="linked">
          <h2 id="linked">The same column on the stage</h2>
          <Other page="stage" without={["table", "note", "sentence"]} />
        </section>
      )}
    />
  );
}

export function Flip(): JSX.Element {
  const off = state.value.values["flip"] === "none";
  return (
    <ScenePage
      valued={link("terms")}
      fields={
        <>
          <FlipChoice />
          <Operands />
        </>
      }
      before={() => (
        <>
          <Other page="terms" without={["table", "figure", "note"]} titled />
          {off && (
            <p class="notice" data-testid="notice">
              The flip is off: this is a correlation, and its outputs are others.
            </p>
          )}
        </>
      )}
    />
  );
}

export function Padding(): JSX.Element {
  return (
    <ScenePage
      text={link("padding", { mode: "same" })}
      valued={link("terms", { mode: "same" })}
      fields={
        <>
          <Choice name="boundary" label="boundary" words={BOUNDARIES} />
          <Operands />
        </>
      }
      after={() => <Circle />}
    />
  );
}

/** A convolution at every place, whatever else the state says. */
const PLAIN = { stride: "1", dilation: "1", flip: "g", t: "" };

/** The input as it goes round a circle of some length, which is what a transform of that length computes. */
function Circle(): JSX.Element {
  const numbers = (key: string): readonly string[] => (state.value.values[key] ?? "").split(",");
  const [samples, weights] = [numbers("x"), numbers("h")];
  const whole = samples.length + weights.length - 1;
  const [length, setLength] = useState(samples.length);
  const size = Math.min(Math.max(length, samples.length), whole);
  const padded = [...samples, ...Array.from({ length: size - samples.length }, () => "0")].join(",");
  const round = useOutputs(link("lab", { x: padded, mode: `padded:${weights.length - 1}:0`, boundary: "wrap", ...PLAIN }));
  const linear = useOutputs(link("lab", { mode: "full", boundary: "constant:0", ...PLAIN }));
  const aliased = round.map((output, t) => output !== linear[t]);
  const count = aliased.filter(Boolean).length;
  return (
    <section aria-labelledby="circle">
      <h2 id="circle">Round a circle</h2>
      <div class="field">
        <label for="length">length: {size}</label>
        <input id="length" data-testid="length" type="range" min={samples.length} max={whole} value={size} onInput={(event) => setLength(event.currentTarget.valueAsNumber)} />
      </div>
      <div class="scroll" role="region" aria-labelledby="rounds" tabIndex={0}>
        <table data-testid="circle">
          <caption id="rounds">What hangs over the end comes in at the beginning; such outputs are marked</caption>
          <thead>
            <tr>
              <th scope="row">t</th>
              {round.map((_, t) => <th key={t} scope="col" class="right">{t}</th>)}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">circular</th>
              {round.map((output, t) => <td key={t} class={`right${aliased[t] === true ? " marked" : ""}`}>{output}{aliased[t] === true ? " *" : ""}</td>)}
            </tr>
            <tr>
              <th scope="row">linear</th>
              {round.map((_, t) => <td key={t} class="right">{linear[t]}</td>)}
            </tr>
          </tbody>
        </table>
      </div>
      <p class="note" data-testid="aliasing">
        {round.length === 0 || linear.length === 0
          ? ""
          : count > 0
          ? `${count} outputs are aliased: the circle is shorter than the ${whole} outputs of the whole result.`
          : `Nothing is aliased: a circle of ${size} has room for the whole result.`}
      </p>
    </section>
  );
}

export function Sizes(): JSX.Element {
  return (
    <ScenePage
      still
      fields={
        <>
          <Choice name="mode" label="mode" words={[...MODES, ["padded:1:1", "padded by 1 and 1"], ["padded:2:2", "padded by 2 and 2"]]} />
          <Count name="stride" label="stride" most={1000} />
          <Count name="dilation" label="dilation" most={1000} />
          <Operands />
        </>
      }
    />
  );
}

export function Conventions(): JSX.Element {
  return (
    <ScenePage
      still
      fields={
        <>
          <Conditions />
          <Operands />
        </>
      }
    />
  );
}

/** The same state on another page, as a part of this one. */
export function Other({ page, without, titled = false }: { readonly page: string; readonly without: readonly string[]; readonly titled?: boolean }): JSX.Element {
  const { scene } = useScene(link(page));
  return scene === undefined ? <></> : (
    <>
      {titled && <h3 data-testid={`title-${page}`}>{scene.title}</h3>}
      <Parts scene={scene} without={without} onPlace={placed(scene, 1)} />
    </>
  );
}
