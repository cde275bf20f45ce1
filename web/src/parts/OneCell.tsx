// One number of a net opened: every product of its sum, by the engine's trace, beside what the net computed.

import { useState } from "preact/hooks";
import type { JSX } from "preact";
import { largest, Heat } from "./Heat";
import { Live } from "./Live";
import { settle } from "../state";
import { layerName, type At } from "../pages/cnn";
import type { Cell, Layer, Term } from "../worker/nets";

interface Known {
  readonly cell: Cell;
  readonly at: At;
  readonly layers: readonly Layer[];
}

interface Props extends Known {
  /** The cell that was asked for last, which may not be known yet. */
  readonly asked: At;
  readonly onPlace: (at: At, settling?: "settled" | "moving") => void;
}

export function OneCell({ cell, at, asked, layers, onPlace }: Props): JSX.Element {
  return (
    <section aria-labelledby="cell">
      <h2 id="cell">What one cell was made of</h2>
      <Places at={asked} layers={layers} onPlace={onPlace} />
      {cell.made.kind === "sum" && <Sum made={cell.made} layer={at[0]} />}
      {cell.made.kind === "largest" && (
        <div class="scroll" role="region" aria-label="the window" tabIndex={0}>
          <table>
            <caption>The window: rows {cell.made.from[1]} on, columns {cell.made.from[2]} on, of map {cell.made.from[0]}</caption>
            <tbody>
              {cell.made.of.map((row, number) => (
                <tr key={number}>{row.map((value, column) => <td key={column} class={value === cell.value ? "marked right" : "right"}>{short(value)}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The cell in a sentence, which stays in sight while maps are looked at. */
export function Told({ cell, at, layers }: Known): JSX.Element {
  const layer = layers[at[0]];
  const place = layer?.map === true ? `Map ${at[1]}, row ${at[2]}, column ${at[3]}` : `Number ${at[1]}`;
  const told = `${place} of ${layerName(layer, at[0])}: ${sentence(cell)}`;
  return (
    <>
      <p class="sentence stuck" data-testid="cell" data-value={cell.value} data-sum={cell.made.kind === "sum" ? cell.made.sum : undefined}>
        {told}
      </p>
      <Live text={told} />
    </>
  );
}

function sentence(cell: Cell): string {
  const { made, value } = cell;
  switch (made.kind) {
    case "sum":
      return `${made.terms.length} products and the bias ${short(made.bias)} add up to ${short(made.sum)}. The net computed ${short(value)}.`;
    case "largest":
      return `${short(value)} is the largest of the window.`;
    case "positive":
      return made.of > 0 ? `${short(made.of)} is above zero, and stays.` : `${short(made.of)} is not above zero, and becomes 0.`;
    case "same":
      return `${short(value)}, as it came.`;
  }
}

/** Which cell, by keys. */
function Places({ at, layers, onPlace }: Pick<Props, "at" | "layers" | "onPlace">): JSX.Element {
  const { channels, height, width } = layers[at[0]] ?? { channels: 1, height: 1, width: 1 };
  const sliders = [["map", channels], ["row", height], ["column", width]] as const;
  return (
    <div class="fields">
      <div class="field">
        <label for="at-layer">layer</label>
        <select
          id="at-layer" data-testid="at-layer" value={String(at[0])}
          onChange={(event) => {
            const layer = Number(event.currentTarget.value);
            const to = layers[layer];
            onPlace([layer, 0, Math.floor((to?.height ?? 0) / 2), Math.floor((to?.width ?? 0) / 2)]);
          }}
        >
          {layers.map((layer, number) => <option key={number} value={String(number)}>{layerName(layer, number)}</option>)}
        </select>
      </div>
      {sliders.map(([name, count], axis) => (
        <div class="field" key={name}>
          <label for={`at-${name}`}>
            {name} {at[axis + 1]}
          </label>
          <input
            id={`at-${name}`} data-testid={`at-${name}`} type="range" min={0} max={count - 1} value={at[axis + 1] ?? 0} disabled={count === 1}
            onInput={(event) => {
              const to = event.currentTarget.valueAsNumber;
              const [layer, map, row, column] = at;
              onPlace(axis === 0 ? [layer, to, row, column] : axis === 1 ? [layer, map, to, column] : [layer, map, row, to], "moving");
            }}
            onChange={() => settle("t")}
          />
        </div>
      ))}
    </div>
  );
}

type Made = Extract<Cell["made"], { readonly kind: "sum" }>;

/** The sums of all input channels, and the products of one. */
function Sum({ made, layer }: { readonly made: Made; readonly layer: number }): JSX.Element {
  const [chosen, choose] = useState(0);
  const { channels } = made;
  if (made.terms.length === channels.length) {
    return <Largest terms={made.terms} />;
  }
  const shown = Math.min(chosen, channels.length - 1);
  const each = made.terms.length / channels.length;
  const termsOf = (channel: number): readonly Term[] => made.terms.slice(channel * each, (channel + 1) * each);
  const [samples, weights] = [largest(made.terms.map((term) => term[3])), largest(made.terms.map((term) => term[4]))];
  return (
    <>
      {channels.length > 1 && (
        <div class="channels" role="group" aria-label="sums by input map">
          {channels.map((sum, channel) => (
            <button key={channel} type="button" aria-pressed={channel === shown} onClick={() => choose(channel)}>
              <Window terms={termsOf(channel)} which={3} most={samples} label={`input map ${channel}, window`} />
              <Window terms={termsOf(channel)} which={4} most={weights} label="its weights" />
              <span>
                map {channel}: {short(sum)}
              </span>
            </button>
          ))}
        </div>
      )}
      <Products terms={termsOf(shown)} caption={layer === 0 ? "The picture under the kernel, its numbers less their mean, in deviations" : `Map ${shown} of the layer before under its kernel`} />
    </>
  );
}

/** Samples or weights of a window, as colours. */
function Window({ terms, which, most, label }: { readonly terms: readonly Term[]; readonly which: 3 | 4; readonly most: number; readonly label: string }): JSX.Element {
  const width = new Set(terms.map((term) => term[2])).size;
  return <Heat values={terms.map((term) => term[which])} width={width} height={terms.length / width} most={most} label={label} />;
}

/** Each sample of a window, its weight, and their product. */
function Products({ terms, caption }: { readonly terms: readonly Term[]; readonly caption: string }): JSX.Element {
  const rows = [...new Set(terms.map((term) => term[1]))];
  const columns = [...new Set(terms.map((term) => term[2]))];
  return (
    <div class="scroll" role="region" aria-labelledby="products" tabIndex={0}>
      <table class="products" data-testid="products">
        <caption id="products">{caption}: value × weight = product. The kernel is not flipped.</caption>
        <thead>
          <tr>
            <th scope="col">row</th>
            {columns.map((column) => <th scope="col" key={column} class="right">column {column}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {terms.filter((term) => term[1] === row).map((term) => (
                <td key={term[2]} class="right">
                  {short(term[3])} × {short(term[4])}
                  <br />= <strong>{short(term[5])}</strong>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** So many products of a long sum are listed. */
const LISTED = 10;

/** The products of a fully connected layer that weigh most. */
function Largest({ terms }: { readonly terms: readonly Term[] }): JSX.Element {
  const sorted = [...terms].sort((a, b) => Math.abs(b[5]) - Math.abs(a[5]));
  return (
    <div class="scroll" role="region" aria-labelledby="products" tabIndex={0}>
      <table data-testid="products">
        <caption id="products">The {Math.min(LISTED, terms.length)} largest of {terms.length} products</caption>
        <thead>
          <tr>
            <th scope="col">input</th>
            <th scope="col" class="right">value</th>
            <th scope="col" class="right">weight</th>
            <th scope="col" class="right">product</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, LISTED).map((term) => (
            <tr key={term[0]}>
              <th scope="row">{term[0]}</th>
              {[term[3], term[4], term[5]].map((value, column) => <td key={column} class="right">{short(value)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number with three digits behind the point, and a true minus. */
function short(value: number): string {
  const text = value.toFixed(3);
  return (Number(text) === 0 ? "0.000" : text).replace("-", "−");
}
