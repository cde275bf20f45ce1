// What the engine tells of a state: the shapes of its JSON.

/** A state: how it is written, its page, a value for every property, and what was wrong with what was asked. */
export interface State {
  readonly text: string;
  readonly page: string;
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/** A scene at one place. */
export interface Scene {
  readonly title: string;
  readonly place: string;
  readonly description: string;
  readonly at: readonly number[];
  readonly reach: readonly [number, number];
  /** Why this is not the place that was asked for. */
  readonly problem: string | null;
  readonly parts: readonly Part[];
}

/** A piece of a scene, in reading order. */
export type Part =
  | { readonly kind: "sentence" | "note"; readonly content: string }
  | { readonly kind: "table"; readonly content: Table }
  | { readonly kind: "figure"; readonly content: Figure };

export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly { readonly heading: string; readonly align: "left" | "right" }[];
  readonly rows: readonly Row[];
  readonly marked: number | null;
}

export interface Row {
  readonly kind: "body" | "total";
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly text: string;
  readonly value: number | null;
  readonly term: string | null;
  readonly emphasis: "plain" | "marked" | "faint";
}

/** A figure with its drawing. */
export interface Figure {
  readonly id: string;
  readonly description: string;
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** A panel: what its axes measure, and where they stand in the drawing. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly across: readonly [number, number];
  readonly down: readonly [number, number];
}

/** The value that a scene's title tells: what stands behind its last sign of equality. */
export function valueOf(scene: Scene): string {
  return /.*[=≈]\s*(.*)$/.exec(scene.title)?.[1] ?? "";
}
