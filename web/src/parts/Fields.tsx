// Fields of the state: what is typed is checked by the engine's table, and stays where it is wrong, with the reason beside it.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { letters, set, state } from "../state";

interface Common {
  /** The property. */
  readonly name: string;
  readonly label: string;
}

/** A line of text: numbers or a formula. */
export function TextField({ name, label, hint }: Common & { readonly hint?: string }): JSX.Element {
  const id = useId();
  const value = state.value.values[name] ?? "";
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  // What is typed here stays as it was typed; a value that comes from elsewhere takes its place.
  const own = useRef(value);
  useEffect(() => {
    if (value !== own.current) {
      own.current = value;
      setTyped(value);
      setProblem(undefined);
    }
  }, [value]);
  const take = (text: string): void => {
    setTyped(text);
    setProblem(set(name, text));
    own.current = state.value.values[name] ?? "";
  };
  return (
    <div class="field wide">
      <label for={id}>{label}</label>
      <input
        id={id}
        data-testid={`field-${name}`}
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        onInput={(event) => take(event.currentTarget.value)}
        onPaste={(event) => {
          // A line of text drops the line ends of a column, and with them what sets its numbers apart.
          const text = event.clipboardData?.getData("text/plain") ?? "";
          if (/[\r\n\t]/.test(text.trim())) {
            event.preventDefault();
            take(text.trim().split(/[\s]+/).join(","));
          }
        }}
      />
      <span id={`${id}-hint`} role="status" class={problem === undefined ? "hint" : "hint problem"} data-testid={`problem-${name}`}>
        {problem ?? hint ?? ""}
      </span>
    </div>
  );
}

/** One of some words. */
export function Choice({ name, label, words }: Common & { readonly words: readonly (readonly [string, string])[] }): JSX.Element {
  const id = useId();
  const value = state.value.values[name] ?? "";
  const known = words.some(([word]) => word === value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} data-testid={`field-${name}`} value={value} onChange={(event) => set(name, event.currentTarget.value)}>
        {words.map(([word, told]) => (
          <option key={word} value={word}>
            {told}
          </option>
        ))}
        {!known && <option value={value}>{value}</option>}
      </select>
    </div>
  );
}

/** A whole number. */
export function Count({ name, label, most }: Common & { readonly most: number }): JSX.Element {
  const id = useId();
  const [problem, setProblem] = useState<string | undefined>(undefined);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        data-testid={`field-${name}`}
        type="number"
        min={1}
        max={most}
        value={state.value.values[name] ?? "1"}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setProblem(set(name, event.currentTarget.value))}
      />
      <span id={`${id}-hint`} role="status" class={problem === undefined ? "unseen" : "hint problem"} data-testid={`problem-${name}`}>
        {problem ?? ""}
      </span>
    </div>
  );
}

/** What is turned round. */
export function FlipChoice(): JSX.Element {
  const [f, g] = letters.value;
  return <Choice name="flip" label="flip" words={[["g", g], ["f", `${f} instead of ${g}`], ["none", "none: correlation"]]} />;
}

/** How much of the result, what lies beyond the ends, and what is turned round. */
export function Conditions({ mode = "mode", boundary = "boundary" }: { readonly mode?: string; readonly boundary?: string }): JSX.Element {
  return (
    <>
      <Choice name="mode" label={mode} words={MODES} />
      <Choice name="boundary" label={boundary} words={BOUNDARIES} />
      <FlipChoice />
    </>
  );
}

export const MODES = [["full", "full"], ["same", "same"], ["valid", "valid"]] as const;

export const BOUNDARIES = [
  ["constant:0", "zeros"],
  ["nearest", "nearest"],
  ["wrap", "wrap"],
  ["mirror", "mirror"],
  ["reflect", "reflect"],
] as const;

/** How maps become smaller. */
export const POOLINGS = [
  ["whole", "2 × 2, then whole maps"],
  ["max", "2 × 2, twice"],
  ["stride", "steps of 2 instead"],
] as const;
