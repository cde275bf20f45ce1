// A page about one scene: its fields, the place, the scene, and what is read aloud.

import type { ComponentChildren, JSX } from "preact";
import { hidden, state } from "../state";
import { Live } from "./Live";
import { Parts } from "./Parts";
import { Place, placed } from "./Place";
import { Predict, predicting } from "./Predict";
import { useScene } from "./useScene";
import { valueOf, type Scene } from "../scene";

interface Props {
  /** From one place to the next. */
  readonly step?: number;
  /** Fields above the scene. */
  readonly fields?: ComponentChildren;
  /** Kinds of parts that are not shown. */
  readonly without?: readonly string[];
  /** Whether places are slid through. */
  readonly still?: boolean;
  /** Whether a reader may predict outputs. */
  readonly predictable?: boolean;
  /** The state that is shown, where it is not the page's as it is. */
  readonly text?: string;
  /** The state whose title tells the value of a place, where it is not this one. */
  readonly valued?: string;
  /** What stands under the scene. */
  readonly after?: (scene: Scene) => ComponentChildren;
  /** What stands between the place and the scene. */
  readonly before?: (scene: Scene) => ComponentChildren;
}

export function ScenePage({ step = 1, fields, without = [], still = false, predictable = false, text, valued, before, after }: Props): JSX.Element {
  const { scene, problem } = useScene(text ?? state.value.text);
  const other = useScene(valued);
  return (
    <>
      {fields !== undefined && <Controls>{fields}</Controls>}
      <Problems all={problem === undefined ? [] : [problem]} />
      {scene !== undefined && (
        <>
          {!still && <Place scene={scene} step={step} predictable={predictable} value={valueOf(other.scene ?? scene)} />}
          {predicting.value && predictable ? (
            <Predicted scene={scene} step={step} value={valueOf(other.scene ?? scene)} />
          ) : (
            <>
              <h2 data-testid="title">{scene.title}</h2>
              {before?.(scene)}
              <Parts scene={scene} without={without} onPlace={still ? undefined : placed(scene, step)} />
              {after?.(scene)}
              <Live text={sentence(scene)} />
            </>
          )}
        </>
      )}
    </>
  );
}

/** The scene without what tells its outputs. */
function Predicted({ scene, step, value }: { readonly scene: Scene; readonly step: number; readonly value: string }): JSX.Element {
  return (
    <div class="predicting">
      <Predict place={scene.place} value={value} />
      <Parts scene={scene} without={["sentence", "note", "table"]} onPlace={placed(scene, step)} />
    </div>
  );
}

/** Fields, unless a teacher's link hides them. */
export function Controls({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return hidden("controls") ? <></> : <form class="fields" onSubmit={(event) => event.preventDefault()}>{children}</form>;
}

/** What was wrong with what was asked for; what is shown is the last that was right. */
export function Problems({ all }: { readonly all: readonly string[] }): JSX.Element {
  return (
    <div role="alert" class="told">
      {all.length > 0 && (
        <ul class="problems">
          {all.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The sentence of a scene, as it is read aloud. */
export function sentence(scene: Scene): string {
  const first = scene.parts.find((part) => part.kind === "sentence");
  return first?.kind === "sentence" ? first.content : scene.title;
}
