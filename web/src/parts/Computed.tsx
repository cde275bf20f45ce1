// Explained equals computed: the value of the place by every algorithm of the engine, asked for when the page has time.

import { useEffect, useState } from "preact/hooks";
import type { JSX } from "preact";
import { engine, message } from "../engine";
import { placeless, state } from "../state";

interface Result {
  readonly algorithm: string;
  readonly values: readonly (number | null)[];
}

/** All results of a state, once there are any, and why there are none. */
function useResults(text: string): { readonly results: readonly Result[]; readonly problem: string } {
  const [found, setFound] = useState<{ readonly results: readonly Result[]; readonly problem: string }>({ results: [], problem: "" });
  // Results are those of all places.
  const key = placeless(text);
  useEffect(() => {
    let wanted = true;
    engine()
      .then(({ compute }) => ({ results: JSON.parse(compute(text)) as readonly Result[], problem: "" }))
      .catch((thrown: unknown) => ({ results: [], problem: message(thrown) }))
      .then((next) => wanted && setFound(next));
    return () => {
      wanted = false;
    };
  }, [key]);
  return found;
}

/** The outputs of a state, by the first algorithm that takes it. */
export function useOutputs(text: string): readonly string[] {
  return useResults(text).results[0]?.values.map(told) ?? [];
}

function told(value: number | null): string {
  return value === null ? "not finite" : String(Number(value.toPrecision(12)));
}

export function Computed({ at }: { readonly at: number | undefined }): JSX.Element {
  const { results, problem } = useResults(state.value.text);
  const all = results.flatMap(({ algorithm, values }) => {
    const value = at === undefined ? undefined : values[at];
    return value === undefined ? [] : [`${algorithm} ${told(value)}`];
  });
  return (
    <p class="note" data-testid="computed">
      {problem !== "" ? problem : all.length > 0 ? `The engine computes: ${all.join(", ")}.` : ""}
    </p>
  );
}
