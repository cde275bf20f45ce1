// Lines over steps: what a course was like. Figures stand in a table beside it.

import type { JSX } from "preact";
import { width } from "./width";

export interface Line {
  readonly name: string;
  /** Its class in the style sheet, which tells lines apart by colour and dashes. */
  readonly kind: string;
  readonly points: readonly (readonly [number, number])[];
}

interface Props {
  readonly name: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly across: string;
  readonly upwards: string;
  /** The last place across, and the largest value. */
  readonly reach: readonly [number, number];
  /** What is written beside the lines, from 0 on. */
  readonly ticks: readonly number[];
  readonly told: (value: number) => string;
  /** Whether each point has a dot. */
  readonly dots?: boolean;
  /** A place across that is marked. */
  readonly at?: number | undefined;
}

const HEIGHT = 220;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 12, 12, 44];

export function Chart({ name, label, lines, across, upwards, reach, ticks, told, dots = false, at }: Props): JSX.Element {
  const wide = Math.max(260, width.value);
  const [last, most] = reach;
  const x = (place: number): number => LEFT + (place / Math.max(1, last)) * (wide - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (Math.min(value, most) / most) * (HEIGHT - TOP - BOTTOM);
  const every = round(last / 8);
  const steps = Array.from({ length: Math.floor(last / every) + 1 }, (_, k) => k * every);
  return (
    <div class="figure">
      <svg class="chart" data-testid={name} role="img" aria-label={label} width={wide} height={HEIGHT} viewBox={`0 0 ${wide} ${HEIGHT}`}>
        {ticks.map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={wide - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">{told(value)}</text>
          </g>
        ))}
        {steps.map((step) => (
          <text key={step} x={x(step)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">{step}</text>
        ))}
        <text x={wide - RIGHT} y={HEIGHT - 6} text-anchor="end">{across}</text>
        <text x={LEFT} y={HEIGHT - 6}>{upwards}</text>
        {at !== undefined && <line class="marker" x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} />}
        {lines.map(({ name: line, kind, points }) => (
          <g key={line} class={`line ${kind}`} data-line={kind} data-points={points.map(([place, value]) => `${place}:${value}`).join(" ")}>
            <polyline points={points.map(([place, value]) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(" ")} />
            {dots && points.map(([place, value]) => <circle key={place} cx={x(place)} cy={y(value)} r={3.5} />)}
          </g>
        ))}
      </svg>
      <p class="note legend">
        {lines.map(({ name: line, kind }) => (
          <span key={kind}>
            <svg width="32" height="12" aria-hidden="true"><g class={`line ${kind}`}><polyline points="0,6 32,6" /></g></svg> {line}{" "}
          </span>
        ))}
      </p>
    </div>
  );
}

/** The least of 1, 2, 5, 10, 20 and so on that is no smaller. */
function round(least: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((times) => times * ten).find((step) => step >= least) ?? ten;
}
