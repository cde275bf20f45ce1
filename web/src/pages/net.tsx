// Why not a fully connected net: how many numbers it has to learn, and what becomes of a picture that moves.

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { state, way } from "../state";
import { Count } from "../parts/Fields";
import { Controls } from "../parts/ScenePage";

const KERNEL = 3;

export function Net(): JSX.Element {
  const number = (key: string): number => Number(state.value.values[key]);
  const [side, units, filters] = [number("side"), number("units"), number("filters")];
  const inputs = side * side;
  const rows = [
    ["fully connected", `${told(inputs)} inputs × ${told(units)} units + ${told(units)} offsets`, inputs * units + units, "dense"],
    [
      "convolutional",
      `${told(filters)} filters × (${KERNEL} × ${KERNEL} weights + 1 offset)`,
      filters * (KERNEL * KERNEL + 1),
      "convolutional",
    ],
  ] as const;
  return (
    <>
      <Controls>
        <Count name="side" label="pixels along a side" most={4096} />
        <Count name="units" label="units" most={100_000} />
        <Count name="filters" label="filters of 3 × 3" most={1000} />
      </Controls>
      <p class="sentence">
        A picture of {told(side)} × {told(side)} pixels is <strong data-testid="inputs">{told(inputs)}</strong> inputs, one after the other.
      </p>
      <div class="scroll" role="region" aria-labelledby="counts" tabIndex={0}>
        <table>
          <caption id="counts">Numbers that one layer has to learn</caption>
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col">counted as</th>
              <th scope="col" class="right">parameters</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([layer, how, count, id]) => (
              <tr key={id}>
                <th scope="row">{layer}</th>
                <td>{how}</td>
                <td class="right" data-testid={`parameters-${id}`}>
                  {told(count)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        The filters have as many parameters whatever the size of the picture: each is slid over all of it. That is why a picture that
        moves gives features that move with it (convolution is equivariant to shifts), which alone does not make a net blind to where
        things are: pooling adds some of that, borders and strides take some of it away.
      </p>
      <Shift />
    </>
  );
}

function told(count: number): string {
  return count.toLocaleString("en");
}

const SIDE = 28;

/** A seven, drawn in strokes. */
function seven(shift: number): boolean[] {
  return Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [row, column] = [Math.floor(at / SIDE), (at % SIDE) - shift];
    const bar = row >= 6 && row < 9 && column >= 8 && column < 20;
    const middle = 18 - (row - 8) * 0.55;
    const stroke = row >= 8 && row < 23 && column >= middle - 1.5 && column < middle + 1.5;
    return bar || stroke;
  });
}

/** How much of what a fully connected net sees changes when a picture moves a little. */
function Shift(): JSX.Element {
  const [shift, setShift] = useState(0);
  const [still, moved] = [seven(0), seven(shift)];
  const ink = still.filter(Boolean).length;
  const kept = still.filter((on, at) => on && moved[at] === true).length;
  return (
    <section aria-labelledby="shift">
      <h2 id="shift">A step to the side</h2>
      <div class="field">
        <label for="by">pixels to the right: {shift}</label>
        <input id="by" data-testid="shift" type="range" min={0} max={8} step={1} value={shift} onInput={(event) => setShift(event.currentTarget.valueAsNumber)} />
      </div>
      <svg class="pixels" role="img" aria-label={`A seven of ${SIDE} by ${SIDE} pixels, moved by ${shift}, and the row of inputs that it becomes`} viewBox={`0 0 ${SIDE} ${SIDE + 4}`}>
        {moved.map((on, at) => on && <rect key={at} x={at % SIDE} y={Math.floor(at / SIDE)} width={1} height={1} />)}
        {moved.map((on, at) => on && <rect key={`row-${at}`} x={(at / (SIDE * SIDE)) * SIDE} y={SIDE + 1} width={SIDE / (SIDE * SIDE)} height={3} />)}
      </svg>
      <p data-testid="kept">
        Of the {ink} inputs that the seven lights, {kept} are lit still. To a net that is fully connected the others are other inputs.{" "}
        <a href={way("train")}>Let both nets learn</a>, and shift what they see.
      </p>
    </section>
  );
}
