// The parts of a scene as elements, in reading order.

import type { JSX } from "preact";
import type { Scene } from "../scene";
import { Figure } from "./Figure";
import { Table } from "./Table";

/** What a reader does to a scene. */
export interface Handlers {
  /** Goes to a place; `moving` while something is dragged. */
  readonly onPlace?: ((t: number, settling: "settled" | "moving") => void) | undefined;
  /** Presses a cell of a grid. */
  readonly onCell?: ((panel: string, row: number, column: number) => void) | undefined;
}

interface Props extends Handlers {
  readonly scene: Scene;
  /** Kinds of parts that are not shown here. */
  readonly without?: readonly string[];
}

export function Parts({ scene, without = [], onPlace, onCell }: Props): JSX.Element {
  const parts = scene.parts.filter((part) => !without.includes(part.kind));
  return (
    <>
      {parts.map((part, number) => {
        switch (part.kind) {
          case "sentence":
            return (
              <p class="sentence" key={number} data-testid="sentence">
                {part.content}
              </p>
            );
          case "note":
            return (
              <p class="note" key={number}>
                {part.content}
              </p>
            );
          case "table":
            return <Table key={part.content.id} table={part.content} place={scene.at[0]} onPlace={onPlace} />;
          case "figure":
            return <Figure key={part.content.id} figure={part.content} place={scene.at[0]} onPlace={onPlace} onCell={onCell} />;
        }
      })}
    </>
  );
}
